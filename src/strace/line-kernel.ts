/**
 * The face of kernel/line-kernel.as: one for each trace, which keeps the trace's threads and counts in its memory, where
 * the line-by-line reader finds them as well.
 */

import { LINE_KERNEL } from './kernel/line-kernel.wasm.ts'
import {
  type CallRows,
  type Constant,
  callRows,
  kernelThreads,
  type SumRows,
  sumRows,
  type ThreadColumns,
} from './kernel-columns.ts'
import { ARGUMENT_KIND, NAME_BYTE } from './tables/bytes.ts'

// The types of Node 20 name WebAssembly, but not its parts.
declare const WebAssembly: {
  Memory: new (pages: { initial: number }) => { readonly buffer: ArrayBuffer }
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

interface Functions {
  setPrefix(pid: number, stamp: number, digits: number, sole: number, file: number): void
  setTime(last: number, midnights: number): void
  setCapacity(rows: number, contexts: number): number
  setBase(time: number): void
  addName(from: number, to: number, number: number, traits: number): void
  setTraits(from: number, to: number, traits: number): void
  addTid(tid: number, thread: number): void
  statisticsRow(thread: number, name: number, fd: number): number
  statisticsRows(): number
  forgetText(thread: number, fd: number): void
  findContext(thread: number, call1: number, call2: number, call3: number, most: number): number
  contextsAt(): number
  contextCount(): number
  finishedRows(): number
  run(from: number, limit: number, line: number): number
  stop(): number
  time(): number
  sawDurations(): number
  wholeLines(): number
  firstHalves(): number
  secondHalves(): number
  lastFirstHalf(): number
  lastCompleteLine(): number
  lineEnd(from: number): number
}

type Exports = Record<Constant, { readonly value: number }> & Functions

const WASM_PAGE = 65536
const NEWLINE = 10
/** Bytes of one row of the statistics, its share of the hash table included. */
const STATISTICS_BYTES = 64
const FEWEST_STATISTICS = 1024
const MOST_STATISTICS = 1 << 20
/** Bytes of a log in which no more than one new combination of thread, call and descriptor is expected. */
const BYTES_A_COMBINATION = 256
/** Bytes of one context, its share of the hash table included. */
const CONTEXT_BYTES = 28
const FEWEST_CONTEXTS = 1024
const MOST_CONTEXTS = 1 << 18
/** Bytes of a log in which no more than one new context is expected. */
const BYTES_A_CONTEXT = 1024

/** Bits of `CallRows.state`: see the kernel. */
export const FAILED_RESULT = 1
export const DECORATED = 2
export const DECODED = 4

/** Traits of a name: see the kernel. */
export const NEEDS_ROW = 1
export const TAKES_DESCRIPTOR = 2
export const DECODES_ARGUMENTS = 4
export const IS_MEMORY = 8
export const MAKES_DESCRIPTOR = 16
export const IS_FUTEX = 32
export const WHOLE_ONLY = 64
/** Shifts the number of a call whose rows the kernel can finish: its place among these, from 1. */
export const FINISHED_SHIFT = 7
export const FINISHED_CALLS: readonly string[] = ['mmap', 'munmap', 'mprotect', 'madvise', 'brk']

/** Kinds of pid prefixes that the kernel knows. */
export const PID_NONE = 0
export const PID_BARE = 1
export const PID_BRACKETED = 2

/** Bits of a thread's state: see the kernel. */
export const ALIVE = 1
export const BUSY = 2
export const FUTEXES_KNOWN = 4

/** Words of a finished row. */
const FINISHED_WORDS = 8

let compiled: object | null = null

const powerWithin = (fewest: number, wanted: number, most: number): number =>
  Math.min(most, Math.max(fewest, 2 ** Math.ceil(Math.log2(Math.max(1, wanted)))))

export class LineKernel {
  readonly rows: CallRows
  readonly threads: ThreadColumns
  readonly sums: SumRows
  /** Rows of `threads`. */
  readonly mostThreads: number
  /** Rows of `sums`. */
  readonly mostSums: number
  /** Added to the number of a name in `sums` for calls by the descriptor that they made, which count nothing. */
  readonly made: number
  /** How many contexts there is room for. */
  readonly mostContexts: number
  /** By shape: number of the form that its calls have in the memory table, from 1; 0 while it is not known. */
  readonly forms: Int32Array
  /** Memory that rows point into. */
  readonly bytes: Uint8Array
  /** Bytes that `load` takes at once. */
  readonly window: number
  readonly call: Functions
  /** How many contexts of one, two and three calls a thread may have. */
  readonly contextBudgets: readonly [number, number, number]
  readonly #in: number
  readonly #longestName: number
  readonly #contexts: number
  readonly #finished: Int32Array

  /** For logs of so many bytes together. */
  constructor(logBytes: number) {
    compiled ??= new WebAssembly.Module(Buffer.from(LINE_KERNEL, 'base64'))
    this.mostSums = powerWithin(FEWEST_STATISTICS, logBytes / BYTES_A_COMBINATION, MOST_STATISTICS)
    this.mostContexts = powerWithin(FEWEST_CONTEXTS, logBytes / BYTES_A_CONTEXT, MOST_CONTEXTS)
    // Where the statistics begin is known to the kernel alone; what lies before them is less than ten MiB.
    const tables = this.mostSums * STATISTICS_BYTES + this.mostContexts * CONTEXT_BYTES
    const pages = 161 + Math.ceil(tables / WASM_PAGE)
    const memory = new WebAssembly.Memory({ initial: pages })
    const imports = {
      env: {
        memory,
        abort: () => {
          throw new Error('the strace kernel stopped')
        },
      },
    }
    const exports = new WebAssembly.Instance(compiled, imports).exports as Exports
    const { buffer } = memory
    const at = (place: Constant): number => exports[place].value
    this.call = exports
    this.bytes = new Uint8Array(buffer)
    this.window = at('IN_BYTES')
    this.made = at('MADE')
    this.contextBudgets = [at('MOST_OF_ONE'), at('MOST_OF_TWO'), at('MOST_OF_THREE')]
    this.#in = at('IN')
    this.#longestName = at('LONGEST_NAME')
    this.mostThreads = at('THREADS')
    this.bytes.set(ARGUMENT_KIND, at('KIND'))
    this.bytes.set(NAME_BYTE, at('NAME_BYTE'))
    this.rows = callRows(buffer, at)
    this.threads = kernelThreads(buffer, at)
    exports.setCapacity(this.mostSums, this.mostContexts)
    this.#contexts = exports.contextsAt()
    this.forms = new Int32Array(buffer, at('FORMS'), at('MOST_SHAPES'))
    this.#finished = new Int32Array(buffer, at('FINISHED'), (at('MOST_FINISHED') * at('FINISHED_BYTES')) / 4)
    this.sums = sumRows(buffer, at('STATISTICS'), at('APART'), this.mostSums)
  }

  /** Makes a call's name known, unless it is longer than the kernel keeps; it is `number` in the rows. */
  addName(name: Uint8Array, number: number, traits: number): void {
    if (name.length > this.#longestName) return
    const from = this.#aside(name)
    this.call.addName(from, from + name.length, number, traits)
  }

  /** Sets the traits of a known name. */
  setTraits(name: Uint8Array, traits: number): void {
    const from = this.#aside(name)
    this.call.setTraits(from, from + name.length, traits)
  }

  /** Where text to read is brought in: whoever reads a file into it saves a copy. Page-aligned, half a window. */
  get input(): Uint8Array {
    return this.bytes.subarray(this.#in, this.#in + this.window / 2)
  }

  /**
   * Brings in one line without its end, and the end, beside what is in `input`; returns its place, -1 for one that is
   * longer than half a window.
   */
  loadLine(line: Uint8Array): number {
    if (line.length >= this.window / 2) return -1
    const at = this.#in + this.window / 2
    this.bytes.set(line, at)
    this.bytes[at + line.length] = NEWLINE
    return at
  }

  /** Brings in text that ends behind the end of a line, at most `window` bytes; returns its place. */
  load(text: Uint8Array): number {
    if (text.buffer === this.bytes.buffer) return text.byteOffset
    this.bytes.set(text, this.#in)
    return this.#in
  }

  /** The words of the last run's finished rows `[from, to)`, as the memory table keeps them. */
  finishedRows(from: number, to: number): Int32Array {
    return this.#finished.subarray(from * FINISHED_WORDS, to * FINISHED_WORDS)
  }

  /** Rows of the statistics that the first contexts are made of, three each. */
  contextParts(): Int32Array {
    return new Int32Array(this.bytes.buffer, this.#contexts, this.call.contextCount() * 3)
  }

  /** Puts a few bytes behind the text to read. */
  #aside(bytes: Uint8Array): number {
    const at = this.#in + this.window
    this.bytes.set(bytes, at)
    return at
  }
}
