/** Resident memory (or size, where nothing better is known) by kind of mapping, stacked, over time. */

import { parseTime } from '../../base/clock-text.ts'
import { greatest } from '../../base/extremes.ts'
import { formatBytes, formatMoment, formatSignedBytes } from '../../base/format.ts'
import { fill } from '../../language/fill.ts'
import { KINDS, type MappingKind } from '../../model/mapping-kind.ts'
import type { ReportDocument } from '../document.ts'
import { keepIndices, spread } from '../sampling.ts'
import type { Drawing } from './drawing.ts'
import { marksOf } from './marks.ts'
import { type ChartSubject, milliseconds } from './subject.ts'

type Snapshot = ReportDocument['snapshots'][number]

const KINDS_SHOWN = 6
const TABLE_ROWS = 16

export function kindsFigure(subject: ChartSubject): Drawing | null {
  const { words } = subject
  const usable = subject.snapshots.filter((snapshot) => !snapshot.truncated && snapshot.vmaCount > 0)
  if (usable.length === 0) return null
  const resident = usable.some((snapshot) => snapshot.rssBytes !== null)
  const amount = (snapshot: Snapshot, kind: MappingKind): number | null => {
    const row = snapshot.byKind.find((entry) => entry.kind === kind)
    return row === undefined ? 0 : resident ? row.rssBytes : row.sizeBytes
  }
  const peak = (kind: MappingKind) => greatest(usable.map((snapshot) => amount(snapshot, kind) ?? 0))
  const present = KINDS.filter((kind) => peak(kind) > 0).sort((a, b) => peak(b) - peak(a))
  if (present.length === 0) return null
  const shown = present.slice(0, KINDS_SHOWN)
  const rest = present.slice(KINDS_SHOWN)
  const kept = keepIndices(
    usable.map((snapshot) => snapshot.rssBytes ?? snapshot.sizeBytes),
    subject.points,
  ).map((i) => usable[i]!)
  const times = kept.map((row) => milliseconds(row.time))
  const others = (snapshot: Snapshot) => rest.reduce((sum, kind) => sum + (amount(snapshot, kind) ?? 0), 0)
  const columns = [
    ...shown.map((kind) => ({ label: words.kind[kind] as string, of: (row: Snapshot) => amount(row, kind) })),
    ...(rest.length > 0 ? [{ label: words.chart.others as string, of: others }] : []),
  ]
  const { kept: rows, omitted } = spread(usable, TABLE_ROWS)
  const start = parseTime(usable[0]!.time)
  return {
    title: fill(words.chart.kindsTitle, { process: subject.name }),
    reading: reading(subject, usable, present, amount),
    form: 'area',
    stacked: true,
    x: { unit: 'time', title: words.chart.axisTime, values: times },
    y: { unit: 'bytes', title: words.chart.axisBytes, fromZero: true },
    series: columns.map(({ label, of }, tone) => ({ label, tone, role: 'series', values: kept.map(of) })),
    marks: marksOf(subject, null, times),
    table: {
      head: [words.table.time, ...columns.map(({ label }) => label)],
      rows: rows.map((row) => [
        formatMoment(parseTime(row.time), start),
        ...columns.map(({ of }) => {
          const value = of(row)
          return value === null ? '–' : formatBytes(value)
        }),
      ]),
      omitted,
    },
  }
}

function reading(
  subject: ChartSubject,
  usable: readonly Snapshot[],
  present: readonly MappingKind[],
  amount: (snapshot: Snapshot, kind: MappingKind) => number | null,
): string {
  const { words } = subject
  const changes = present
    .map((kind) => {
      const first = amount(usable[0]!, kind) ?? 0
      const last = amount(usable.at(-1)!, kind) ?? 0
      return { kind, first, last, delta: last - first }
    })
    .sort((a, b) => Math.abs(b.delta) - Math.abs(a.delta))
  const top = changes[0]!
  if (Math.abs(top.delta) < 64 * 1024)
    return fill(words.chart.kindsStill, { delta: formatBytes(Math.abs(top.delta)) })
  return fill(words.chart.kindsReading, {
    kind: words.kind[top.kind],
    delta: formatSignedBytes(top.delta),
    first: formatBytes(top.first),
    last: formatBytes(top.last),
  })
}
