/** The one JSON island of the page: the figures for the live charts, and report.json itself. */
import { type Words, wordsIn } from '../../language/words.ts'
import type { Figure } from '../charts/figures.ts'
import type { ReportDocument } from '../document.ts'
import { compactJson } from '../serialise.ts'
import { DETAILS, type Detail } from './detail.ts'
import { escapeJson } from './escape-json.ts'

/** The words that the page's script says. */
const clientWords = (words: Words) => ({
  copied: words.page.copied,
  copyLink: words.page.copyLink,
  filterTable: words.page.filterTable,
  rowsShown: words.page.rowsShown,
  compareNothing: words.section.compareNothing,
  compareCut: words.section.compareCut,
  compare: words.section.compare,
  mapping: words.table.mapping,
  change: words.table.change,
  sizeDelta: words.table.sizeDelta,
  rssDelta: words.table.rssDelta,
  addresses: words.table.addresses,
  kinds: words.kind,
  changes: words.changeKind,
  colon: words.page.colon,
  separator: words.page.separator,
})
export type ClientWords = ReturnType<typeof clientWords>

/** What the page's script finds in the island. */
export interface Island {
  readonly words: ClientWords
  readonly figures: readonly Figure[]
  /** report.json, or what of it the page's size allows; `null` when it does not allow any. */
  readonly report: ReportDocument | null
  /** Whether `report` is report.json as it was written, byte for byte. */
  readonly whole: boolean
}

/**
 * The text of the island: JSON that cannot end its script element. Its keys are sorted, so that what the page offers for
 * download is report.json byte for byte.
 */
export function islandOf(document: ReportDocument, figures: readonly Figure[], detail: Detail): string {
  const island: Island = {
    words: clientWords(wordsIn(document.language)),
    figures,
    report: detail.report ? document : null,
    whole: detail === DETAILS[0],
  }
  return escapeJson(compactJson(island))
}
