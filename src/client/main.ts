/**
 * The page's script. Everything it needs is in the page, and without it nothing is missing: it replaces the still
 * images by live charts and adds filters, sorting, comparison, copying, download and the choice of colours.
 */
import type { Island } from '../report/html/island.ts'
import { mountCharts } from './charts.ts'
import { mountCompare } from './compare.ts'
import { mountCopy } from './copy.ts'
import { all, byId } from './dom.ts'
import { mountDownload } from './download.ts'
import { mountFilters } from './filters.ts'
import { mountFolds } from './folds.ts'
import { mountScheme } from './scheme.ts'
import { mountTables } from './tables.ts'

const island = byId<HTMLScriptElement>('island')
if (island) {
  const { words, figures, report, whole } = JSON.parse(island.textContent) as Island
  for (const tool of all<HTMLElement>('.js')) tool.hidden = false
  const charts = mountCharts(figures)
  mountScheme(() => charts.redraw())
  mountTables(words)
  mountFilters(charts)
  if (report) mountCompare(report, words)
  mountCopy(words)
  if (report) mountDownload(report, whole)
  mountFolds()
}
