import { OpenArgument } from '../model/command-line.ts'
import { NOWHERE, type Place, Places, placeOf } from '../model/place.ts'
import { redactCommandLine } from './command-line.ts'
import type { Keeper } from './keeper.ts'
import { ProcessTable } from './process-table.ts'
import { cutLong, redactComm, redactForm } from './side-line.ts'
import { hideWords } from './words.ts'

/**
 * The lines of one file of side evidence, in order: what a row of a table is, its header says; a name looks like
 * anything, and is one by its place; and an argument may hold newlines.
 */
export class SideLines {
  readonly #keeper: Keeper
  readonly #plain: (line: string) => string
  readonly #argument = new OpenArgument()
  readonly #places: Places
  #place: Place | null = null
  #table: ProcessTable | null = null
  #topOfThreads = false

  /** `path` of the file in the capture. */
  constructor(keeper: Keeper, path: string) {
    this.#keeper = keeper
    this.#places = new Places(placeOf(path, NOWHERE))
    this.#plain = (line) => redactForm(line, keeper)
  }

  line(line: string): string {
    if (this.#argument.holds(line)) return hideWords(line, 'arguments', this.#keeper)
    return cutLong(line, this.#keeper, (head) => this.#named(head) ?? this.#row(head) ?? this.#plain(head))
  }

  /** What the readers of `comm` and `cmdline` take: one line a place. */
  #named(line: string): string | null {
    const located = this.#places.locate(line)
    const place = located?.place ?? null
    if (place === null || (line === '' && place.source === 'cmdline')) return null
    const isFirst = place !== this.#place
    this.#place = place
    if (!isFirst || located!.text !== line) return null
    if (place.source === 'comm') return redactComm(line, this.#keeper)
    return place.source === 'cmdline' ? redactCommandLine(line, this.#keeper) : null
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
