/**
 * A chart as plain data. Each chart file draws one process of the document; `dress.ts` turns the drawing into a Chart.js
 * configuration, once for the still image and once, from the JSON in the page, for the live chart.
 */

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

/** A chart before it is known whose it is and where it stands: what a chart file makes of one process. */
export interface Drawing {
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
