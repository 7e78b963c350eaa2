import { StringTable } from '../base/string-table.ts'
import type { Micros } from '../base/units.ts'
import type { MappingTable, ReadSnapshot } from '../model/snapshot.ts'

/**
 * What following the mappings needs of one snapshot, in columns of its own, ascending by address: the snapshot itself
 * can then be let go. `key` names what must be equal for two mappings to be one: permissions, name and, for System V
 * segments, which share their names, the segment.
 */
export interface Layout {
  readonly file: string
  readonly time: Micros
  readonly length: number
  readonly start: Float64Array
  readonly end: Float64Array
  readonly key: Uint32Array
  readonly permissions: Uint8Array
  readonly kind: Uint8Array
  /** Id into `Names.strings`: the name as printed. */
  readonly name: Uint32Array
  /** NaN where unknown. */
  readonly rss: Float64Array
  readonly line: Uint32Array
  /** Lineage of each row, filled in by the tracker. */
  readonly lineage: Int32Array
}

const DELETED = ' (deleted)'

/** Names and keys of all layouts of one timeline: a snapshot's own table is not kept. */
export class Names {
  readonly strings = new StringTable()
  readonly #keys = new StringTable()
  /** Keys by name and permissions, for all names but those of System V segments. */
  readonly #keyOf: (number | undefined)[] = []
  /** Ids of a snapshot's string table translated to ours, kept while snapshots share the table. */
  #source: StringTable | null = null
  #translated: number[] = []

  of(source: StringTable, id: number): number {
    if (this.#source !== source) {
      this.#source = source
      this.#translated = []
    }
    const known = this.#translated[id]
    if (known !== undefined) return known
    const ours = this.strings.intern(source.get(id))
    this.#translated[id] = ours
    return ours
  }

  /** A file that is unlinked while mapped stays the same mapping: the kernel's suffix is not part of the key. */
  key(name: number, permissions: number, inode: number): number {
    const cell = name * 16 + permissions
    const known = this.#keyOf[cell]
    if (known !== undefined) return known
    const text = this.strings.get(name)
    const bare = text.endsWith(DELETED) ? text.slice(0, -DELETED.length) : text
    if (bare.startsWith('/SYSV')) return this.#keys.intern(`${permissions} ${bare} ${inode}`)
    const key = this.#keys.intern(`${permissions} ${bare}`)
    this.#keyOf[cell] = key
    return key
  }
}

/** Copies the columns, sorted by address (a kernel writes them so; pasted files may not be). */
export function layoutOf(snapshot: ReadSnapshot, time: Micros, names: Names): Layout {
  const table = snapshot.mappings
  const order = addressOrder(table)
  const length = table.length
  const rss = table.fields.get('Rss')
  const layout: Layout = {
    file: snapshot.file,
    time,
    length,
    start: new Float64Array(length),
    end: new Float64Array(length),
    key: new Uint32Array(length),
    permissions: new Uint8Array(length),
    kind: new Uint8Array(length),
    name: new Uint32Array(length),
    rss: new Float64Array(length),
    line: new Uint32Array(length),
    lineage: new Int32Array(length).fill(-1),
  }
  for (let at = 0; at < length; at++) {
    const row = order ? order[at]! : at
    const permissions = table.permissions[row]!
    const name = names.of(table.strings, table.name[row]!)
    layout.start[at] = table.start[row]!
    layout.end[at] = table.end[row]!
    layout.permissions[at] = permissions
    layout.kind[at] = table.kind[row]!
    layout.name[at] = name
    layout.key[at] = names.key(name, permissions, table.inode[row]!)
    layout.rss[at] = rss ? rss[row]! : Number.NaN
    layout.line[at] = table.line[row]!
  }
  return layout
}

/** Row numbers by ascending address, or `null` when they already are. */
export function addressOrder(table: MappingTable): Uint32Array | null {
  const { start, length } = table
  let at = 1
  while (at < length && start[at]! >= start[at - 1]!) at++
  if (at >= length) return null
  return Uint32Array.from({ length }, (_, row) => row).sort((a, b) => start[a]! - start[b]! || a - b)
}
