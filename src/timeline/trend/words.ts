import { formatBytes, formatCount, formatDuration } from '../../base/format.ts'
import { HOUR } from '../../base/units.ts'
import type { Sentence } from '../../model/sentence.ts'
import { verbatim } from '../../model/sentence.ts'
import type { Quantity } from '../../model/timeline.ts'

/** An amount of a quantity in words: `12.3 MiB`, `8 mappings`. */
export function amount(quantity: Quantity, value: number): Sentence {
  if (quantity !== 'ranges') return verbatim(formatBytes(value))
  const count = formatCount(value)
  return {
    en: `${count} ${Math.abs(Math.round(value)) === 1 ? 'mapping' : 'mappings'}`,
    zh: `${count} 个映射`,
  }
}

/** A span of hours in words: `3 min 36 s`. */
export const span = (hours: number): Sentence => formatDuration(hours * HOUR)

/** Fills `{name}` places of both languages. */
export function fill(text: Sentence, places: Readonly<Record<string, Sentence | number>>): Sentence {
  const put = (language: 'en' | 'zh'): string =>
    text[language].replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = places[name]
      return value === undefined ? '' : typeof value === 'number' ? String(value) : value[language]
    })
  return { en: put('en'), zh: put('zh') }
}
