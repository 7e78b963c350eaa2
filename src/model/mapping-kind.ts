/** What a mapping is for, as far as its own line and its neighbours tell. Columns store the index in this list. */
export const KINDS = [
  'main-heap',
  'malloc-arena',
  'malloc-arena-reserve',
  'thread-stack',
  'stack-guard',
  'main-stack',
  'anonymous',
  'anonymous-reserve',
  'named-anonymous',
  'file-text',
  'file-data',
  'file-private-dirty',
  'file-shared',
  'shared-memory',
  'huge-pages',
  'jit',
  'managed-heap',
  'device',
  'kernel',
  'rollup',
] as const
export type MappingKind = (typeof KINDS)[number]

/** How sure a kind is: the name says it, the layout of neighbours shows it, or it is only likely. */
export const BASES = ['name', 'layout', 'guess'] as const
export type KindBasis = (typeof BASES)[number]

export const kindIndex = (kind: MappingKind): number => KINDS.indexOf(kind)
export const kindOf = (index: number): MappingKind => KINDS[index] ?? 'anonymous'
