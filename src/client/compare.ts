/** The difference of two snapshots that the reader chooses: the sum of the changes between them. */
import { formatSignedBytes } from '../base/format.ts'
import { visibleText } from '../base/visible-text.ts'
import { regionLabel } from '../report/charts/region-label.ts'
import type { ReportDocument } from '../report/document.ts'
import type { ClientWords } from '../report/html/island.ts'
import { byId, element } from './dom.ts'
import { mountSort } from './tables.ts'

type Pair = ReportDocument['timeline'][number]
type Change = Pair['changes'][number]

interface Sum {
  readonly kinds: Set<Change['kind']>
  region: Change['region']
  sizeDelta: number
  rssDelta: number | null
}

/** Sums by lineage over the pairs between two snapshots of one process; biggest change first. */
export function sumChanges(pairs: readonly Pair[], from: string, to: string): Sum[] {
  const sums = new Map<string, Sum>()
  for (const pair of pairs) {
    if (pair.from < from || pair.to > to) continue
    for (const change of pair.changes) {
      const sum = sums.get(change.lineage)
      if (!sum) {
        sums.set(change.lineage, {
          kinds: new Set([change.kind]),
          region: change.region,
          sizeDelta: change.sizeDelta,
          rssDelta: change.rssDelta,
        })
        continue
      }
      sum.kinds.add(change.kind)
      sum.region = change.region
      sum.sizeDelta += change.sizeDelta
      sum.rssDelta = sum.rssDelta === null || change.rssDelta === null ? null : sum.rssDelta + change.rssDelta
    }
  }
  const weight = (sum: Sum) => Math.max(Math.abs(sum.sizeDelta), Math.abs(sum.rssDelta ?? 0))
  return [...sums.values()].filter((sum) => weight(sum) > 0).sort((a, b) => weight(b) - weight(a))
}

const ROWS = 200

function resultTable(sums: readonly Sum[], caption: string, words: ClientWords): HTMLTableElement {
  const head = [
    { label: words.mapping, numeric: false },
    { label: words.change, numeric: false },
    { label: words.sizeDelta, numeric: true },
    { label: words.rssDelta, numeric: true },
    { label: words.addresses, numeric: false },
  ]
  const amount = (value: number | null) =>
    element(
      'td',
      { class: 'num', 'data-sort': String(value ?? -1e300) },
      value === null ? '–' : formatSignedBytes(value),
    )
  return element(
    'table',
    {},
    element('caption', {}, caption),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        ...head.map(({ label, numeric }) =>
          element(
            'th',
            {
              scope: 'col',
              'data-sort-method': numeric ? 'number' : 'text',
              ...(numeric ? { class: 'num' } : {}),
            },
            label,
          ),
        ),
      ),
    ),
    element(
      'tbody',
      {},
      ...sums
        .slice(0, ROWS)
        .map(({ region, kinds, sizeDelta, rssDelta }) =>
          element(
            'tr',
            {},
            element(
              'th',
              { scope: 'row' },
              element('bdi', {}, visibleText(regionLabel(region, { kind: words.kinds }))),
            ),
            element('td', {}, [...kinds].map((kind) => words.changes[kind]).join(words.separator)),
            amount(sizeDelta),
            amount(rssDelta),
            element('td', {}, element('code', {}, `${region.start}–${region.end}`)),
          ),
        ),
    ),
  )
}

export function mountCompare(report: ReportDocument, words: ClientWords): void {
  const earlier = byId<HTMLSelectElement>('compare-from')
  const later = byId<HTMLSelectElement>('compare-to')
  const result = byId('compare-result')
  if (!earlier || !later || !result) return
  const snapshots = new Map(report.snapshots.map((snapshot) => [snapshot.file, snapshot]))

  const show = () => {
    const chosen = [snapshots.get(earlier.value), snapshots.get(later.value)]
    const [a, b] = chosen[0] && chosen[1] && chosen[0].time > chosen[1].time ? chosen.reverse() : chosen
    if (!a || !b) return
    const pairs = report.timeline.filter((pair) => pair.pid === b.pid)
    const sums = a.pid === b.pid ? sumChanges(pairs, a.time, b.time) : []
    const cut = pairs.some((pair) => pair.omitted > 0 && pair.from >= a.time && pair.to <= b.time)
    const caption = `${words.compare}${words.colon}${a.time.slice(11)} – ${b.time.slice(11)}`
    if (sums.length === 0) {
      result.replaceChildren(element('p', {}, words.compareNothing))
      return
    }
    const table = resultTable(sums, caption, words)
    const scroll = element(
      'div',
      { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': caption },
      table,
    )
    result.replaceChildren(scroll, ...(cut ? [element('p', { class: 'note' }, words.compareCut)] : []))
    mountSort(table)
  }

  /** Only snapshots of the same process can be compared. */
  const alignLater = () => {
    const pid = earlier.selectedOptions[0]?.dataset.pid
    for (const option of later.options) option.disabled = option.dataset.pid !== pid
    if (!later.selectedOptions[0]?.disabled) return
    const fitting = [...later.options].filter((option) => !option.disabled).at(-1)
    if (fitting) later.value = fitting.value
  }
  earlier.addEventListener('change', () => {
    alignLater()
    show()
  })
  later.addEventListener('change', show)
  later.selectedIndex = later.options.length - 1
  alignLater()
  show()
}
