import type { SummaryTable } from '../model/trace.ts'

/**
 * The table of `strace -c`, `-C`, `-w`, `-U`:
 *   % time     seconds  usecs/call     calls    errors syscall
 *   ------ ----------- ----------- --------- --------- ----------------
 *    80.32    1.476279         717      2058         9 futex
 * Columns can be chosen and ordered (-U, 5.6), widths grow, the errors column is blank when there are none. The
 * column of a number is the one whose right end it stands under. It cannot know which thread made a call.
 */

type Row = SummaryTable['rows'][number]

interface ColumnSpan {
  readonly name: string
  readonly start: number
  readonly end: number
}

/** Header words and the fields they fill; others (`usecs/call`, `shortest`, `longest`) are read over. */
const FIELDS: Readonly<Record<string, 'percent' | 'seconds' | 'calls' | 'errors'>> = {
  '% time': 'percent',
  seconds: 'seconds',
  calls: 'calls',
  errors: 'errors',
}
const HEADER_WORDS = /% time|\S+/g
const HEADER =
  /^\s*(?:% time|seconds|calls|errors|usecs\/call|(?:wall-)?\w+)(?:\s+\S+)*\s+syscall\s*$|^\s*syscall\s+/
const RULE = /^-{4,}(?: -{4,})+\s*$/
const TITLE = /^System call usage summary for (.+):\s*$/

/** Whether a table may begin with this line: its header, or the title before it. */
export const beginsSummary = (text: string): boolean =>
  TITLE.test(text) ||
  (/^\s*(?:% time\b|calls\b|seconds\b|errors\b|usecs\/call\b|syscall\b)/.test(text) && HEADER.test(text))

/** Reads tables line by line; `take` returns false for a line that belongs to none. */
export class SummaryReader {
  readonly tables: SummaryTable[] = []
  readonly #file: string
  #title: string | null = null
  #columns: ColumnSpan[] | null = null
  #rows: Row[] = []
  #rules = 0

  constructor(file: string) {
    this.#file = file
  }

  /** Whether a table has begun and its total has not come. */
  get open(): boolean {
    return this.#columns !== null || this.#title !== null
  }

  take(text: string, line: number): boolean {
    const title = TITLE.exec(text)
    if (title) {
      this.finish()
      this.#title = title[1]!
      return true
    }
    if (beginsSummary(text)) {
      const named = this.#title
      if (this.#columns) this.finish()
      this.#title = this.#title ?? named
      this.#columns = [...text.matchAll(HEADER_WORDS)].map((word) => ({
        name: word[0],
        start: word.index,
        end: word.index + word[0].length,
      }))
      return true
    }
    if (!this.#columns) return false
    if (RULE.test(text)) {
      if (this.#rules++ === 0) this.#alignTo(text)
      return true
    }
    const row = this.#row(text, line)
    if (!row) return false
    // Behind the second rule stands the total, which is the sum of the rows and nothing of its own.
    if (this.#rules >= 2 && row.name === 'total') this.finish()
    else this.#rows.push(row)
    return true
  }

  /** Closes the table under way, complete or not. */
  finish(): void {
    if (this.#columns) this.tables.push({ file: this.#file, title: this.#title, rows: this.#rows })
    this.#title = null
    this.#columns = null
    this.#rows = []
    this.#rules = 0
  }

  /** The dashes span the columns exactly. */
  #alignTo(rule: string): void {
    const dashes = [...rule.matchAll(/-+/g)]
    const columns = this.#columns!
    if (dashes.length !== columns.length) return
    this.#columns = columns.map(({ name }, index) => {
      const start = dashes[index]!.index
      return { name, start, end: start + dashes[index]![0].length }
    })
  }

  #row(text: string, line: number): Row | null {
    const columns = this.#columns!
    const words = [...text.matchAll(/\S+/g)]
    const nameColumn = columns.findIndex((column) => column.name === 'syscall')
    const nameLast = nameColumn === columns.length - 1
    const nameWord = nameLast ? words.at(-1) : words[0]
    const name = nameWord?.[0] ?? ''
    const numbers = nameLast ? words.slice(0, -1) : words.slice(1)
    if (
      !/^[a-z_?][\w#?]*$/i.test(name) ||
      numbers.length === 0 ||
      !numbers.every((word) => /^\d+(?:\.\d+)?$/.test(word[0]))
    )
      return null
    const values: Record<'percent' | 'seconds' | 'calls' | 'errors', number | null> = {
      percent: null,
      seconds: null,
      calls: null,
      errors: null,
    }
    const numeric = columns.filter((column) => column.name !== 'syscall')
    numbers.forEach((word, index) => {
      // All columns filled: by order. Otherwise by the nearest right end, because only `errors` can be blank.
      const column =
        numbers.length === numeric.length ? numeric[index]! : nearest(numeric, word.index + word[0].length)
      const field = FIELDS[column.name]
      if (field) values[field] = Number(word[0])
    })
    if (values.errors === null && columns.some((column) => column.name === 'errors')) values.errors = 0
    return { name, ...values, line }
  }
}

const nearest = (columns: readonly ColumnSpan[], end: number): ColumnSpan =>
  columns.reduce((best, column) => (Math.abs(column.end - end) < Math.abs(best.end - end) ? column : best))
