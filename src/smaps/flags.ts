import type { StringTable } from '../base/string-table.ts'

/** Answers whether a VmFlags text (by its id) holds a flag; every text is looked at once. */
export class FlagReader {
  readonly #strings: StringTable
  readonly #known = new Map<number, ReadonlySet<string>>()

  constructor(strings: StringTable) {
    this.#strings = strings
  }

  has(vmFlags: number, flag: string): boolean {
    if (vmFlags === 0) return false
    let flags = this.#known.get(vmFlags)
    if (!flags) {
      flags = new Set(this.#strings.get(vmFlags).split(' '))
      this.#known.set(vmFlags, flags)
    }
    return flags.has(flag)
  }
}
