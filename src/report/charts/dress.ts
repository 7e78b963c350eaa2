/** A figure as a Chart.js configuration: scales, ticks, colours, marks. Used in Node for stills, in the page for live charts. */

import type { ChartConfiguration, ChartDataset, Scale, ScriptableContext } from 'chart.js'
import { formatClock } from '../../base/format.ts'
import type { Drawing, FigureMark, FigureSeries } from './drawing.ts'
import { DASHES, GROUND, MARKERS, type Scheme, TONES, withAlpha } from './theme.ts'
import { amountLabel, niceStep, timeLabel, timeTicks } from './ticks.ts'

export interface Dressing {
  readonly scheme: Scheme
  readonly fontFamily: string
  readonly fontSize: number
  /** The fill pattern of a tone, made by whoever has a canvas. */
  readonly pattern: (tone: number) => unknown
  readonly live: boolean
}

const colourOf = (tone: number, scheme: Scheme): string => TONES[scheme][tone % TONES[scheme].length]!

/** The whole configuration. Nothing in it comes from the network, the locale or the clock. */
export function dress(figure: Drawing, dressing: Dressing): ChartConfiguration {
  const ground = GROUND[dressing.scheme]
  const configuration = {
    type: figure.form === 'line' || figure.form === 'area' ? 'line' : 'bar',
    data: {
      ...(figure.x.unit === 'category' ? { labels: [...figure.x.values] } : {}),
      datasets: figure.series.map((series) => dataset(figure, series, dressing)),
    },
    options: {
      animation: false,
      responsive: dressing.live,
      maintainAspectRatio: false,
      ...(dressing.live ? {} : { devicePixelRatio: 2 }),
      ...(figure.form === 'strip' ? { indexAxis: 'y' } : {}),
      layout: { padding: { top: figure.marks.length > 0 ? 6 : 2, right: 10, bottom: 0, left: 0 } },
      font: { family: dressing.fontFamily, size: dressing.fontSize },
      color: ground.text,
      interaction: { mode: figure.form === 'strip' ? 'nearest' : 'index', intersect: false },
      scales: scales(figure, dressing),
      plugins: {
        legend: { display: false },
        title: { display: false },
        tooltip: { enabled: dressing.live, callbacks: tooltips(figure) },
        annotation: { annotations: annotations(figure, dressing) },
      },
    },
  }
  // Chart.js types tie every key to the chart type; a figure's form is only known at run time.
  return configuration as unknown as ChartConfiguration
}

/** What hovering says: the moment or the bar, and each series with its unit. */
function tooltips(figure: Drawing): Record<string, unknown> {
  const amount = (value: number) => amountLabel(value, figure.form === 'strip' ? 'bytes' : figure.y.unit)
  return {
    title: (items: { parsed: { x: number }; label: string }[]) =>
      figure.x.unit === 'time' && items[0]
        ? formatClock(items[0].parsed.x * 1000)
        : (items[0]?.label.trim() ?? ''),
    label: (item: { dataset: { label: string }; raw: unknown; parsed: { y: number } }) => {
      const value = spanOf(item.raw) ?? item.parsed.y
      return `${item.dataset.label}: ${amount(value)}`
    },
  }
}

/** The length of a floating bar; `null` for a plain value. */
function spanOf(raw: unknown): number | null {
  const interval = Array.isArray(raw) ? raw : (raw as { x?: unknown } | null)?.x
  return Array.isArray(interval) ? Math.abs(Number(interval[1]) - Number(interval[0])) : null
}

function dataset(figure: Drawing, series: FigureSeries, dressing: Dressing): ChartDataset {
  const colour = colourOf(series.tone, dressing.scheme)
  const common = { label: series.label, data: points(figure, series) }
  if (figure.form === 'bar' || figure.form === 'strip')
    return {
      ...common,
      backgroundColor: dressing.pattern(series.tone),
      borderColor: colour,
      borderWidth: figure.form === 'strip' ? 0.5 : 1.2,
      grouped: figure.form !== 'strip',
      barPercentage: figure.form === 'strip' ? 1 : 0.9,
      categoryPercentage: 0.8,
      maxBarThickness: 72,
      skipNull: true,
    } as unknown as ChartDataset
  const band = series.role === 'low' || series.role === 'high'
  const main = series.role === 'series'
  return {
    ...common,
    borderColor: band ? withAlpha(colour, 0.5) : colour,
    backgroundColor:
      figure.form === 'area' ? dressing.pattern(series.tone) : withAlpha(colour, band ? 0.14 : 0.9),
    borderWidth: band ? 1 : series.role === 'trend' ? 1.5 : 2,
    borderDash: [...(main ? DASHES[series.tone % DASHES.length]! : band ? [2, 2] : [6, 3])],
    pointStyle: MARKERS[series.tone % MARKERS.length],
    pointRadius: main && figure.form === 'line' ? markerRadius(figure.x.values.length) : 0,
    pointHitRadius: 8,
    pointHoverRadius: main ? 5 : 0,
    fill:
      figure.form === 'area' ? (series.tone === 0 ? 'origin' : '-1') : series.role === 'high' ? '-1' : false,
    spanGaps: false,
    tension: 0,
  } as unknown as ChartDataset
}

/** About fourteen markers a line: enough to tell the lines apart, too few to hide them. */
const markerRadius = (count: number) => {
  const every = Math.max(1, Math.ceil(count / 14))
  return (context: ScriptableContext<'line'>) =>
    (context.dataIndex + context.datasetIndex * Math.ceil(every / 4)) % every === 0 ? 3.5 : 0
}

function points(figure: Drawing, series: FigureSeries): unknown[] {
  if (figure.form === 'strip')
    return series.values.map((value) => ({ x: value, y: series.role === 'trend' ? ' ' : '' }))
  if (figure.x.unit === 'category') return [...series.values]
  return series.values.map((value, index) => ({ x: figure.x.values[index], y: value }))
}

function scales(figure: Drawing, dressing: Dressing): Record<string, unknown> {
  const ground = GROUND[dressing.scheme]
  const ticks = { color: ground.text, font: { family: dressing.fontFamily, size: dressing.fontSize } }
  const grid = { color: ground.grid, tickColor: ground.grid }
  const border = { color: ground.text }
  const stripStep = niceStep(Number(figure.x.values.at(-1) ?? 0), 'bytes')
  if (figure.form === 'strip')
    return {
      x: {
        ...amountScale(Number(figure.x.values[1]), 'bytes', ticks),
        max: Math.ceil(Number(figure.x.values[1]) / stripStep) * stripStep,
        grid,
        border,
      },
      y: {
        type: 'category',
        labels: ['', ' '],
        stacked: true,
        ticks: { display: false },
        grid: { display: false },
        border,
      },
    }
  const most = highest(figure)
  const step = niceStep(most, figure.y.unit)
  const y = {
    ...amountScale(most, figure.y.unit, ticks),
    max: Math.max(step, Math.ceil((most * 1.02) / step) * step),
    stacked: figure.stacked && figure.form === 'area',
    grid,
    border,
  }
  if (figure.x.unit === 'category')
    return {
      x: {
        type: 'category',
        stacked: figure.stacked,
        ticks: { ...ticks, autoSkip: false, maxRotation: 40 },
        grid: { display: false },
        border,
      },
      y: { ...y, stacked: figure.stacked },
    }
  return { x: timeScale(figure, ticks, grid, border), y }
}

function amountScale(most: number, unit: Drawing['y']['unit'], ticks: object): Record<string, unknown> {
  return {
    type: 'linear',
    min: 0,
    ticks: {
      ...ticks,
      stepSize: niceStep(most, unit),
      callback: (value: number) => amountLabel(value, unit),
    },
  }
}

function timeScale(figure: Drawing, ticks: object, grid: object, border: object): Record<string, unknown> {
  const times = figure.x.values as readonly number[]
  const first = times[0] ?? 0
  const last = times.at(-1) ?? first
  // One sample has no width: give it a minute, so that it lies in the middle of an axis and not on its edge.
  const room = first === last ? 30_000 : 0
  return {
    type: 'linear',
    min: first - room,
    max: last + room,
    grid,
    border,
    ticks: {
      ...ticks,
      maxRotation: 0,
      autoSkip: false,
      callback: (value: number, _: number, all: { value: number }[]) =>
        timeLabel(value, all[0]?.value ?? value, all.at(-1)?.value ?? value),
    },
    afterBuildTicks: (scale: Scale) => {
      const most = Math.max(2, Math.floor((scale.width || 480) / 84))
      scale.ticks = timeTicks(scale.min, scale.max, most).map((value) => ({ value }))
    },
  }
}

/** The top of what is drawn: sums where series are stacked, else the highest single value. */
function highest(figure: Drawing): number {
  const top = (value: FigureSeries['values'][number] | undefined): number =>
    value == null ? 0 : typeof value === 'number' ? value : Math.max(value[0], value[1])
  const length = Math.max(0, ...figure.series.map((series) => series.values.length))
  let most = 0
  for (let index = 0; index < length; index++) {
    const column = figure.series.map((series) => top(series.values[index]))
    const sum = figure.stacked ? column.reduce((total, value) => total + value, 0) : Math.max(...column)
    if (sum > most) most = sum
  }
  return Math.max(most, ...figure.marks.flatMap((mark) => (mark.kind === 'limit' ? [mark.from] : [])))
}

function annotations(figure: Drawing, dressing: Dressing): Record<string, unknown> {
  const ground = GROUND[dressing.scheme]
  const label = (mark: FigureMark, position: string) => ({
    display: true,
    content: mark.label,
    color: ground.text,
    backgroundColor: ground.background,
    padding: 2,
    font: { family: dressing.fontFamily, size: dressing.fontSize - 1, weight: 'normal' },
    position,
  })
  const entries = figure.marks.map((mark, index) => {
    if (mark.to !== null)
      return [
        `mark${index}`,
        {
          type: 'box',
          xMin: mark.from,
          xMax: mark.to,
          backgroundColor: mark.kind === 'gap' ? withAlpha(TONES[dressing.scheme][5]!, 0.28) : ground.window,
          borderColor: withAlpha(TONES[dressing.scheme][mark.kind === 'gap' ? 5 : 0]!, 0.6),
          borderWidth: 1,
          borderDash: [3, 3],
          drawTime: 'beforeDatasetsDraw',
          label: {
            ...label(mark, 'start'),
            position: { x: 'center', y: 'start' },
            backgroundColor: 'transparent',
          },
        },
      ]
    const place =
      mark.kind === 'limit' ? { yMin: mark.from, yMax: mark.from } : { xMin: mark.from, xMax: mark.from }
    return [
      `mark${index}`,
      {
        type: 'line',
        ...place,
        borderColor: ground.text,
        borderWidth: 1.5,
        borderDash: mark.kind === 'onset' ? [5, 3] : [],
        label: { ...label(mark, mark.kind === 'onset' ? '88%' : 'end') },
      },
    ]
  })
  return Object.fromEntries(entries)
}
