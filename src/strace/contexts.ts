import type { CallContext } from '../model/trace.ts'
import type { LineKernel } from './line-kernel.ts'
import type { CountedCall } from './statistics.ts'
import type { ThreadState } from './threads.ts'

const NONE = -1
const WIDTH = 3

/** Contexts that another thread has made: rows of its handed statistics, three each; -1 without. */
export interface HandedContexts {
  readonly parts: Int32Array
  /** How many of them, and from which number on, are the others. */
  readonly inKernel: number
  readonly beyondFrom: number
}

/**
 * What threads did just before their memory calls; number 0 is "nothing known". The kernel keeps them, with a budget for
 * each thread; those for which it has no room are kept here.
 */
export class ContextTable {
  readonly #kernel: LineKernel
  /** Parts of contexts that the kernel has no room for, and their numbers among these. */
  readonly #beyond: (readonly number[])[] = []
  readonly #beyondNumbers = new Map<string, number>()

  constructor(kernel: LineKernel) {
    this.#kernel = kernel
  }

  /**
   * Number of the context of these last calls of a thread, newest first: rows of the statistics (which tell thread, name
   * and descriptor); -1 without. All three when the thread has a context of them or may have one more, else the last
   * two, else the last.
   */
  of(thread: ThreadState, call1: number, call2: number, call3: number): number {
    if (call1 < 0) return 0
    const [ofOne, ofTwo, ofThree] = this.#kernel.contextBudgets
    const of3 = this.#find(thread, call1, call2, call3, ofThree)
    if (of3 >= 0) return of3
    const of2 = this.#find(thread, call1, call2, NONE, ofTwo)
    if (of2 >= 0) return of2
    return Math.max(0, this.#find(thread, call1, NONE, NONE, ofOne))
  }

  /** All contexts, to be sent to another thread; `handedRow` tells a row's place among the handed statistics. */
  handOver(handedRow: (row: number) => number): HandedContexts {
    const nothingKnown = [NONE, NONE, NONE]
    const parts = [...nothingKnown, ...this.#kernel.contextParts().subarray(WIDTH), ...this.#beyond.flat()]
    return {
      parts: Int32Array.from(parts, (row) => (row < 0 ? NONE : handedRow(row))),
      inKernel: this.#kernel.call.contextCount(),
      beyondFrom: this.#kernel.mostContexts,
    }
  }

  /**
   * Adds contexts of threads that have none here; `rows` are the new numbers of their rows. Returns what gives their
   * new numbers. No context is asked for afterwards.
   */
  absorb({ parts, inKernel, beyondFrom }: HandedContexts, rows: Int32Array): (old: number) => number {
    const first = this.#kernel.mostContexts + this.#beyond.length
    for (let at = 0; at < parts.length; at += WIDTH)
      this.#beyond.push(Array.from(parts.subarray(at, at + WIDTH), (row) => (row < 0 ? NONE : rows[row]!)))
    return (old) => (old === 0 ? 0 : first + (old < inKernel ? old : inKernel + old - beyondFrom))
  }

  /** The contexts with their calls' names, equal ones of different threads as one, and the new number of each. */
  finish(
    names: readonly string[],
    describe: (row: number) => CountedCall,
  ): { contexts: CallContext[]; renumbered: Uint32Array } {
    const contexts: CallContext[] = []
    const parts = this.#kernel.contextParts()
    const inKernel = parts.length / WIDTH
    const renumbered = new Uint32Array(this.#kernel.mostContexts + this.#beyond.length)
    const numbers = new Map<string, number>()
    const callOf = namedCalls(names, describe)
    const add = (context: number, rows: ArrayLike<number>, from: number): void => {
      const calls: NamedCall[] = []
      for (let at = from; at < from + WIDTH; at++)
        if (context > 0 && rows[at]! >= 0) calls.push(callOf(rows[at]!))
      const key = calls.map(({ number }) => number).join(' ')
      let number = numbers.get(key)
      if (number === undefined) {
        number = contexts.length
        numbers.set(key, number)
        contexts.push({ calls: calls.map(({ call }) => call) })
      }
      renumbered[context] = number
    }
    for (let context = 0; context < inKernel; context++) add(context, parts, context * WIDTH)
    for (const [at, rows] of this.#beyond.entries()) add(this.#kernel.mostContexts + at, rows, 0)
    return { contexts, renumbered }
  }

  /** Number of this context, new when the thread may have one more; -1 when it may not. */
  #find(thread: ThreadState, call1: number, call2: number, call3: number, most: number): number {
    if (thread.index < this.#kernel.mostThreads) {
      const found = this.#kernel.call.findContext(thread.index, call1, call2, call3, most)
      if (found >= 0) return found
    }
    const key = `${call1} ${call2} ${call3}`
    const known = this.#beyondNumbers.get(key)
    if (known !== undefined) return known
    if (thread.contexts >= most) return NONE
    const number = this.#kernel.mostContexts + this.#beyond.length
    this.#beyond.push([call1, call2, call3])
    this.#beyondNumbers.set(key, number)
    thread.contexts++
    return number
  }
}

/** A call by name and descriptor; equal ones have the same number. */
interface NamedCall {
  readonly number: number
  readonly call: CallContext['calls'][number]
}

/** What tells the call of a row, and looks at each row once: a few rows are in thousands of contexts. */
function namedCalls(
  names: readonly string[],
  describe: (row: number) => CountedCall,
): (row: number) => NamedCall {
  const ofRow = new Map<number, NamedCall>()
  const ofKey = new Map<string, NamedCall>()
  const named = (row: number): NamedCall => {
    const { name, fd } = describe(row)
    const key = `${name} ${fd}`
    const call = ofKey.get(key) ?? { number: ofKey.size, call: { name: names[name]!, fd } }
    ofKey.set(key, call)
    ofRow.set(row, call)
    return call
  }
  return (row) => ofRow.get(row) ?? named(row)
}
