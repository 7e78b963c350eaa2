/** A chart in the page: its sentence, its still image, its legend, and its figures under a fold. */
import { formatBytes, formatMoment } from '../../base/format.ts'
import type { Figure } from '../charts/figures.ts'
import type { Still } from '../charts/still.ts'
import type { ViewContext } from './context.ts'
import { cell, figures, type Table, table, words } from './table.ts'

export interface FigureView {
  readonly id: string
  readonly pid: number
  readonly title: string
  readonly reading: string
  /** `null` when the page's budget left the still image out. */
  readonly still: { readonly src: string; readonly width: number; readonly height: number } | null
  readonly timed: boolean
  readonly legend: readonly {
    readonly label: string
    readonly mark: string
    readonly tone: string
    readonly index: string
  }[]
  readonly marks: readonly string[]
  readonly scaleNote: string
  readonly table: Table
}

const TONES = 8

export function figureView(figure: Figure, still: Still | null, context: ViewContext): FigureView {
  const { chart, page } = context.words
  const start = figure.x.unit === 'time' ? Number(figure.x.values[0] ?? 0) * 1000 : 0
  const at = (value: number) => formatMoment(value * 1000, start)
  return {
    id: figure.id,
    pid: figure.pid,
    title: figure.title,
    reading: figure.reading,
    still: still && {
      src: `data:${still.mime};base64,${Buffer.from(still.bytes).toString('base64')}`,
      width: still.width,
      height: still.height,
    },
    timed: figure.x.unit === 'time',
    legend: figure.series.flatMap((series, index) =>
      series.role === 'low' || series.role === 'high'
        ? []
        : [
            {
              label: series.label,
              mark: figure.form === 'line' ? 'line' : 'fill',
              tone: String(series.tone % TONES),
              index: String(index),
            },
          ],
    ),
    marks: figure.marks.map((mark) =>
      mark.kind === 'limit'
        ? `${mark.label} ${formatBytes(mark.from)}`
        : mark.to === null
          ? `${mark.label} ${at(mark.from)}`
          : `${mark.label} ${at(mark.from)}–${at(mark.to)}`,
    ),
    scaleNote: context.fill(figure.y.fromZero ? chart.axisNote : chart.axisNoteNotZero, {
      y: figure.y.title,
      x: figure.x.title,
    }),
    table: table(
      context,
      `${figure.id}-data`,
      `${page.dataTable}: ${figure.title}`,
      figure.table.head.map((label, index) => (index === 0 ? words(label) : figures(label))),
      figure.table.rows.map((row) => ({ pid: figure.pid, cells: row.map((text) => cell(text)) })),
      { rows: 60, more: figure.table.omitted, sortable: false },
    ),
  }
}
