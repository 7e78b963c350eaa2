import { StringTable } from '../base/string-table.ts'
import type { Micros } from '../base/units.ts'
import type { MappingTable, ReadSnapshot } from '../model/snapshot.ts'

/**
 * What following the mappings needs of one snapshot, in columns of its own, ascending by address: the snapshot itself
 * can then be let go. Columns may be longer than `length`. `key` names what must be equal for two mappings to be one: permissions, name and, for System V
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
  readonly basis: Uint8Array
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

/** Room for a few more mappings than there are, so that the next snapshots fit too. */
const SPARE_ROWS = 1 / 8

type Columns = Omit<Layout, 'file' | 'time' | 'length'>

function columnsFor(length: number): Columns {
  const room = Math.ceil(length * (1 + SPARE_ROWS))
  return {
    start: new Float64Array(room),
    end: new Float64Array(room),
    key: new Uint32Array(room),
    permissions: new Uint8Array(room),
    kind: new Uint8Array(room),
    basis: new Uint8Array(room),
    name: new Uint32Array(room),
    rss: new Float64Array(room),
    line: new Uint32Array(room),
    lineage: new Int32Array(room),
  }
}

/**
 * Copies the columns, sorted by address (a kernel writes them so; pasted files may not be), into those of `spare`, a
 * layout that nobody needs any more, where they have room.
 */
export function layoutOf(
  snapshot: ReadSnapshot,
  time: Micros,
  names: Names,
  spare: Layout | null = null,
): Layout {
  const table = snapshot.mappings
  const { length } = table
  const columns = spare && spare.start.length >= length ? spare : columnsFor(length)
  const { start, end, key, permissions, kind, basis, name, rss, line, lineage } = columns
  const order = addressOrder(table)
  const values = table.fields.get('Rss')
  if (order) {
    for (let at = 0; at < length; at++) {
      const row = order[at]!
      start[at] = table.start[row]!
      end[at] = table.end[row]!
      permissions[at] = table.permissions[row]!
      kind[at] = table.kind[row]!
      basis[at] = table.basis[row]!
      rss[at] = values ? values[row]! : Number.NaN
      line[at] = table.line[row]!
    }
  } else {
    start.set(table.start)
    end.set(table.end)
    permissions.set(table.permissions)
    kind.set(table.kind)
    basis.set(table.basis)
    line.set(table.line)
    if (values) rss.set(values)
    else rss.fill(Number.NaN, 0, length)
  }
  const { name: source, inode, strings } = table
  // Most neighbours are alike.
  let last = { source: -1, inode: -1, permissions: -1, name: 0, key: 0 }
  for (let at = 0; at < length; at++) {
    const row = order ? order[at]! : at
    if (source[row] !== last.source || inode[row] !== last.inode || permissions[at] !== last.permissions) {
      const id = names.of(strings, source[row]!)
      last = {
        source: source[row]!,
        inode: inode[row]!,
        permissions: permissions[at]!,
        name: id,
        key: names.key(id, permissions[at]!, inode[row]!),
      }
    }
    name[at] = last.name
    key[at] = last.key
  }
  lineage.fill(-1, 0, length)
  return {
    file: snapshot.file,
    time,
    length,
    start,
    end,
    key,
    permissions,
    kind,
    basis,
    name,
    rss,
    line,
    lineage,
  }
}

/** Row numbers by ascending address, or `null` when they already are. */
export function addressOrder(table: MappingTable): Uint32Array | null {
  const { start, length } = table
  let at = 1
  while (at < length && start[at]! >= start[at - 1]!) at++
  if (at >= length) return null
  return Uint32Array.from({ length }, (_, row) => row).sort((a, b) => start[a]! - start[b]! || a - b)
}

/**
 * The header line of the largest range of each of these lineages in a layout, where it has any; `root` tells the lineage
 * a row's number belongs to by now.
 */
export function headerLines(
  { start, end, line, lineage, length }: Layout,
  ids: readonly number[],
  root: (id: number) => number,
): Map<number, number> {
  const largest = new Map(ids.map((id) => [id, -1]))
  const sizeOf = (row: number) => end[row]! - start[row]!
  for (let row = 0; row < length; row++) {
    const id = root(lineage[row]!)
    const known = largest.get(id)
    if (known === undefined) continue
    if (known < 0 || sizeOf(row) > sizeOf(known)) largest.set(id, row)
  }
  return new Map([...largest].filter(([, row]) => row >= 0).map(([id, row]) => [id, line[row]!]))
}
