import { OpenArgument } from '../model/command-line.ts'
import type { Keeper } from './keeper.ts'
import { ProcessTable } from './process-table.ts'
import { cutLong, redactForm } from './side-line.ts'
import { hideWords } from './words.ts'

/**
 * The lines of one file of side evidence, in order: what a row of a table is, its header says, and an argument may
 * hold newlines.
 */
export class SideLines {
  readonly #keeper: Keeper
  readonly #plain: (line: string) => string
  readonly #argument = new OpenArgument()
  #table: ProcessTable | null = null
  #topOfThreads = false

  constructor(keeper: Keeper) {
    this.#keeper = keeper
    this.#plain = (line) => redactForm(line, keeper)
  }

  line(line: string): string {
    if (this.#argument.holds(line)) return hideWords(line, 'arguments', this.#keeper)
    return cutLong(line, this.#keeper, (head) => this.#row(head) ?? this.#plain(head))
  }

  #row(line: string): string | null {
    if (/^(?:Threads|Tasks):/.test(line)) this.#topOfThreads = line.startsWith('Threads:')
    const table = ProcessTable.below(line, this.#topOfThreads)
    if (table !== null) {
      this.#table = table
      return line
    }
    const row = this.#table?.row(line, this.#keeper, this.#plain) ?? null
    if (row === null) this.#table = null
    return row
  }
}
