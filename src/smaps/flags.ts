import type { StringTable } from '../base/string-table.ts'

/** The VmFlags that tell kinds, as bits (fs/proc/task_mmu.c, `show_smap_vma_flags`). */
export const FLAG = { ht: 1, pf: 2, io: 4, nh: 8, gu: 16, nr: 32 } as const

/** Bits of FLAG in VmFlags texts, by the text's id; a text is split once for all the tables that share its strings. */
export class FlagBits {
  readonly #strings: StringTable
  readonly #bits: number[] = []

  constructor(strings: StringTable) {
    this.#strings = strings
  }

  of(vmFlags: number): number {
    const known = this.#bits[vmFlags]
    if (known !== undefined) return known
    let bits = 0
    for (const flag of this.#strings.get(vmFlags).split(' ')) bits |= FLAG[flag as keyof typeof FLAG] ?? 0
    // Ids count up from 0, so the array stays dense enough.
    this.#bits[vmFlags] = bits
    return bits
  }
}
