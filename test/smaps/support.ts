import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { StringTable } from '../../src/base/string-table.ts'
import { type Diagnostic, Diagnostics } from '../../src/model/diagnostics.ts'
import type { EvidenceFile, EvidenceFormat, NameHints } from '../../src/model/evidence.ts'
import { kindOf, type MappingKind } from '../../src/model/mapping-kind.ts'
import type { MappingTable, ReadSnapshot } from '../../src/model/snapshot.ts'
import type { ColumnPool } from '../../src/smaps/column-pool.ts'
import type { ReadCounts } from '../../src/smaps/read-counts.ts'
import { scanSnapshots } from '../../src/smaps/read-snapshots.ts'

/** Reference material that lies beside the project; tests that need it are skipped where it is not there. */
export const SHARED = resolve(import.meta.dirname, '../../../shared')
export const hasShared = existsSync(SHARED)

const NO_HINTS: NameHints = { pid: null, tid: null, group: null, stamp: null, stampWidth: null }

export interface ReadOptions {
  readonly format?: EvidenceFormat
  readonly path?: string
  readonly hints?: NameHints
  /** Bytes a chunk; all at once by default. */
  readonly chunk?: number
  readonly lineByLine?: boolean
  readonly pool?: ColumnPool
}

export interface ReadResult {
  readonly snapshots: readonly ReadSnapshot[]
  readonly counts: ReadCounts
  readonly diagnostics: readonly Diagnostic[]
  readonly codes: readonly string[]
}

/** An evidence file made of bytes in memory. */
export function memoryFile(content: Uint8Array, options: ReadOptions = {}): EvidenceFile {
  return {
    path: options.path ?? 'smaps',
    bytes: content.length,
    format: options.format ?? 'smaps',
    side: null,
    why: '',
    hints: options.hints ?? NO_HINTS,
    diskPath: null,
    async *read() {
      const size = options.chunk ?? Math.max(1, content.length)
      // A copy that is wiped afterwards, as a reader does that uses its buffer again.
      for (let at = 0; at < content.length; at += size) {
        const chunk = new Uint8Array(content.subarray(at, at + size))
        yield chunk
        chunk.fill(63)
      }
    },
  }
}

/** Reads text or bytes as one file of snapshots. */
export async function read(content: string | Uint8Array, options: ReadOptions = {}): Promise<ReadResult> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const diagnostics = new Diagnostics()
  const file = memoryFile(bytes, options)
  const { snapshots, counts } = await scanSnapshots(file, new StringTable(), diagnostics, options)
  const list = diagnostics.list()
  return { snapshots, counts: counts!, diagnostics: list, codes: list.map((entry) => entry.code).sort() }
}

/** The only snapshot of a text. */
export async function readOne(
  content: string | Uint8Array,
  options: ReadOptions = {},
): Promise<ReadSnapshot> {
  const { snapshots } = await read(content, options)
  if (snapshots.length !== 1) throw new Error(`${snapshots.length} snapshots`)
  return snapshots[0]!
}

export const nameOf = (table: MappingTable, row: number): string => table.strings.get(table.name[row]!)
export const flagsOf = (table: MappingTable, row: number): string => table.strings.get(table.vmFlags[row]!)
export const kindAt = (table: MappingTable, row: number): MappingKind => kindOf(table.kind[row]!)
export const kindsOf = (table: MappingTable): MappingKind[] => Array.from(table.kind, kindOf)

/** Sum of a field in KiB over rows that have it. */
export function sumKib(table: MappingTable, field: string): number {
  let sum = 0
  for (const value of table.fields.get(field) ?? []) if (!Number.isNaN(value)) sum += value
  return sum / 1024
}

/** A table as plain data, so that two can be compared whatever their string tables. */
export function plain(snapshot: ReadSnapshot): unknown {
  const { mappings, ...rest } = snapshot
  const rows = Array.from({ length: mappings.length }, (_, row) => ({
    start: mappings.start[row],
    end: mappings.end[row],
    permissions: mappings.permissions[row],
    offset: mappings.offset[row],
    inode: mappings.inode[row],
    device: mappings.strings.get(mappings.device[row]!),
    name: nameOf(mappings, row),
    vmFlags: flagsOf(mappings, row),
    kind: kindAt(mappings, row),
    line: mappings.line[row],
    fields: Object.fromEntries([...mappings.fields].map(([name, values]) => [name, values[row]])),
  }))
  return { ...rest, fieldNames: [...mappings.fields.keys()], rows }
}

export const readShared = (path: string): Uint8Array => readFileSync(resolve(SHARED, path))
