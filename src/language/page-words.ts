import type { Sentence } from '../model/sentence.ts'

export const PAGE_WORDS = {} as const satisfies Record<string, Sentence>
