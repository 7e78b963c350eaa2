import type { Micros } from '../../base/units.ts'
import type { Quantity, Trend } from '../../model/timeline.ts'
import { floorOf } from './gates.ts'
import { reasonOf } from './reasons.ts'
import { stepNoise } from './robust.ts'
import { type Series, spanOf, timeOf } from './series.ts'

/** What series of the same few samples have in common, and the trends of those that stand still. */
interface Samples {
  readonly count: number
  readonly from: Micros
  readonly to: Micros
  readonly reason: Trend['reason']
  readonly still: Map<string, Trend>
}

/** Those of the last series: all of one process come in a row, and a capture can have thousands of short ones. */
let latest: Samples | null = null

/** Fewer samples than any shape can be told from. The limit is the level itself: only a doubling would stand out. */
export function tooShort(series: Series, quantity: Quantity): Trend {
  const { values } = series
  const samples = samplesOf(series, quantity)
  const grown = values.length > 0 ? values[values.length - 1]! - values[0]! : 0
  const noise = stepNoise(values)
  const detectionLimit = values.reduce((most, value) => Math.max(most, Math.abs(value)), floorOf(quantity))
  const make = (): Trend => ({
    quantity,
    shape: 'too-short',
    samples: samples.count,
    from: samples.from,
    to: samples.to,
    perHour: null,
    low: null,
    high: null,
    grown,
    onset: null,
    noise,
    detectionLimit,
    reason: samples.reason,
  })
  if (grown !== 0 || noise !== 0) return make()
  const alike = `${quantity} ${detectionLimit}`
  const trend = samples.still.get(alike) ?? make()
  samples.still.set(alike, trend)
  return trend
}

function samplesOf(series: Series, quantity: Quantity): Samples {
  const count = series.values.length
  const from = timeOf(series, 0)
  const to = timeOf(series, Math.max(0, count - 1))
  if (latest?.count !== count || latest.from !== from || latest.to !== to) {
    const reason = reasonOf('too-short', quantity, null, spanOf(series), count)
    latest = { count, from, to, reason, still: new Map() }
  }
  return latest
}
