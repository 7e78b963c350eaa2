/** Kinds of mappings and their bases as numbers, as tables hold them. */
import { BASES, KINDS } from '../model/mapping-kind.ts'

const indexes = <Word extends string>(words: readonly Word[]): Readonly<Record<Word, number>> =>
  Object.fromEntries(words.map((word, index) => [word, index])) as Record<Word, number>

export const KIND_INDEX = indexes(KINDS)
export const BASIS_INDEX = indexes(BASES)

/** Index of a mapping whose kind is still open. */
export const OPEN = 255
