/**
 * What a mapping is for, as far as its own line and its neighbours tell. One row a kind in smaps/kinds.ts;
 * columns store the index in this list.
 */
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

export const kindIndex = (kind: MappingKind): number => KINDS.indexOf(kind)
export const kindOf = (index: number): MappingKind => KINDS[index] ?? 'anonymous'
