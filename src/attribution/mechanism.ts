import type { Mechanism } from '../model/attribution.ts'
import type { MappingKind } from '../model/mapping-kind.ts'

/** Mechanisms as the ledger stores them; `RESERVE` is address space without access, which is no memory yet. */
export const MECHANISM_NAMES = [
  'main-heap-brk',
  'mmap-anon',
  'malloc-arena',
  'thread-stack',
  'file-mapping',
  'shared-memory',
  'mremap',
  'managed-heap',
  'other',
  'reservation',
] as const satisfies readonly Mechanism[]
export type MechanismCode = number

export const MAIN_HEAP = 0
export const ANONYMOUS = 1
export const ARENA = 2
export const STACK = 3
export const FILE = 4
export const SHARED = 5
export const MREMAP = 6
export const MANAGED = 7
export const OTHER = 8
export const RESERVE = 9

/** What a mapping of a snapshot counts as when calls change it. */
export const MECHANISM_OF_KIND: Record<MappingKind, MechanismCode> = {
  'main-heap': MAIN_HEAP,
  'malloc-arena': ARENA,
  'malloc-arena-reserve': RESERVE,
  'thread-stack': STACK,
  'stack-guard': STACK,
  'main-stack': OTHER,
  anonymous: ANONYMOUS,
  'anonymous-reserve': RESERVE,
  'named-anonymous': ANONYMOUS,
  'file-text': FILE,
  'file-data': FILE,
  'file-private-dirty': FILE,
  'file-shared': FILE,
  'shared-memory': SHARED,
  'huge-pages': ANONYMOUS,
  jit: ANONYMOUS,
  'managed-heap': MANAGED,
  device: OTHER,
  kernel: OTHER,
  rollup: OTHER,
}
