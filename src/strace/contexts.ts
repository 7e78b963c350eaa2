import type { CallContext } from '../model/trace.ts'

/**
 * How many contexts of one, two and three calls a thread may have. One that reads from thousands of descriptors has
 * millions of combinations of three calls: after its first thousand only the last two are told apart, then only the
 * last, then none. Counted by thread, so that the order in which threads are read changes nothing.
 */
const BUDGET_BY_CALLS = [2048, 1536, 1024]

const NONE = -1

/** The last three calls of one thread that were not memory calls. */
export class RecentCalls {
  /** Newest first: name number, descriptor. */
  name1 = NONE
  fd1 = NONE
  name2 = NONE
  fd2 = NONE
  name3 = NONE
  fd3 = NONE
  readonly thread: number
  /** How many contexts this thread has given rise to. */
  made = 0
  /** Context of the present calls; -1 while not asked for. */
  current = 0

  constructor(thread: number) {
    this.thread = thread
  }

  push(name: number, fd: number): void {
    this.name3 = this.name2
    this.fd3 = this.fd2
    this.name2 = this.name1
    this.fd2 = this.fd1
    this.name1 = name
    this.fd1 = fd
    this.current = -1
  }
}

const WIDTH = 7

/** Mixes the seven numbers of a context that begin at `parts[at]`. */
function hashOf(parts: readonly number[], at: number): number {
  let hash = parts[at]!
  for (let part = at + 1; part < at + WIDTH; part++) {
    hash = Math.imul(hash ^ parts[part]!, 0x85eb_ca6b)
    hash ^= hash >>> 13
  }
  return hash
}

/** All contexts of a trace; number 0 is "nothing known". */
export class ContextTable {
  #slots = new Int32Array(1024).fill(-1)
  /** Thread, then name and descriptor of three calls. */
  #parts: number[] = [NONE, NONE, NONE, NONE, NONE, NONE, NONE]

  /** Number of the thread's present context. */
  of(recent: RecentCalls): number {
    if (recent.current >= 0) return recent.current
    let calls = 3
    while (calls > 0 && recent.made >= BUDGET_BY_CALLS[calls - 1]!) calls--
    recent.current = calls === 0 || recent.name1 < 0 ? 0 : this.#find(recent, calls)
    return recent.current
  }

  /** The contexts with the names of their calls, equal ones of different threads as one, and the new numbers. */
  finish(names: readonly string[]): { contexts: CallContext[]; renumbered: Uint32Array } {
    const contexts: CallContext[] = []
    const renumbered = new Uint32Array(this.#parts.length / WIDTH)
    const known = new Map<string, number>()
    for (let context = 0; context < renumbered.length; context++) {
      const parts = this.#parts.slice(context * WIDTH + 1, (context + 1) * WIDTH)
      const key = parts.join(' ')
      let number = known.get(key)
      if (number === undefined) {
        number = contexts.length
        known.set(key, number)
        const calls = [0, 2, 4]
          .filter((call) => parts[call]! >= 0)
          .map((call) => ({ name: names[parts[call]!]!, fd: parts[call + 1]! }))
        contexts.push({ calls })
      }
      renumbered[context] = number
    }
    return { contexts, renumbered }
  }

  #find(recent: RecentCalls, calls: number): number {
    const parts = this.#parts
    const at = parts.length
    // Written to the end first, so that there is one way to hash and compare; taken off again when it is known.
    parts.push(recent.thread, recent.name1, recent.fd1)
    parts.push(calls > 1 ? recent.name2 : NONE, calls > 1 ? recent.fd2 : NONE)
    parts.push(calls > 2 ? recent.name3 : NONE, calls > 2 ? recent.fd3 : NONE)
    const mask = this.#slots.length - 1
    let slot = hashOf(parts, at) & mask
    for (let found = this.#slots[slot]!; found >= 0; found = this.#slots[slot]!) {
      const from = found * WIDTH
      let same = 0
      while (same < WIDTH && parts[from + same] === parts[at + same]) same++
      if (same === WIDTH) {
        parts.length = at
        return found
      }
      slot = (slot + 1) & mask
    }
    recent.made++
    this.#slots[slot] = at / WIDTH
    if ((at / WIDTH) * 2 > this.#slots.length) this.#rehash()
    return at / WIDTH
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let context = 1; context < this.#parts.length / WIDTH; context++) {
      let slot = hashOf(this.#parts, context * WIDTH) & mask
      while (slots[slot]! >= 0) slot = (slot + 1) & mask
      slots[slot] = context
    }
    this.#slots = slots
  }
}
