/** Tables: sorting by tablesort, and a filter above every long one. */
import Tablesort from 'tablesort'
import { fill } from '../language/fill.ts'
import type { ClientWords } from '../report/html/island.ts'
import { all, element } from './dom.ts'
import { hideRow } from './rows.ts'

// tablesort turns the order of an ascending sort round afterwards, so these compare the other way.
Tablesort.extend(
  'number',
  () => false,
  (a, b) => Number(b) - Number(a),
)
Tablesort.extend(
  'text',
  () => false,
  (a, b) => b.localeCompare(a, 'en', { numeric: true }),
)

export function mountTables(words: ClientWords): void {
  for (const table of all<HTMLTableElement>('.table table')) {
    mountSort(table)
    if (table.hasAttribute('data-filterable')) mountFilter(table, words)
  }
}

/** Sorts on click, Enter (tablesort's own) and the space bar. */
export function mountSort(table: HTMLTableElement): void {
  new Tablesort(table)
  for (const head of all<HTMLTableCellElement>('thead th[tabindex]', table))
    head.addEventListener('keydown', (event) => {
      if (event.key !== ' ') return
      event.preventDefault()
      head.click()
    })
}

function mountFilter(table: HTMLTableElement, words: ClientWords): void {
  const input = element('input', { type: 'search', autocomplete: 'off', spellcheck: 'false' })
  const count = element('output')
  const caption = table.caption?.textContent ?? ''
  input.setAttribute('aria-label', `${words.filterTable}${words.colon}${caption}`)
  const rows = [...(table.tBodies[0]?.rows ?? [])].map((row) => ({
    row,
    text: row.textContent.toLowerCase(),
  }))
  input.addEventListener('input', () => {
    const wanted = input.value.trim().toLowerCase()
    let shown = 0
    for (const { row, text } of rows) {
      const hit = text.includes(wanted)
      hideRow(row, 'text', !hit)
      if (!row.hidden) shown++
    }
    count.value = wanted === '' ? '' : fill(words.rowsShown, { n: shown })
  })
  const label = element('label', {}, `${words.filterTable} `, input)
  table.closest('.scroll')?.before(element('p', { class: 'row-filter' }, label, count))
}
