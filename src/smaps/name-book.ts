import type { StringTable } from '../base/string-table.ts'
import { FlagBits } from './flags.ts'
import { NAME_RULES, type NameRule } from './name-kinds.ts'

/** PATH_MAX and what the kernel puts around it. */
const LONGEST_NAME = 4200

const JVM_LIBRARY = /(?:^|\/)libjvm\.so(?: \(deleted\))?$/

/** What a name tells whatever mapping bears it. */
export interface NameFacts {
  /** Rules whose pattern matches, in order. */
  readonly rules: readonly NameRule[]
  readonly isJvm: boolean
  /** Kinds that were found for it, by permissions and whether it has an inode. */
  readonly kinds: (number | undefined)[]
}

/** Facts about names and VmFlags texts by id: each text is looked at once for all the tables that share its strings. */
export class NameBook {
  readonly flags: FlagBits
  readonly #strings: StringTable
  readonly #facts: NameFacts[] = []

  private constructor(strings: StringTable) {
    this.#strings = strings
    this.flags = new FlagBits(strings)
  }

  static readonly #books = new WeakMap<StringTable, NameBook>()

  static of(strings: StringTable): NameBook {
    let book = NameBook.#books.get(strings)
    if (!book) {
      book = new NameBook(strings)
      NameBook.#books.set(strings, book)
    }
    return book
  }

  facts(name: number): NameFacts {
    const known = this.#facts[name]
    if (known) return known
    const text = this.#strings.get(name)
    const facts = {
      rules: text.length > LONGEST_NAME ? [] : NAME_RULES.filter((rule) => rule.pattern.test(text)),
      isJvm: JVM_LIBRARY.test(text),
      kinds: [],
    }
    this.#facts[name] = facts
    return facts
  }
}
