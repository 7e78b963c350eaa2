/** Snapshots made by hand: as few words a mapping as a test needs. */
import { StringTable } from '../../src/base/string-table.ts'
import { bytes, type Micros, micros, pid as pidOf, SECOND } from '../../src/base/units.ts'
import { BASES, type KindBasis, kindIndex, type MappingKind } from '../../src/model/mapping-kind.ts'
import { EXECUTE, READ, type ReadSnapshot, SHARED, WRITE } from '../../src/model/snapshot.ts'

export interface MappingSketch {
  readonly start: number
  readonly size: number
  /** Without it the snapshot has no Rss at all. */
  readonly rss?: number
  readonly name?: string
  /** As the kernel prints them; `rw-p` unless given. */
  readonly permissions?: string
  readonly kind?: MappingKind
  readonly basis?: KindBasis
  readonly inode?: number
}

export interface SnapshotSketch {
  readonly file?: string
  readonly pid?: number | null
  readonly time?: number | null
  readonly truncated?: boolean
  readonly detail?: ReadSnapshot['detail']
}

/** 2026-11-22T19:40:00 on the captured host. */
export const NOON: Micros = micros(Date.UTC(2026, 10, 22, 19, 40) * 1000)

const bits = (text: string): number =>
  (text[0] === 'r' ? READ : 0) |
  (text[1] === 'w' ? WRITE : 0) |
  (text[2] === 'x' ? EXECUTE : 0) |
  (text[3] === 's' ? SHARED : 0)

/** A snapshot of the given mappings, in the given order. */
export function aSnapshot(mappings: readonly MappingSketch[], sketch: SnapshotSketch = {}): ReadSnapshot {
  const strings = new StringTable()
  const column = (pick: (mapping: MappingSketch) => number) => Float64Array.from(mappings, pick)
  const ids = (pick: (mapping: MappingSketch) => string) =>
    Uint32Array.from(mappings, (m) => strings.intern(pick(m)))
  const fields = new Map<string, Float64Array>([['Size', column((m) => m.size)]])
  if (mappings.some((m) => m.rss !== undefined)) {
    fields.set(
      'Rss',
      column((m) => m.rss ?? Number.NaN),
    )
    fields.set(
      'Pss',
      column((m) => m.rss ?? Number.NaN),
    )
    fields.set(
      'Private_Clean',
      column(() => 0),
    )
    fields.set(
      'Private_Dirty',
      column((m) => m.rss ?? Number.NaN),
    )
  }
  const time = sketch.time === undefined ? NOON : sketch.time
  return {
    file: sketch.file ?? `smaps_${sketch.pid ?? 1}_${time ?? 'x'}`,
    pid: sketch.pid === null ? null : pidOf(sketch.pid ?? 1),
    time: time === null ? null : micros(time),
    timeWidth: micros(SECOND),
    detail: sketch.detail ?? 'smaps',
    program: null,
    mappings: {
      length: mappings.length,
      start: column((m) => m.start),
      end: column((m) => m.start + m.size),
      permissions: Uint8Array.from(mappings, (m) => bits(m.permissions ?? 'rw-p')),
      offset: column(() => 0),
      inode: column((m) => m.inode ?? 0),
      device: ids(() => '00:00'),
      name: ids((m) => m.name ?? ''),
      vmFlags: ids(() => ''),
      kind: Uint8Array.from(mappings, (m) =>
        kindIndex(m.kind ?? (m.name === '[heap]' ? 'main-heap' : 'anonymous')),
      ),
      basis: Uint8Array.from(mappings, (m) => BASES.indexOf(m.basis ?? 'name')),
      line: Uint32Array.from(mappings, (_, at) => at * 20 + 1),
      fields,
      strings,
    },
    pageSize: bytes(4096),
    truncated: sketch.truncated ?? false,
    empty: mappings.length === 0,
    lines: mappings.length * 20,
  }
}
