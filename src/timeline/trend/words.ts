import { HOUR, KIB, MIB } from '../../base/units.ts'
import type { Sentence } from '../../model/sentence.ts'
import type { Quantity } from '../../model/timeline.ts'

/** An amount of a quantity in words: `12.3 MiB`, `8 ranges`. Three significant digits. */
export function amount(quantity: Quantity, value: number): Sentence {
  const digits = (number: number): string => {
    const size = Math.abs(number)
    return number.toFixed(size >= 100 || Number.isInteger(number) ? 0 : size >= 10 ? 1 : 2)
  }
  if (quantity === 'ranges') return { en: `${digits(value)} mappings`, zh: `${digits(value)} 个映射` }
  const size = Math.abs(value)
  const text =
    size >= 1024 * MIB
      ? `${digits(value / MIB / 1024)} GiB`
      : size >= MIB
        ? `${digits(value / MIB)} MiB`
        : `${digits(value / KIB)} KiB`
  return { en: text, zh: text }
}

/** A span in words: `3 min 20 s` as `200 s`, `45 min`, `6.5 h`, `3.0 d`. */
export function span(hours: number): Sentence {
  const seconds = (hours * HOUR) / 1e6
  if (seconds < 300) return { en: `${Math.round(seconds)} s`, zh: `${Math.round(seconds)} 秒` }
  if (seconds < 7200) return { en: `${Math.round(seconds / 60)} min`, zh: `${Math.round(seconds / 60)} 分钟` }
  if (hours < 48) return { en: `${hours.toFixed(1)} h`, zh: `${hours.toFixed(1)} 小时` }
  return { en: `${(hours / 24).toFixed(1)} days`, zh: `${(hours / 24).toFixed(1)} 天` }
}

/** Fills `{name}` places of both languages. */
export function fill(text: Sentence, places: Readonly<Record<string, Sentence | number>>): Sentence {
  const put = (language: 'en' | 'zh'): string =>
    text[language].replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = places[name]
      return value === undefined ? '' : typeof value === 'number' ? String(value) : value[language]
    })
  return { en: put('en'), zh: put('zh') }
}
