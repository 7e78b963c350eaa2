import { MECHANISMS, type Mechanism } from '../model/attribution.ts'
import type { MappingKind } from '../model/mapping-kind.ts'

/** A mechanism as the ledger stores it: its place in MECHANISMS. */
export type MechanismCode = number

const codeOf = (mechanism: Mechanism): MechanismCode => MECHANISMS.indexOf(mechanism)

export const MAIN_HEAP = codeOf('main-heap-brk')
export const ANONYMOUS = codeOf('mmap-anon')
export const ARENA = codeOf('malloc-arena')
export const STACK = codeOf('thread-stack')
export const FILE = codeOf('file-mapping')
export const SHARED = codeOf('shared-memory')
export const MREMAP = codeOf('mremap')
export const MANAGED = codeOf('managed-heap')
export const OTHER = codeOf('other')
export const RESERVE = codeOf('reservation')

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
