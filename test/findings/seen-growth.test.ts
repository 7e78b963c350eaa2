/** Calls are held against what snapshots show: where the memory came, and when the process was there. */
import { describe, expect, it } from 'vitest'
import { MIB, micros, SECOND } from '../../src/base/units.ts'
import { chargeOf } from '../../src/findings/accounts.ts'
import { growthOf } from '../../src/findings/growth.ts'
import { seenGrowth } from '../../src/findings/seen-growth.ts'
import { MOST_OWNERS } from '../../src/model/attribution.ts'
import type { Lineage } from '../../src/model/timeline.ts'
import {
  aLineage,
  amounts,
  anAccount,
  anAttribution,
  aProcess,
  aSnapshot,
  PID,
  SAMPLES,
  STEP,
  T0,
  TID,
} from '../support/facts.ts'

const THERE = 0x7f00_0000_0000
const ELSEWHERE = 0x7f80_0000_0000
const GROWN = 40 * MIB
const growing = {
  shape: 'growing' as const,
  grown: GROWN,
  perHour: (GROWN * 3600 * SECOND) / ((SAMPLES - 1) * STEP),
  low: 1,
  high: 2 * GROWN * 3600,
}

/** Resident memory grows in these regions, alike in each; the thread has mapped at THERE. */
function charged(
  regions: readonly number[],
  mapped: readonly number[] = [THERE],
  passing: readonly Lineage[] = [],
) {
  const snapshots = Array.from({ length: SAMPLES }, (_, index) =>
    aSnapshot(index, {
      byKind: new Map([['anonymous', amounts({ rss: 10 * MIB + (GROWN * index) / (SAMPLES - 1) })]]),
    }),
  )
  const lineages = regions.map((start, index) =>
    aLineage({ id: `L${index + 1}`, start, rss: { ...growing, grown: GROWN / regions.length } }),
  )
  const process = aProcess({
    kinds: [{ kind: 'anonymous', rss: growing }],
    snapshots,
    lineages: [...lineages, ...passing],
  })
  const account = anAccount({ live: 16 * MIB })
  const owners = mapped.map((start) => ({
    pid: PID,
    start,
    end: start + 16 * MIB,
    tid: TID,
    mechanism: 'mmap-anon' as const,
    at: null,
    reference: account.references[0]!,
    stack: null,
  }))
  const attribution = anAttribution({ accounts: [account], owners })
  const growth = growthOf(process, process.segments[0]!, 'anonymous', 'rss')!
  const seen = seenGrowth(growth, attribution)
  return { seen, charge: chargeOf(attribution, PID, [account.mechanism], seen) }
}

/** A buffer that is in two snapshots, one after another. */
function buffer(seenAt: number): Lineage {
  const whole = aLineage({ id: `L${100 + seenAt}`, start: ELSEWHERE + seenAt * GROWN, rss: {} })
  return { ...whole, line: null, points: whole.points.slice(seenAt, seenAt + 2) }
}

describe('a thread that mapped as much as came', () => {
  it('is accused where it came in what the thread mapped', () => {
    const { charge } = charged([THERE])
    expect(charge.culprit?.tid).toBe(TID)
    expect(charge.explains).toBeGreaterThan(0.5)
  })

  it('is not accused where it came in other mappings, and the numbers are told', () => {
    const { charge } = charged([ELSEWHERE])
    expect(charge.culprit).toBeNull()
    expect(charge.explains).toBe(0)
    expect(charge.culpritReason.en).toMatch(
      /of the \d+(\.\d+)? MiB that came in the traced time 0 B lies there/,
    )
  })

  it('is accused where half of it came in what the thread mapped, not where a third did', () => {
    expect(charged([THERE, ELSEWHERE]).charge.culprit?.tid).toBe(TID)
    expect(charged([THERE, ELSEWHERE, ELSEWHERE + GROWN * 4]).charge.culprit).toBeNull()
  })

  it('is accused beside buffers of others that come and go', () => {
    const passing = Array.from({ length: SAMPLES - 1 }, (_, at) => buffer(at))
    expect(charged([THERE], [THERE], passing).charge.culprit?.tid).toBe(TID)
    expect(charged([ELSEWHERE - GROWN * 9], [THERE], passing).charge.culprit).toBeNull()
  })

  it('is not accused of what only takes the place of what it gave back', () => {
    // Its own mappings sink by as much as they rise; what came lies elsewhere.
    const sinking = aLineage({ id: 'L200', start: THERE + 4 * MIB, rss: { ...growing, grown: -GROWN } })
    expect(charged([ELSEWHERE, THERE], [THERE]).charge.culprit?.tid).toBe(TID)
    expect(charged([ELSEWHERE, THERE], [THERE], [sinking]).charge.culprit).toBeNull()
  })

  it('is accused where what others gave back is more than what they took', () => {
    const sinking = aLineage({ id: 'L200', start: ELSEWHERE, rss: { ...growing, grown: -GROWN } })
    const { charge } = charged([THERE], [THERE], [sinking])
    expect(charge.culprit?.tid).toBe(TID)
    const { seen } = charged([THERE], [THERE], [sinking])
    const came = seen.cameWhereMapped(TID, T0, T0 + (SAMPLES - 1) * STEP)!
    expect(came.came).toBe(came.there)
  })

  it('is accused where no one knows where its mappings lie', () => {
    expect(charged([ELSEWHERE], []).charge.culprit?.tid).toBe(TID)
    // Of more than are listed some may lie there.
    const many = Array.from({ length: MOST_OWNERS }, (_, k) => THERE + k * 32 * MIB)
    expect(charged([ELSEWHERE + 2 ** 44], many.slice(1)).charge.culprit).toBeNull()
    expect(charged([ELSEWHERE + 2 ** 44], many).charge.culprit?.tid).toBe(TID)
  })
})

describe('the time that a trace speaks of', () => {
  it('is that in which the process was there, and as long at each end as snapshots lie apart', () => {
    const { seen } = charged([THERE])
    const end = T0 + (SAMPLES - 1) * STEP
    expect(seen.timeWithin(T0 + STEP, T0 + 3 * STEP)).toBe(2 * STEP)
    expect(seen.timeWithin(T0 - 100 * STEP, end + 100 * STEP)).toBe(end - T0 + 2 * STEP)
    expect(seen.timeWithin(micros(end + 5 * STEP), micros(end + 9 * STEP))).toBe(0)
  })
})
