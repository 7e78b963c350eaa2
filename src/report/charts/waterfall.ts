/** From the first snapshot to the last: which kinds of mapping make the difference. */
import { formatBytes, formatSignedBytes } from '../../base/format.ts'
import { fill } from '../../language/fill.ts'
import { KINDS, type MappingKind } from '../../model/mapping-kind.ts'
import type { Drawing, FigureValue } from './drawing.ts'
import type { ChartSubject } from './subject.ts'

const STEPS_SHOWN = 6

type Snapshot = ChartSubject['snapshots'][number]

interface Step {
  readonly label: string
  readonly delta: number
}

export function waterfallFigure(subject: ChartSubject): Drawing | null {
  const { words } = subject
  const usable = subject.snapshots.filter((snapshot) => !snapshot.truncated && snapshot.vmaCount > 0)
  const first = usable[0]
  const last = usable.at(-1)
  if (!first || !last || first === last) return null
  const resident = first.rssBytes !== null && last.rssBytes !== null
  const total = (snapshot: Snapshot) => (resident ? snapshot.rssBytes! : snapshot.sizeBytes)
  const shown = largestSteps(first, last, resident, words)
  if (shown.length === 0) return null
  const categories = [
    words.chart.first as string,
    ...shown.map((step) => step.label),
    words.chart.last as string,
  ]
  const bars = floatingBars(
    total(first),
    shown.map((step) => step.delta),
    total(last),
  )
  const only = (keep: (delta: number | null) => boolean): FigureValue[] =>
    bars.map((bar) => (keep(bar.delta) ? bar.interval : null))
  return {
    title: fill(words.chart.waterfallTitle, { process: subject.name }),
    reading: fill(words.chart.waterfallReading, {
      first: formatBytes(total(first)),
      last: formatBytes(total(last)),
      top: shown[0]!.label,
      delta: formatSignedBytes(shown[0]!.delta),
    }),
    form: 'bar',
    stacked: true,
    x: { unit: 'category', title: words.chart.axisKinds, values: categories },
    y: { unit: 'bytes', title: words.chart.axisBytes, fromZero: true },
    series: [
      { label: words.chart.level, tone: 0, role: 'series', values: only((delta) => delta === null) },
      {
        label: words.chart.grew,
        tone: 1,
        role: 'series',
        values: only((delta) => delta !== null && delta >= 0),
      },
      {
        label: words.chart.shrank,
        tone: 2,
        role: 'series',
        values: only((delta) => delta !== null && delta < 0),
      },
    ],
    marks: [],
    table: {
      head: [words.table.kind, words.table.change],
      rows: [
        [words.chart.first, formatBytes(total(first))],
        ...shown.map((step) => [step.label, formatSignedBytes(step.delta)]),
        [words.chart.last, formatBytes(total(last))],
      ],
      omitted: 0,
    },
  }
}

/** What the kinds of mapping grew and shrank by, the largest first; the others together. */
function largestSteps(
  first: Snapshot,
  last: Snapshot,
  resident: boolean,
  words: ChartSubject['words'],
): Step[] {
  const amount = (snapshot: Snapshot, kind: MappingKind): number => {
    const row = snapshot.byKind.find((entry) => entry.kind === kind)
    return row ? (resident ? (row.rssBytes ?? 0) : row.sizeBytes) : 0
  }
  const steps = KINDS.map((kind) => ({
    label: words.kind[kind] as string,
    delta: amount(last, kind) - amount(first, kind),
  }))
    .filter((step) => step.delta !== 0)
    .sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta))
  const rest = steps.slice(STEPS_SHOWN).reduce((sum, step) => sum + step.delta, 0)
  const shown = steps.slice(0, STEPS_SHOWN)
  return rest === 0 ? shown : [...shown, { label: words.chart.others, delta: rest }]
}

function floatingBars(first: number, deltas: readonly number[], last: number) {
  let level = first
  return [
    { interval: [0, first] as const, delta: null },
    ...deltas.map((delta) => {
      const interval = [level, level + delta] as const
      level += delta
      return { interval, delta }
    }),
    { interval: [0, last] as const, delta: null },
  ]
}
