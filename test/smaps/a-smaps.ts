/** Text of smaps, piece by piece, for tests that name the piece they are about. */

export interface BlockText {
  readonly start: number
  readonly end: number
  readonly permissions?: string
  readonly offset?: number
  readonly device?: string
  readonly inode?: number
  readonly name?: string
  /** KiB by field, printed over the defaults. */
  readonly fields?: Readonly<Record<string, number>>
  readonly flags?: string | null
}

const FIELDS = ['Size', 'KernelPageSize', 'Rss', 'Pss', 'Private_Clean', 'Private_Dirty', 'Anonymous', 'Swap']

export function headerText(block: BlockText): string {
  const hex = (value: number): string => value.toString(16).padStart(8, '0')
  const left = `${hex(block.start)}-${hex(block.end)} ${block.permissions ?? 'rw-p'} ${hex(block.offset ?? 0)} ${block.device ?? '00:00'} ${block.inode ?? 0} `
  return block.name ? `${left.padEnd(73)}${block.name}` : left
}

export const fieldText = (name: string, kib: number): string =>
  `${`${name}:`.padEnd(16)}${String(kib).padStart(8)} kB`

export function blockText(block: BlockText): string {
  const values: Record<string, number> = {
    ...Object.fromEntries(FIELDS.map((name) => [name, 0])),
    Size: (block.end - block.start) / 1024,
    KernelPageSize: 4,
    ...block.fields,
  }
  const lines = Object.entries(values).map(([name, kib]) => fieldText(name, kib))
  const flags = block.flags === undefined ? 'rd wr mr mw me ac' : block.flags
  return [headerText(block), ...lines, ...(flags === null ? [] : [`VmFlags: ${flags} `]), ''].join('\n')
}

/** A whole smaps of the given mappings. */
export const smapsText = (blocks: readonly BlockText[]): string => blocks.map(blockText).join('')

const BASE = 0x7f0000000000

/** A mapping for each row, none beside another, of a few names and amounts. */
export const blockOf = (row: number): BlockText => ({
  start: BASE + row * 16384,
  end: BASE + row * 16384 + 4096,
  name: row % 3 === 0 ? '' : `/lib/${row % 5}.so`,
  fields: { Rss: row % 4 },
})
