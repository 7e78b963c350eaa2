/** Small parts of speech: sentences in every language, put together without a locale. */
import type { Sentence } from '../../model/sentence.ts'

/** A sentence from its two spellings. */
export const say = (en: string, zh: string): Sentence => ({ en, zh })

/** Sentences one after another: a space in English, nothing in Chinese. Missing ones are left out. */
export function paragraph(...parts: readonly (Sentence | null)[]): Sentence {
  const present = parts.filter((part) => part !== null)
  return { en: present.map((part) => part.en).join(' '), zh: present.map((part) => part.zh).join('') }
}

/** The word alone: `mapping` beside 1, `mappings` beside 3. */
export const plural = (count: number, one: string, many = `${one}s`): string => (count === 1 ? one : many)

/** The sentence with its full stop, where its writer left it out. */
export const ended = ({ en, zh }: Sentence): Sentence => ({
  en: /[.!?]$/.test(en) ? en : `${en}.`,
  zh: ['。', '！', '？'].some((stop) => zh.endsWith(stop)) ? zh : `${zh}。`,
})

/** Latin letters and digits before Chinese ones are set off by a blank. */
export const beforeHan = (text: string): string => (/[\x20-\x7e]$/.test(text) ? `${text} ` : text)
