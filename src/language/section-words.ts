import type { Sentence } from '../model/sentence.ts'

export const SECTION_WORDS = {} as const satisfies Record<string, Sentence>
