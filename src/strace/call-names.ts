import { ByteInterner } from '../base/byte-interner.ts'
import { StringTable } from '../base/string-table.ts'
import { callIndex, type MemoryCall } from '../model/trace.ts'
import { DESCRIPTOR_KINDS } from './descriptor-calls.ts'
import {
  DECODES_ARGUMENTS,
  FINISHED_CALLS,
  FINISHED_SHIFT,
  IS_FUTEX,
  IS_MEMORY,
  type LineKernel,
  MAKES_DESCRIPTOR,
  NEEDS_ROW,
  TAKES_DESCRIPTOR,
  WHOLE_ONLY,
} from './line-kernel.ts'
import { MEMORY_KINDS } from './memory-calls.ts'
import { DESCRIPTOR_FIRST } from './tables/descriptor-first.ts'

/** Bytes of the longest name of a call; what is longer is none. */
export const LONGEST_NAME = 64

/** What is done with a call beside counting it. */
const HANDLE_COUNT = 0
export const HANDLE_MEMORY = 1
export const HANDLE_DESCRIPTOR = 2
export const HANDLE_FUTEX = 3
export const HANDLE_PRCTL = 4
/** gettid, getpid, set_tid_address: the result is the thread's own number. */
export const HANDLE_OWN_ID = 5
/** write: names a thread when it goes to /proc/self/task/N/comm, as pthread_setname_np does. */
export const HANDLE_WRITE = 6

export interface CallName {
  readonly name: string
  readonly handle: number
  /** Index into MEMORY_CALLS, -1 for others. */
  readonly memory: number
  readonly releases: boolean
  /** The first argument is a descriptor. */
  readonly takesDescriptor: boolean
  /** The result is a new descriptor. */
  readonly makesDescriptor: boolean
  /** The result is a new thread or process. */
  readonly makesThread: boolean
  /** `mmap2`, whose offsets old strace printed in pages. */
  readonly pageOffsets: boolean
}

const OWN_ID = new Set(['gettid', 'set_tid_address'])
const MAKES_THREAD: ReadonlySet<MemoryCall> = new Set(['clone', 'fork', 'vfork'])

/** Stands for the names that are too many to be told apart: no program has a million of them. */
const OTHERS = '(others)'

/** `readv#64`: the x32 number of a call (strace 4.23). */
const X32 = /#64$/

function describe(name: string): CallName {
  const memory = Object.hasOwn(MEMORY_KINDS, name) ? MEMORY_KINDS[name]! : null
  const descriptor = Object.hasOwn(DESCRIPTOR_KINDS, name) ? DESCRIPTOR_KINDS[name]! : null
  let handle = HANDLE_COUNT
  if (memory) handle = HANDLE_MEMORY
  else if (descriptor) handle = HANDLE_DESCRIPTOR
  else if (name === 'futex' || name === 'futex_time64') handle = HANDLE_FUTEX
  else if (name === 'prctl') handle = HANDLE_PRCTL
  else if (OWN_ID.has(name)) handle = HANDLE_OWN_ID
  else if (name === 'write') handle = HANDLE_WRITE
  return {
    name,
    handle,
    memory: memory ? callIndex(memory.call) : -1,
    releases: memory?.releases ?? false,
    takesDescriptor: DESCRIPTOR_FIRST.has(name),
    makesDescriptor: descriptor?.makes ?? false,
    makesThread: memory !== null && MAKES_THREAD.has(memory.call),
    pageOffsets: name === 'mmap2',
  }
}

/** What the kernel must know of a name. prctl and the calls that tell a thread's own number are not for it. */
export function traitsOf(
  { name, handle, takesDescriptor, makesDescriptor }: CallName,
  awaitsNames = false,
): number {
  let traits = takesDescriptor ? TAKES_DESCRIPTOR : 0
  if (makesDescriptor) traits |= MAKES_DESCRIPTOR
  traits |= (FINISHED_CALLS.indexOf(name) + 1) << FINISHED_SHIFT
  if (handle === HANDLE_MEMORY) traits |= IS_MEMORY | NEEDS_ROW | DECODES_ARGUMENTS | WHOLE_ONLY
  else if (handle === HANDLE_DESCRIPTOR) traits |= NEEDS_ROW | WHOLE_ONLY
  else if (handle === HANDLE_FUTEX) traits |= IS_FUTEX | DECODES_ARGUMENTS
  else if (handle === HANDLE_WRITE && awaitsNames) traits |= NEEDS_ROW | WHOLE_ONLY
  return traits
}

/** Numbers the names of calls of one trace, and says what is done with each. */
export class CallNames {
  readonly #strings = new StringTable()
  readonly #interner = new ByteInterner(this.#strings)
  readonly #names: CallName[] = [describe('')]
  /** Number by id of the text: the x32 form of a name has that of the name. */
  readonly #numbers: number[] = [0]
  readonly #kernel: LineKernel

  constructor(kernel: LineKernel) {
    this.#kernel = kernel
  }

  /** Number of the name in `buffer[start, end)`. */
  number(buffer: Uint8Array, start: number, end: number): number {
    const id = this.#interner.intern(buffer, start, end)
    return this.#numbers[id] ?? this.#add(id)
  }

  get(number: number): CallName {
    return this.#names[number]!
  }

  /** All names by number. */
  texts(): string[] {
    return this.#names.map((entry) => entry.name)
  }

  #add(id: number): number {
    const text = this.#strings.get(id)
    let number = this.#names.length
    if (X32.test(text)) {
      const plain = Buffer.from(text.replace(X32, ''), 'latin1')
      number = this.number(plain, 0, plain.length)
    } else if (number >= this.#kernel.made - 1) {
      number = this.#kernel.made - 1
      if (number === this.#names.length) this.#names.push(describe(OTHERS))
    } else {
      const name = describe(text)
      this.#names.push(name)
      if (name.handle !== HANDLE_PRCTL && name.handle !== HANDLE_OWN_ID)
        this.#kernel.addName(Buffer.from(text, 'latin1'), number, traitsOf(name))
    }
    this.#numbers[id] = number
    return number
  }
}
