import { ByteInterner } from '../base/byte-interner.ts'
import { StringTable } from '../base/string-table.ts'
import { type FlagTable, SHIFTS } from './tables/flags.ts'

/** Comments, and the mark of a call that died between its halves. */
const BESIDE = /\/\*.*?(?:\*\/|$)|<unfinished \.\.\.>/g

/**
 * Decodes one kind of flag word: `PROT_READ|PROT_WRITE`, `0x3`, a number with its names or `MAP_???` in a comment
 * behind it, `MAP_HUGETLB|21<<MAP_HUGE_SHIFT`. Each distinct text is decoded once.
 */
export class FlagReader {
  readonly #table: FlagTable
  readonly #unknown: (name: string) => void
  readonly #texts = new StringTable()
  readonly #interner = new ByteInterner(this.#texts)
  readonly #values: number[] = []
  readonly #kernel: (number | undefined)[] = []

  /** `unknown` is told each name that the table does not have, once. */
  constructor(table: FlagTable, unknown: (name: string) => void) {
    this.#table = table
    this.#unknown = unknown
  }

  /** The bits of `buffer[start, end)`; NaN for an empty range or text without any known part. */
  read(buffer: Uint8Array, start: number, end: number): number {
    const id = this.#interner.intern(buffer, start, end)
    if (id === 0) return Number.NaN
    const known = this.#values[id]
    if (known !== undefined) return known
    const value = this.#decode(this.#texts.get(id))
    while (this.#values.length < id) this.#values.push(Number.NaN)
    this.#values[id] = value
    return value
  }

  /** What a text of the kernel's was read as; undefined when it has not been, or is none (0). */
  known(text: number): number | undefined {
    return text === 0 ? undefined : this.#kernel[text]
  }

  /** Remembers what a text of the kernel's was read as. */
  keep(text: number, value: number): void {
    if (text > 0) this.#kernel[text] = value
  }

  #decode(text: string): number {
    let sum = 0
    let high = 0
    let found = false
    for (const part of text.replace(BESIDE, '').split('|')) {
      const value = this.#part(part.trim())
      if (Number.isNaN(value)) continue
      found = true
      // Bits above 31 do not survive `|`.
      sum |= value % 0x1_0000_0000
      high |= Math.floor(value / 0x1_0000_0000)
    }
    return found ? (high >>> 0) * 0x1_0000_0000 + (sum >>> 0) : Number.NaN
  }

  #part(part: string): number {
    const named = this.#table[part]
    if (named !== undefined) return named
    const shift = /^(\d+)<<(\w+)$/.exec(part)
    if (shift) return Number(shift[1]) * 2 ** (SHIFTS[shift[2]!] ?? 0)
    if (/^0x[0-9a-f]+$/i.test(part)) return Number(part)
    if (/^0[0-7]+$/.test(part)) return Number.parseInt(part, 8)
    if (/^\d+$/.test(part)) return Number(part)
    // As the kernel reads it: a damaged line can have a pointer where flags belong.
    if (part === 'NULL') return 0
    // Clone's exit signal stands among its flags.
    if (part.startsWith('SIG')) return 0
    if (part !== '') this.#unknown(part)
    return Number.NaN
  }
}
