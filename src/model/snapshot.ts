import type { StringTable } from '../base/string-table.ts'
import type { Bytes, Micros, Pid } from '../base/units.ts'

/** How much a snapshot tells: `rollup` knows sums only, `maps` and plain `pmap` know ranges but no Rss. */
export type SnapshotDetail = 'smaps' | 'maps' | 'pmap' | 'rollup'

/** Bits of `MappingTable.permissions`, from the `rwxp` column of proc(5). */
export const READ = 1
export const WRITE = 2
export const EXECUTE = 4
export const SHARED = 8

/** Where the mappings of one snapshot lie and what they are, in columns in the order of the file; `[start, end)` is half-open. */
export interface RangeTable {
  readonly length: number
  readonly start: Float64Array
  readonly end: Float64Array
  readonly permissions: Uint8Array
  /** Id into `strings`: the name as printed. */
  readonly name: Uint32Array
  /** Index into KINDS (model/mapping-kind.ts). */
  readonly kind: Uint8Array
  readonly strings: StringTable
}

/**
 * All that the text tells of the mappings. Sizes are bytes (smaps prints kB). A field the file does not carry has no
 * column; a mapping that lacks it has NaN there: unknown, not zero.
 */
export interface MappingTable extends RangeTable {
  /** Index into BASES: how sure the kind is. */
  readonly basis: Uint8Array
  readonly offset: Float64Array
  readonly inode: Float64Array
  /** Ids into `strings`: device `MAJ:MIN`, the VmFlags text. */
  readonly device: Uint32Array
  readonly vmFlags: Uint32Array
  /** Line of the header in the file, from 1. */
  readonly line: Uint32Array
  /** Bytes by field name. */
  readonly fields: ReadonlyMap<string, Float64Array>
}

export interface Snapshot {
  readonly file: string
  /** `null` when neither name nor content tells (an empty `smaps__<stamp>`). */
  readonly pid: Pid | null
  /** Start of the stamp, host's wall clock; `null` without a stamp. */
  readonly time: Micros | null
  readonly timeWidth: Micros
  readonly detail: SnapshotDetail
  readonly program: string | null
  readonly mappings: RangeTable
  /** Base page size in bytes (from KernelPageSize, else 4096 assumed). */
  readonly pageSize: Bytes
  /** The file ends inside a block or a line: its sums are lower bounds and no trend uses it. */
  readonly truncated: boolean
  /** The file holds no mapping at all: the process was not there (or not readable). */
  readonly empty: boolean
  readonly lines: number
}

/** A snapshot with all that its text tells. */
export interface ReadSnapshot extends Snapshot {
  readonly mappings: MappingTable
}
