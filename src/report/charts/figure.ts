/**
 * A chart as plain data. Each chart file turns the document into figures; `dress.ts` turns a figure into a Chart.js
 * configuration, once for the still image and once, from the JSON in the page, for the live chart.
 */

export type FigureSubject =
  | 'memory'
  | 'kinds'
  | 'ranges'
  | 'waterfall'
  | 'lineages'
  | 'strip'
  | 'held'
  | 'calls'
  | 'ages'
  | 'predicted'

/** What an axis counts. `time` is milliseconds of the captured host's wall clock. */
export type AxisUnit = 'time' | 'bytes' | 'count' | 'per-second' | 'category'

/** A value of a series: one number, an interval of a floating bar, or nothing known. */
export type FigureValue = number | null | readonly [number, number]

export interface FigureSeries {
  readonly label: string
  /** Place in the palette; also decides marker, dash and pattern, so that colour is never the only sign. */
  readonly tone: number
  readonly role: 'series' | 'trend' | 'low' | 'high'
  readonly values: readonly FigureValue[]
}

export interface FigureMark {
  readonly kind: 'onset' | 'restart' | 'gap' | 'traced' | 'limit'
  /** On the x axis, except `limit`, which lies on the y axis. */
  readonly from: number
  /** `null` for a line, else the end of the span. */
  readonly to: number | null
  readonly label: string
}

interface FigureTable {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly omitted: number
}

export interface Figure {
  readonly id: string
  readonly subject: FigureSubject
  readonly pid: number
  readonly title: string
  /** One sentence: what the chart shows, with figures. Also the text alternative of the still image. */
  readonly reading: string
  readonly form: 'line' | 'area' | 'bar' | 'strip'
  readonly stacked: boolean
  readonly x: {
    readonly unit: AxisUnit
    readonly title: string
    readonly values: readonly (number | string)[]
  }
  readonly y: { readonly unit: AxisUnit; readonly title: string; readonly fromZero: boolean }
  readonly series: readonly FigureSeries[]
  readonly marks: readonly FigureMark[]
  readonly table: FigureTable
}
