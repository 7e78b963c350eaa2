import type { CallStatistics } from '../model/trace.ts'
import { SUM_WIDTH, type SumRows } from './kernel-columns.ts'
import type { LineKernel } from './line-kernel.ts'

/** What the statistics know of one row. */
export interface CountedCall {
  readonly thread: number
  readonly name: number
  readonly fd: number
}

/** Rows that another thread has counted, in columns; `name` as it is kept, with what marks a made descriptor. */
export interface HandedCounts {
  readonly length: number
  readonly thread: Int32Array
  readonly name: Int32Array
  readonly fd: Int32Array
  readonly calls: Float64Array
  readonly errors: Float64Array
  readonly micros: Float64Array
  readonly results: Float64Array
}

/**
 * Counts calls by thread, name and descriptor, in the kernel's memory, so that both ways of reading count in one place.
 * What finds no more room there is counted here.
 */
export class CallCounts {
  readonly #kernel: LineKernel
  readonly #sums: SumRows
  readonly #beyond: { thread: number; name: number; fd: number; sums: [number, number, number, number] }[] =
    []
  readonly #beyondRows = new Map<string, number>()

  constructor(kernel: LineKernel) {
    this.#kernel = kernel
    this.#sums = kernel.sums
  }

  /** Row of this thread, name and descriptor, new when needed. */
  row(thread: number, name: number, fd: number): number {
    if (thread < this.#kernel.mostThreads) {
      const row = this.#kernel.call.statisticsRow(thread, name, fd)
      if (row >= 0) return row
    }
    const key = `${thread} ${name} ${fd}`
    let row = this.#beyondRows.get(key)
    if (row === undefined) {
      row = this.#kernel.mostSums + this.#beyond.length
      this.#beyondRows.set(key, row)
      this.#beyond.push({ thread, name, fd, sums: [0, 0, Number.NaN, 0] })
    }
    return row
  }

  /** Row of a call by the descriptor that it made; it is only there to be named. */
  madeRow(thread: number, name: number, fd: number): number {
    return this.row(thread, name + this.#kernel.made, fd)
  }

  /** Counts one call. `micros` is NaN without -T, `result` what it returned. */
  count(row: number, failed: boolean, micros: number, result: number): void {
    const beyond = this.#beyond[row - this.#kernel.mostSums]
    if (beyond) {
      const { sums } = beyond
      sums[0]++
      if (failed) sums[1]++
      else if (result > 0) sums[3] += result
      if (!Number.isNaN(micros)) sums[2] = Number.isNaN(sums[2]) ? micros : sums[2] + micros
      return
    }
    const { sums } = this.#sums
    const at = row * SUM_WIDTH
    sums[at]!++
    if (failed) sums[at + 1]!++
    else if (result > 0) sums[at + 3]! += result
    if (!Number.isNaN(micros)) sums[at + 2] = Number.isNaN(sums[at + 2]!) ? micros : sums[at + 2]! + micros
  }

  /** What a row counts; the name without what marks a made descriptor. */
  describe(row: number): CountedCall {
    const beyond = this.#beyond[row - this.#kernel.mostSums]
    const { keys } = this.#sums
    const at = row * SUM_WIDTH
    const name = beyond?.name ?? keys[at + 1]!
    return {
      thread: beyond?.thread ?? keys[at]!,
      name: name % this.#kernel.made,
      fd: beyond?.fd ?? keys[at + 2]!,
    }
  }

  /** All rows in columns, to be sent to another thread. Their numbers are those of `handedRow`. */
  handOver(): HandedCounts {
    const { sums, keys } = this.#sums
    const known = this.#kernel.call.statisticsRows()
    const beyond = this.#beyond
    const length = known + beyond.length
    const words = (column: number, rest: 'thread' | 'name' | 'fd') =>
      Int32Array.from({ length }, (_, row) =>
        row < known ? keys[row * SUM_WIDTH + column]! : beyond[row - known]![rest],
      )
    const doubles = (column: 0 | 1 | 2 | 3) =>
      Float64Array.from({ length }, (_, row) =>
        row < known ? sums[row * SUM_WIDTH + column]! : beyond[row - known]!.sums[column],
      )
    return {
      length,
      thread: words(0, 'thread'),
      name: words(1, 'name'),
      fd: words(2, 'fd'),
      calls: doubles(0),
      errors: doubles(1),
      micros: doubles(2),
      results: doubles(3),
    }
  }

  /** Place of a row among the handed ones. */
  handedRow(row: number): number {
    return row < this.#kernel.mostSums
      ? row
      : this.#kernel.call.statisticsRows() + row - this.#kernel.mostSums
  }

  /**
   * Adds what another thread has counted for threads of which nothing is counted here; `threads` and `names` are the new
   * numbers of its. Returns the new numbers of its rows.
   */
  absorb(handed: HandedCounts, threads: Int32Array, names: Int32Array): Int32Array {
    const numbers = new Int32Array(handed.length)
    const { made } = this.#kernel
    for (let index = 0; index < handed.length; index++) {
      const marked = handed.name[index]!
      const name = names[marked % made]! + (marked >= made ? made : 0)
      const row = this.row(threads[handed.thread[index]!]!, name, handed.fd[index]!)
      numbers[index] = row
      const calls = handed.calls[index]!
      if (calls === 0) continue
      const sums = [calls, handed.errors[index]!, handed.micros[index]!, handed.results[index]!] as const
      this.#set(row, sums)
    }
    return numbers
  }

  #set(row: number, sums: readonly [number, number, number, number]): void {
    const beyond = this.#beyond[row - this.#kernel.mostSums]
    if (beyond) beyond.sums = [...sums]
    else this.#sums.sums.set(sums, row * SUM_WIDTH)
  }

  /**
   * The table, sorted by tid, name and descriptor; `names` are the names by number, `ids` their ids in the trace's
   * strings, `tids` the tids by thread.
   */
  finish(tids: readonly number[], names: readonly string[], ids: readonly number[]): CallStatistics {
    const byText = names.map((_, name) => name).sort((a, b) => compare(names[a]!, names[b]!))
    const rank = new Int32Array(names.length)
    byText.forEach((name, at) => {
      rank[name] = at
    })
    const rows = this.#countedRows().map((row) => {
      const { thread, name, fd } = this.describe(row)
      return { row, tid: tids[thread]!, name, rank: rank[name]!, fd }
    })
    rows.sort((a, b) => a.tid - b.tid || a.rank - b.rank || a.fd - b.fd)
    const sums = (column: 0 | 1 | 2 | 3) => Float64Array.from(rows, ({ row }) => this.#sum(row, column))
    return {
      length: rows.length,
      tid: Int32Array.from(rows, ({ tid }) => tid),
      name: Uint32Array.from(rows, ({ name }) => ids[name]!),
      fd: Int32Array.from(rows, ({ fd }) => fd),
      calls: sums(0),
      errors: sums(1),
      seconds: sums(2).map((micros) => micros / 1e6),
      resultSum: sums(3),
    }
  }

  /** Rows that count calls; those of made descriptors do not. */
  #countedRows(): number[] {
    const rows: number[] = []
    const known = this.#kernel.call.statisticsRows()
    for (let row = 0; row < known; row++) if (this.#sums.sums[row * SUM_WIDTH]! > 0) rows.push(row)
    this.#beyond.forEach(({ sums }, index) => {
      if (sums[0] > 0) rows.push(this.#kernel.mostSums + index)
    })
    return rows
  }

  #sum(row: number, column: 0 | 1 | 2 | 3): number {
    const beyond = this.#beyond[row - this.#kernel.mostSums]
    return beyond ? beyond.sums[column] : this.#sums.sums[row * SUM_WIDTH + column]!
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
