/**
 * Words for people, in every language of the tool. The type makes a missing translation a compile error;
 * report.json carries the language that was asked for, and codes where machines read.
 */
export const LANGUAGES = ['en', 'zh'] as const
export type Language = (typeof LANGUAGES)[number]
export type Sentence = Readonly<Record<Language, string>>

/** The same words in every language: numbers, commands, names from the evidence. */
export const verbatim = (text: string): Sentence => ({ en: text, zh: text })
