import type { CallContext } from '../model/trace.ts'
import { grown } from './growable.ts'
import type { CountedCall } from './statistics.ts'
import type { ThreadState } from './threads.ts'

/**
 * How many contexts of one, two and three calls a thread may have. One that reads from thousands of descriptors has
 * millions of combinations of three calls: after its first thousand only the last two are told apart, then only the
 * last, then none. Counted by thread, so that the order in which threads are read changes nothing.
 */
const BUDGET_BY_CALLS = [2048, 1536, 1024]

const NONE = -1

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

  /**
   * Number of the context of these last calls of a thread, newest first: rows of the statistics (which tell thread, name
   * and descriptor); -1 without.
   */
  of(thread: ThreadState, call1: number, call2: number, call3: number): number {
    let calls = 3
    while (calls > 0 && thread.contexts >= BUDGET_BY_CALLS[calls - 1]!) calls--
    if (calls === 0 || call1 < 0) return 0
    return this.#find(thread, call1, calls > 1 ? call2 : NONE, calls > 2 ? call3 : NONE)
  }

  /** The contexts with their calls' names, equal ones of different threads as one, and the new number of each. */
  finish(
    names: readonly string[],
    describe: (row: number) => CountedCall,
  ): { contexts: CallContext[]; renumbered: Uint32Array } {
    const contexts: CallContext[] = []
    const renumbered = new Uint32Array(this.#size)
    const known = new Map<string, number>()
    for (let context = 0; context < this.#size; context++) {
      const rows = this.#parts.subarray(context * WIDTH, (context + 1) * WIDTH)
      const calls = [...rows].filter((row) => row >= 0).map(describe)
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

  #find(thread: ThreadState, call1: number, call2: number, call3: number): number {
    const parts = this.#parts
    const mask = this.#slots.length - 1
    let slot = hashOf(call1, call2, call3) & mask
    for (let found = this.#slots[slot]!; found >= 0; found = this.#slots[slot]!) {
      const at = found * WIDTH
      if (parts[at] === call1 && parts[at + 1] === call2 && parts[at + 2] === call3) return found
      slot = (slot + 1) & mask
    }
    thread.contexts++
    const context = this.#size++
    const at = context * WIDTH
    if (at + WIDTH > parts.length) this.#parts = grown(parts, parts.length * 2)
    this.#parts.set([call1, call2, call3], at)
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
