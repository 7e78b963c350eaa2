import type { CallContext } from '../model/trace.ts'
import { grown } from './growable.ts'

/**
 * How many contexts of one, two and three calls a thread may have. One that reads from thousands of descriptors has
 * millions of combinations of three calls: after its first thousand only the last two are told apart, then only the
 * last, then none. Counted by thread, so that the order in which threads are read changes nothing.
 */
const BUDGET_BY_CALLS = [2048, 1536, 1024]

const NONE = -1

/**
 * The last three calls of one thread that were not memory calls, newest first. A call is the row of the statistics that
 * counts it (thread, name and descriptor), or `FIRST_MADE` and up for one whose descriptor is the one that it made.
 */
export class RecentCalls {
  call1 = NONE
  call2 = NONE
  call3 = NONE
  /** How many contexts this thread has given rise to. */
  made = 0
  /** Context of the present calls; -1 while not asked for. */
  current = 0

  push(call: number): void {
    this.call3 = this.call2
    this.call2 = this.call1
    this.call1 = call
    this.current = -1
  }
}

/** Calls that made a descriptor are numbered from here on. */
const FIRST_MADE = 0x4000_0000

const WIDTH = 3

function hashOf(call1: number, call2: number, call3: number): number {
  let hash = Math.imul(call1, 0x9e37_79b1) ^ Math.imul(call2, 0x85eb_ca6b)
  hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2_ae35) ^ call3
  return hash ^ (hash >>> 13)
}

/** All contexts of a trace; number 0 is "nothing known". */
export class ContextTable {
  #slots = new Int32Array(1024).fill(NONE)
  #parts = new Int32Array(WIDTH * 256).fill(NONE)
  #size = 1
  /** Calls that made a descriptor: thread, name, descriptor. */
  readonly #made: { readonly name: number; readonly fd: number }[] = []
  readonly #madeNumbers = new Map<string, number>()

  /** Number for RecentCalls of a call that made descriptor `fd`. */
  madeCall(thread: number, name: number, fd: number): number {
    const key = `${thread} ${name} ${fd}`
    let number = this.#madeNumbers.get(key)
    if (number === undefined) {
      number = FIRST_MADE + this.#made.length
      this.#madeNumbers.set(key, number)
      this.#made.push({ name, fd })
    }
    return number
  }

  /** Number of the thread's present context. */
  of(recent: RecentCalls): number {
    if (recent.current >= 0) return recent.current
    let calls = 3
    while (calls > 0 && recent.made >= BUDGET_BY_CALLS[calls - 1]!) calls--
    recent.current = calls === 0 || recent.call1 < 0 ? 0 : this.#find(recent, calls)
    return recent.current
  }

  /**
   * The contexts with their calls' names, equal ones of different threads as one, and the new number of each.
   * `describe` gives name and descriptor of a row of the statistics.
   */
  finish(
    names: readonly string[],
    describe: (row: number) => { readonly name: number; readonly fd: number },
  ): { contexts: CallContext[]; renumbered: Uint32Array } {
    const contexts: CallContext[] = []
    const renumbered = new Uint32Array(this.#size)
    const known = new Map<string, number>()
    for (let context = 0; context < this.#size; context++) {
      const calls = [...this.#parts.subarray(context * WIDTH, (context + 1) * WIDTH)]
        .filter((call) => call >= 0)
        .map((call) => (call >= FIRST_MADE ? this.#made[call - FIRST_MADE]! : describe(call)))
      const key = calls.map(({ name, fd }) => `${name} ${fd}`).join(' ')
      let number = known.get(key)
      if (number === undefined) {
        number = contexts.length
        known.set(key, number)
        contexts.push({ calls: calls.map(({ name, fd }) => ({ name: names[name]!, fd })) })
      }
      renumbered[context] = number
    }
    return { contexts, renumbered }
  }

  #find(recent: RecentCalls, calls: number): number {
    const { call1 } = recent
    const call2 = calls > 1 ? recent.call2 : NONE
    const call3 = calls > 2 ? recent.call3 : NONE
    const parts = this.#parts
    const mask = this.#slots.length - 1
    let slot = hashOf(call1, call2, call3) & mask
    for (let found = this.#slots[slot]!; found >= 0; found = this.#slots[slot]!) {
      const at = found * WIDTH
      if (parts[at] === call1 && parts[at + 1] === call2 && parts[at + 2] === call3) return found
      slot = (slot + 1) & mask
    }
    recent.made++
    return this.#add(slot, call1, call2, call3)
  }

  #add(slot: number, call1: number, call2: number, call3: number): number {
    const context = this.#size++
    const at = context * WIDTH
    if (at + WIDTH > this.#parts.length) this.#parts = grown(this.#parts, this.#parts.length * 2)
    this.#parts[at] = call1
    this.#parts[at + 1] = call2
    this.#parts[at + 2] = call3
    this.#slots[slot] = context
    if (this.#size * 2 > this.#slots.length) this.#rehash()
    return context
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(NONE)
    const mask = slots.length - 1
    for (let context = 1; context < this.#size; context++) {
      const at = context * WIDTH
      let slot = hashOf(this.#parts[at]!, this.#parts[at + 1]!, this.#parts[at + 2]!) & mask
      while (slots[slot]! >= 0) slot = (slot + 1) & mask
      slots[slot] = context
    }
    this.#slots = slots
  }
}
