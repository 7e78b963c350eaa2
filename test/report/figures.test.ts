import { describe, expect, it } from 'vitest'
import { formatSignedBytes } from '../../src/base/format.ts'
import { MIB } from '../../src/base/units.ts'
import { wordsIn } from '../../src/language/words.ts'
import { LANGUAGES } from '../../src/model/sentence.ts'
import { dress } from '../../src/report/charts/dress.ts'
import { type Figure, figuresOf } from '../../src/report/charts/figures.ts'
import { shapeLabel } from '../../src/report/charts/subject.ts'
import { niceStep, timeLabel, timeTicks } from '../../src/report/charts/ticks.ts'
import type { ReportTrend } from '../../src/report/document.ts'
import { keepIndices, spread } from '../../src/report/sampling.ts'
import { aReport } from '../support/a-report.ts'

const figure = (subject: Figure['subject'], document = aReport()) =>
  figuresOf(document).find((entry) => entry.subject === subject)!

/** The report with this said of the resident memory of each process. */
function withTrend(over: Partial<ReportTrend>): ReturnType<typeof aReport> {
  const document = aReport()
  const processes = document.processes.map((process) => ({
    ...process,
    segments: process.segments.map((segment) => ({
      ...segment,
      trends: segment.trends.map((trend) => (trend.quantity === 'rss' ? { ...trend, ...over } : trend)),
    })),
  }))
  return { ...document, processes }
}

const numbers = (values: Figure['series'][number]['values']) =>
  values.filter((value) => typeof value === 'number')

describe('figures', () => {
  it('are plain JSON, with a sentence and a table of figures each, in both languages', () => {
    for (const language of LANGUAGES)
      for (const entry of figuresOf(aReport(language))) {
        expect(JSON.parse(JSON.stringify(entry))).toEqual(entry)
        expect(entry.reading, entry.id).toMatch(/\d.*[.。]$/)
        expect(entry.reading, entry.id).not.toMatch(/[{}]|NaN|undefined|null/)
        expect(entry.table.rows.length, entry.id).toBeGreaterThan(0)
        for (const row of entry.table.rows) expect(row, entry.id).toHaveLength(entry.table.head.length)
        for (const series of entry.series.filter(({ role }) => role === 'series'))
          expect(series.label.length).toBeGreaterThan(0)
      }
  })

  it('give every series of a figure its own tone, and with it marker, dash and pattern', () => {
    for (const entry of figuresOf(aReport())) {
      const tones = entry.series.filter(({ role }) => role === 'series').map(({ tone }) => tone % 8)
      expect(new Set(tones).size, entry.id).toBe(tones.length)
    }
  })

  it('put nothing into a drawing that the font of the stills lacks, whatever the language', () => {
    const drawn = figuresOf(aReport('zh'), 'en').flatMap((entry) => [
      ...entry.marks.map(({ label }) => label),
      ...(entry.x.unit === 'category' ? entry.x.values.map(String) : []),
    ])
    expect(drawn.length).toBeGreaterThan(5)
    for (const text of drawn) expect(text).toMatch(/^[\x20-\x7e\u00b5]*$/)
  })

  it('draw memory with its trend inside its interval, from the onset on', () => {
    const { series, x, marks } = figure('memory')
    expect(series.map(({ label }) => label)).toEqual([
      'Rss',
      'Pss',
      'USS',
      'trend, low',
      'trend, high',
      'trend',
    ])
    const [low, high, trend] = ['low', 'high', 'trend'].map(
      (role) => series.find((entry) => entry.role === role)!.values,
    )
    const last = x.values.length - 1
    expect(Number(trend![last])).toBeGreaterThan(Number(low![last]))
    expect(Number(trend![last])).toBeLessThan(Number(high![last]))
    expect(trend![0]).toBeNull()
    expect(marks.map(({ kind }) => kind)).toEqual(['traced', 'gap', 'onset'])
  })

  it('mark an onset only where something was judged to grow', () => {
    const marked = (shape: ReportTrend['shape']) =>
      figure('memory', withTrend({ shape })).marks.some(({ kind }) => kind === 'onset')
    expect(marked('growing')).toBe(true)
    expect(marked('step')).toBe(false)
    expect(marked('plateau')).toBe(false)
  })

  it('say of a level from which size on a growth would show, and nothing of growth from one snapshot', () => {
    const level = withTrend({ shape: 'plateau', detectionLimitBytes: 3 * MIB })
    expect(figure('memory', level).reading).toMatch(/; no lasting growth of 3 MiB or more\.$/)
    const document = aReport()
    const once = figure('memory', { ...document, snapshots: document.snapshots.slice(0, 1) })
    expect(once.reading).toMatch(/^Resident memory was .+ in the one usable snapshot; one shows no growth\.$/)
  })

  it('say since when there was no lasting growth where a rise before was not judged', () => {
    const from = aReport().snapshots[3]!.time
    const late = withTrend({ shape: 'plateau', detectionLimitBytes: 3 * MIB, from })
    const clock = from.slice(11, 19)
    expect(figure('memory', late).reading).toMatch(
      new RegExp(`; no lasting growth of 3 MiB or more since ${clock}\\.$`),
    )
    expect(figuresOf(late, 'zh').find(({ subject }) => subject === 'memory')!.reading).toContain(
      `自 ${clock} 起没有达到 3 MiB 的持续增长`,
    )
  })

  it('call a rise that is sure and small no lack of a trend', () => {
    const words = wordsIn('en')
    expect(shapeLabel({ shape: 'plateau', low: -1 }, words)).toBe('no trend')
    expect(shapeLabel({ shape: 'plateau', low: 1 }, words)).toBe('too little to tell')
  })

  it('leave holes for what is not known, and draw sizes where Rss never is', () => {
    const document = aReport()
    const cut = document.snapshots.map((row, index) => (index === 5 ? { ...row, truncated: true } : row))
    expect(figure('memory', { ...document, snapshots: cut }).series[0]!.values[5]).toBeNull()
    const unknown = document.snapshots.map((row) => ({
      ...row,
      rssBytes: null,
      pssBytes: null,
      ussBytes: null,
      swapBytes: null,
    }))
    const sizes = figure('memory', { ...document, snapshots: unknown })
    expect(sizes.series[0]!.label).toBe('Size')
    expect(sizes.reading).toContain('do not carry resident sizes')
  })

  it('let the steps of the waterfall lead from the first total to the last', () => {
    const { series } = figure('waterfall')
    const bars = series[0]!.values.map((_, index) =>
      series.map(({ values }) => values[index]).find((value) => value !== null),
    ) as [number, number][]
    for (let index = 1; index < bars.length - 1; index++)
      expect(bars[index]![0]).toBe(index === 1 ? bars[0]![1] : bars[index - 1]![1])
    expect(bars.at(-2)![1]).toBe(bars.at(-1)![1])
  })

  it('lay the strip side by side without overlap, growth inside it', () => {
    const { series, x } = figure('strip')
    const intervals = series
      .filter(({ role }) => role === 'series')
      .flatMap(({ values }) => values as [number, number][])
    const sorted = [...intervals].sort((a, b) => a[0] - b[0])
    for (let index = 1; index < sorted.length; index++) expect(sorted[index]![0]).toBe(sorted[index - 1]![1])
    expect(sorted.at(-1)![1]).toBe(x.values[1])
    const grown = series.find(({ role }) => role === 'trend')!.values as [number, number][]
    for (const [from, to] of grown) expect(sorted.some(([a, b]) => from >= a && to <= b)).toBe(true)
  })

  it('tell which of many mappings the strip shows: those that grew, however small, and the largest', () => {
    const document = aReport()
    const small = document.lineages.find((lineage) => lineage.regions.at(-1)!.sizeBytes > 0)!
    const copies = Array.from({ length: 100 }, (_, at) => ({
      ...small,
      id: `M${at}`,
      regions: small.regions.map((region) => ({
        ...region,
        start: `0x1${at + 100}000`,
        sizeBytes: 900 * MIB,
      })),
    }))
    const whole = figure('strip')
    expect(whole.x.title).toMatch(/^mappings side by side/)
    const part = figure('strip', { ...document, lineages: [...document.lineages, ...copies] })
    expect(part.x.title).toMatch(/^the 60 mappings that grew most or are largest, side by side/)
    const drawn = (entry: Figure) => entry.series.find(({ role }) => role === 'trend')!.values.length
    expect(drawn(part)).toBe(drawn(whole))
  })

  it('count as growth what lies between first and last snapshot, not what a trend of the end says', () => {
    const document = aReport()
    const flat = { ...document.lineages[0]!.trend, shape: 'plateau' as const, grownBytes: 0 }
    const lineages = document.lineages.map((lineage) => ({ ...lineage, trend: flat, sizeTrend: flat }))
    const pair = document.firstToLast[0]!
    const most = pair.changes.reduce((a, b) => ((b.rssDelta ?? 0) > (a.rssDelta ?? 0) ? b : a))
    const strip = figure('strip', { ...document, lineages })
    expect(strip.table.rows[0]![2]).toBe(formatSignedBytes(most.rssDelta!))
    const none = { ...document, firstToLast: [{ ...pair, changes: [] }] }
    expect(figuresOf(none).map(({ subject }) => subject)).not.toContain('strip')
  })

  it('draw no level lines of mappings that came whole and stayed', () => {
    const document = aReport()
    const level = document.lineages.map((lineage) => ({
      ...lineage,
      regions: lineage.regions.map((region) => ({ ...region, rssBytes: MIB, sizeBytes: MIB })),
    }))
    const subjects = figuresOf({ ...document, lineages: level }).map(({ subject }) => subject)
    expect(subjects).not.toContain('lineages')
    expect(subjects).toContain('strip')
  })

  it('are left out where there is nothing to draw', () => {
    const empty = aReport('en', {
      snapshots: [],
      lineages: [],
      threads: [],
      reconciliation: [],
      timeline: [],
      firstToLast: [],
    })
    expect(figuresOf(empty)).toEqual([])
    const single = aReport('en', { snapshots: aReport().snapshots.slice(0, 1) })
    expect(figuresOf(single).map(({ subject }) => subject)).not.toContain('waterfall')
  })

  it('show ten thousand samples as their extremes', () => {
    const [row] = aReport().snapshots
    const snapshots = Array.from({ length: 10_000 }, (_, index) => ({
      ...row!,
      rssBytes: index === 7_777 ? 900 * MIB : 50 * MIB,
      time: new Date(Date.UTC(2026, 10, 22) + index * 1000).toISOString().slice(0, 19),
    }))
    const { series, x } = figure('memory', { ...aReport(), snapshots })
    expect(x.values.length).toBeLessThanOrEqual(402)
    expect(Math.max(...(numbers(series[0]!.values) as number[]))).toBe(900 * MIB)
  })

  it('show a mapping of a month of minutes between its first and its last sight', () => {
    const document = aReport()
    const shown = figure('lineages').series.map(({ label }) => label.split(' ')[0])
    const at = (minute: number) =>
      new Date(Date.UTC(2026, 10, 1) + minute * 60_000).toISOString().slice(0, 19)
    const month = (from: number, to: number) => {
      const [region] = document.lineages[0]!.regions
      return Array.from({ length: to - from }, (_, index) => ({
        ...region!,
        time: at(from + index),
        rssBytes: (from + index) * 4096,
      }))
    }
    const lineages = document.lineages.map((lineage) => ({
      ...lineage,
      regions: lineage.id === shown[1] ? month(10_000, 20_000) : month(0, 43_200),
    }))
    const { series, x } = figure('lineages', { ...document, lineages })
    const minutes = x.values.map((value) => (Number(value) - Date.UTC(2026, 10, 1)) / 60_000)
    expect(series[0]!.values).toEqual(minutes.map((minute) => minute * 4096))
    expect(series[1]!.values).toEqual(
      minutes.map((minute) => (minute >= 10_000 && minute < 20_000 ? minute * 4096 : null)),
    )
  })
})

describe('dressing', () => {
  const dressing = {
    scheme: 'light' as const,
    fontFamily: 'x',
    fontSize: 12,
    pattern: () => '#fff',
    live: true,
  }

  it('starts amounts at zero and ends above what is drawn', () => {
    for (const entry of figuresOf(aReport())) {
      const { scales } = dress(entry, dressing).options as unknown as {
        scales: Record<'x' | 'y', { min?: number; max?: number }>
      }
      const scale = entry.form === 'strip' ? scales.x : scales.y
      expect(scale.min, entry.id).toBe(0)
      const single = Math.max(...entry.series.flatMap(({ values }) => values.flatMap((value) => value ?? 0)))
      expect(scale.max, entry.id).toBeGreaterThanOrEqual(single)
    }
  })
})

describe('axes', () => {
  it.each([
    [57.8 * MIB, 'bytes', 20 * MIB],
    [900, 'bytes', 200],
    [1024 * MIB, 'bytes', 256 * MIB],
    [47, 'count', 10],
    [1000 * MIB, 'bytes', 200 * MIB],
    [1300 * MIB, 'bytes', 512 * MIB],
    [3, 'count', 1],
    [0.7, 'per-second', 0.2],
  ] as const)('a step for %d %s is %d', (most, unit, step) => {
    expect(niceStep(most, unit)).toBe(step)
  })

  it('puts times on whole steps and names the day where there is more than one', () => {
    const noon = Date.UTC(2026, 10, 22, 12, 0, 3)
    expect(timeTicks(noon, noon + 240_000, 5).map((tick) => timeLabel(tick, noon, noon + 240_000))).toEqual([
      '12:01:00',
      '12:02:00',
      '12:03:00',
      '12:04:00',
    ])
    const week = 7 * 86_400_000
    expect(timeTicks(noon, noon + week, 4).map((tick) => timeLabel(tick, noon, noon + week))).toEqual([
      '11-23',
      '11-25',
      '11-27',
      '11-29',
    ])
  })
})

describe('sampling', () => {
  it('keeps both ends and every extreme', () => {
    const values = Array.from({ length: 5000 }, (_, index) =>
      index === 1234 ? 100 : index === 4321 ? -5 : 1,
    )
    const kept = keepIndices(values, 100)
    expect(kept.length).toBeLessThanOrEqual(102)
    for (const index of [0, 1234, 4321, 4999]) expect(kept).toContain(index)
    expect([...kept].sort((a, b) => a - b)).toEqual(kept)
  })

  it('spreads rows evenly and counts the rest', () => {
    expect(spread([1, 2, 3, 4, 5, 6, 7, 8, 9], 3)).toEqual({ kept: [1, 5, 9], omitted: 6 })
    expect(spread([1, 2], 3)).toEqual({ kept: [1, 2], omitted: 0 })
  })
})
