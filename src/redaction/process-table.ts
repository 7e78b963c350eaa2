import { THREAD_COLUMNS } from '../model/command-line.ts'
import { account, isPlainValue, redactCommand, redactCommandLine } from './command-line.ts'
import type { Keeper } from './keeper.ts'
import { redactName } from './paths.ts'
import { redactText } from './text.ts'
import { keepKernelWords } from './words.ts'

/** The column names of ps and top; the command stands last. */
const HEADER = /^[A-Z%+#/\s]*(?:CMD|COMMAND)\s*$/
const ACCOUNT_COLUMN = /^(?:(?:[ERSFL]|SUP)?(?:USER|UID|GROUP|GRP|GID)|OWNER)$/
const NAME_COLUMN = /^(?:CMD|COMMAND)$/
/** Columns that print more than one word, so that what follows cannot be counted. */
const WIDE_COLUMN = 'STARTED'
/** With these CMD is a command line, whatever its length. */
const LINE_COLUMN = /^(?:UID|USER|%CPU)$/
const TOP_COLUMN = 'VIRT'
/** Where in the kernel a thread waits. */
const KERNEL_COLUMN = 'WCHAN'

/**
 * The rows below one header of ps or top: which column is an account and where the command begins stands in the header
 * alone.
 */
export class ProcessTable {
  readonly #columns: readonly string[]
  readonly #pid: number
  readonly #isLine: boolean
  readonly #ofThreads: boolean
  /** Columns that can be counted, the command not among them. */
  readonly #counted: number

  private constructor(columns: readonly string[], topOfThreads: boolean) {
    this.#columns = columns
    this.#pid = columns.indexOf('PID')
    const isTop = columns.includes(TOP_COLUMN)
    this.#isLine = !isTop && columns.some((name) => LINE_COLUMN.test(name))
    this.#ofThreads = isTop ? topOfThreads : columns.some((name) => THREAD_COLUMNS.includes(name))
    const wide = columns.indexOf(WIDE_COLUMN)
    this.#counted = wide < 0 ? columns.length - 1 : wide
  }

  /** `topOfThreads`: whether top counted threads above. */
  static below(line: string, topOfThreads: boolean): ProcessTable | null {
    if (!HEADER.test(line)) return null
    const columns = line.trim().split(/\s+/)
    return columns.includes('PID') && NAME_COLUMN.test(columns.at(-1)!)
      ? new ProcessTable(columns, topOfThreads)
      : null
  }

  /** `null` for what is no row; `plain` takes the part whose columns cannot be counted. */
  row(line: string, keeper: Keeper, plain: (line: string) => string): string | null {
    const form = /(\s*)(\S+)/gy
    let shown = ''
    let end = 0
    for (let column = 0; column < this.#counted; column++) {
      const [, gap, value] = form.exec(line) ?? []
      if (value === undefined || (column === this.#pid && !/^\d{1,10}$/.test(value))) return null
      shown += gap + this.#value(column, value, keeper)
      end = form.lastIndex
    }
    if (this.#counted < this.#columns.length - 1) return plain(shown + line.slice(end))
    const [, gap, command] = /^(\s+)(\S.*)$/s.exec(line.slice(end)) ?? []
    if (command === undefined) return null
    return (
      shown +
      gap +
      (this.#isLine ? redactCommandLine(command, keeper) : redactCommand(command, this.#ofThreads, keeper))
    )
  }

  #value(column: number, value: string, keeper: Keeper): string {
    const name = this.#columns[column]!
    if (ACCOUNT_COLUMN.test(name)) return account(value, keeper)
    if (NAME_COLUMN.test(name)) return redactName(value, keeper)
    if (isPlainValue(value)) return value
    return name === KERNEL_COLUMN && !keeper.strict
      ? redactText(value, keeper)
      : keepKernelWords(value, 'side-line', keeper)
  }
}
