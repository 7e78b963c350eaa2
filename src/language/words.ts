/**
 * The catalogue of the page's own words, in every language of the tool. `satisfies` makes a missing translation a
 * compile error; a key that no template uses is found by a test. What rules and parsers say lives beside them.
 */
import type { Language, Sentence } from '../model/sentence.ts'
import { CHANGE_WORDS, EVENT_WORDS } from './change-words.ts'
import { CHART_WORDS } from './chart-words.ts'
import { GATE_WORDS } from './gate-words.ts'
import { GLOSSARY } from './glossary.ts'
import { KIND_WORDS, MECHANISM_WORDS } from './kind-words.ts'
import { PAGE_WORDS } from './page-words.ts'
import { SECTION_WORDS } from './section-words.ts'
import { TABLE_WORDS } from './table-words.ts'

export const WORDS = {
  page: PAGE_WORDS,
  section: SECTION_WORDS,
  table: TABLE_WORDS,
  chart: CHART_WORDS,
  gate: GATE_WORDS,
  kind: KIND_WORDS,
  changeKind: CHANGE_WORDS,
  eventKind: EVENT_WORDS,
  mechanism: MECHANISM_WORDS,
  glossary: GLOSSARY,
} as const satisfies Record<string, Record<string, Sentence>>

/** The same catalogue in one language. */
export type Words = {
  readonly [Group in keyof typeof WORDS]: { readonly [Key in keyof (typeof WORDS)[Group]]: string }
}

const translate = (language: Language): Words =>
  Object.fromEntries(
    Object.entries(WORDS).map(([group, entries]) => [
      group,
      Object.fromEntries(
        Object.entries(entries as Record<string, Sentence>).map(([key, sentence]) => [
          key,
          sentence[language],
        ]),
      ),
    ]),
  ) as unknown as Words

const CATALOGUES: Record<Language, Words> = { en: translate('en'), zh: translate('zh') }

export const wordsIn = (language: Language): Words => CATALOGUES[language]
