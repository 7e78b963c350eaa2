import { HOTSPOT } from '../model/attribution.ts'
import type { Sentence } from '../model/sentence.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { CallForms, Trace } from '../model/trace.ts'
import { visitCalls } from '../model/visit-calls.ts'
import { CALL } from '../strace/effects/phases.ts'
import { heapSize, MAP_ANONYMOUS, MAP_NORESERVE, MAP_STACK, PROT_WRITE } from './kernel.ts'

/** Which allocator the program uses, by what its mappings and calls show. */
export interface AllocatorReading {
  readonly name: string
  readonly basis: Sentence
  /** It maps chunks for many blocks, so a mapping does not tell who keeps what is in it. */
  readonly chunks: boolean
  /** Threads have chunks of their own, as long as there are not many more threads than cores. */
  readonly perThread: boolean
}

interface Signature {
  readonly name: string
  readonly mapping: RegExp
  readonly perThread: boolean
}

/** Libraries and names that give an allocator away; the first that is mapped counts. */
const SIGNATURES: readonly Signature[] = [
  { name: 'jemalloc', mapping: /\/libjemalloc\.so/, perThread: true },
  { name: 'tcmalloc', mapping: /\/libtcmalloc[^/]*\.so/, perThread: false },
  { name: 'mimalloc', mapping: /\/libmimalloc[^/]*\.so/, perThread: false },
  { name: HOTSPOT, mapping: /\/libjvm\.so/, perThread: false },
  { name: 'Go runtime', mapping: /^\[anon: Go: /, perThread: false },
  { name: '.NET runtime', mapping: /\/libcoreclr\.so/, perThread: false },
  { name: 'V8', mapping: /\/(?:node|nodejs|libnode\.so[^/]*)$|^\[anon:v8/, perThread: false },
  { name: 'pymalloc', mapping: /\/(?:libpython[^/]*\.so|python[0-9.]*$)/, perThread: false },
  { name: 'musl malloc', mapping: /\/ld-musl-/, perThread: false },
]
const GLIBC = /\/libc(?:\.so\.6|-[0-9.]+\.so)$/

const MADV_GUARD_INSTALL = 102

/** Reads mapped names of one snapshot and the ways in which stacks and arenas are made. */
export function readAllocator(snapshot: Snapshot | null, signs: CallSigns | null): AllocatorReading | null {
  const names = snapshot ? distinctNames(snapshot) : []
  for (const signature of SIGNATURES) {
    const found = names.find((name) => signature.mapping.test(name))
    if (found !== undefined) return byMapping(signature, found)
  }
  const calls = signs ?? NO_CALLS
  if (calls.jemalloc) return JEMALLOC_BY_CALLS
  const library = names.find((name) => GLIBC.test(name))
  if (library === undefined && !calls.glibc) return null
  const generation = generationOf(calls)
  return {
    name: generation === null ? 'glibc malloc' : `glibc malloc, ${generation}`,
    basis: generationBasis(library ?? null, calls),
    chunks: false,
    perThread: false,
  }
}

const byMapping = (signature: Signature, found: string): AllocatorReading => ({
  name: signature.name,
  basis: { en: `${found} is mapped.`, zh: `映射了 ${found}。` },
  chunks: true,
  perThread: signature.perThread,
})

const JEMALLOC_BY_CALLS: AllocatorReading = {
  name: 'jemalloc',
  basis: {
    en: 'It maps writable chunks of whole multiples of 512 KiB with MAP_NORESERVE, as jemalloc does.',
    zh: '它以 MAP_NORESERVE 映射 512 KiB 整数倍的可写大块，这是 jemalloc 的做法。',
  },
  chunks: true,
  perThread: true,
}

/** What the calls of a trace give away about the allocator. */
export interface CallSigns {
  jemalloc: boolean
  glibc: boolean
  /** Stacks mapped without access and opened by mprotect (2.26 and later). */
  stacksOpened: boolean
  /** Stacks mapped accessible, guard closed by mprotect (up to 2.25). */
  stacksClosed: boolean
  guardInstalled: boolean
  arenaReserved: boolean
  arenaPlain: boolean
}
const NO_CALLS: CallSigns = {
  jemalloc: false,
  glibc: false,
  stacksOpened: false,
  stacksClosed: false,
  guardInstalled: false,
  arenaReserved: false,
  arenaPlain: false,
}

export function readCallSigns(trace: Trace): CallSigns {
  const { events } = trace
  const { forms } = events
  const signs = { ...NO_CALLS }
  for (let form = 0; form < forms.length; form += 1) {
    if (forms.state[form] !== 0) continue
    const flags = forms.flags[form]!
    if (forms.call[form] === CALL.madvise && flags === MADV_GUARD_INSTALL) signs.guardInstalled = true
    if (forms.call[form] !== CALL.mmap || (flags & MAP_ANONYMOUS) === 0 || (flags & MAP_STACK) === 0) continue
    if (isWritable(forms, form)) signs.stacksClosed = true
    else signs.stacksOpened = true
  }
  const heap = heapSize(trace.wordBits)
  visitCalls(
    events,
    (form) => isPlain(forms, form) && !isWritable(forms, form),
    (event) => {
      const { length1, flags } = events.at(event)
      if (length1 !== heap && length1 !== 2 * heap) return
      signs.glibc = true
      if ((flags & MAP_NORESERVE) !== 0) signs.arenaReserved = true
      else signs.arenaPlain = true
    },
  )
  visitCalls(
    events,
    (form) => isPlain(forms, form) && isWritable(forms, form) && (forms.flags[form]! & MAP_NORESERVE) !== 0,
    (event) => {
      if (events.length1(event) % (512 * 1024) === 0) signs.jemalloc = true
    },
  )
  return signs
}

const isWritable = ({ protection }: CallForms, form: number): boolean =>
  (protection[form]! & PROT_WRITE) !== 0

/** Whether calls of the form mapped anonymous memory that is no stack. */
const isPlain = ({ call, state, flags }: CallForms, form: number): boolean =>
  call[form] === CALL.mmap &&
  state[form] === 0 &&
  (flags[form]! & MAP_ANONYMOUS) !== 0 &&
  (flags[form]! & MAP_STACK) === 0

/** The table of generations in words (malloc/arena.c, nptl/allocatestack.c). */
function generationOf(signs: CallSigns): string | null {
  if (signs.guardInstalled) return '2.42 or later'
  if (signs.arenaPlain) return '2.37 or later'
  if (signs.arenaReserved)
    return signs.stacksOpened ? '2.26–2.36' : signs.stacksClosed ? '2.25 or earlier' : '2.36 or earlier'
  if (signs.stacksOpened) return '2.26–2.41'
  return null
}

function generationBasis(library: string | null, signs: CallSigns): Sentence {
  const mapped = library === null ? null : { en: `${library} is mapped`, zh: `映射了 ${library}` }
  const made = signs.guardInstalled
    ? { en: 'guard pages are installed by madvise', zh: '保护页由 madvise 建立' }
    : signs.arenaReserved
      ? { en: 'arenas are reserved with MAP_NORESERVE', zh: 'arena 以 MAP_NORESERVE 预留' }
      : signs.arenaPlain
        ? { en: 'arenas are reserved without MAP_NORESERVE', zh: 'arena 预留时不带 MAP_NORESERVE' }
        : signs.stacksOpened
          ? {
              en: 'thread stacks are mapped without access and opened by mprotect',
              zh: '线程栈先无权限映射再由 mprotect 开放',
            }
          : null
  const parts = [mapped, made].filter((part) => part !== null)
  return {
    en: `${parts.map((part) => part.en).join('; ')}.`,
    zh: `${parts.map((part) => part.zh).join('；')}。`,
  }
}

function distinctNames(snapshot: Snapshot): string[] {
  const { name, length, strings } = snapshot.mappings
  const ids = new Set<number>()
  for (let row = 0; row < length; row += 1) ids.add(name[row]!)
  return [...ids].map((id) => strings.get(id)).filter((text) => text !== '')
}
