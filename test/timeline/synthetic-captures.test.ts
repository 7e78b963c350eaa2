import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { HOUR, SECOND } from '../../src/base/units.ts'
import { discover } from '../../src/evidence/discover.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import { chooseClocks } from '../../src/timeline/clock.ts'
import { readTraces } from '../support/read-traces.ts'
import { type CapturePlan, syntheticCapture } from '../support/synthetic-capture-files.ts'
import { snapshotsIn, timelineOf } from './captures.ts'

const folder = mkdtempSync(join(tmpdir(), 'timeline-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Writes a capture to disk and reads it back the way a run does. */
async function run(plan: CapturePlan) {
  const capture = syntheticCapture(plan)
  const root = join(folder, `${plan.seed}-${plan.forgets}`)
  for (const { path, text } of capture.files) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  const diagnostics = new Diagnostics()
  const evidence = await discover([root], diagnostics)
  const snapshots = await snapshotsIn(evidence, diagnostics)
  const logs = evidence.files.filter((file) => file.format === 'strace-log')
  const { traces } = await readTraces(logs, diagnostics)
  const clocks = chooseClocks(traces, snapshots, { straceDate: null, timeZone: null }, diagnostics)
  return { capture, timeline: timelineOf(snapshots), clocks }
}

const plan = (seed: number, forgets: number): CapturePlan => ({
  seed,
  snapshots: 40,
  interval: 15 * SECOND,
  forgets,
  perMinute: 30,
})

describe('whole captures from a seed', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'seed %i: a third of the buffers forgotten is a leak, at its rate',
    async (seed) => {
      const { capture, timeline, clocks } = await run(plan(seed, 0.33))
      const [process] = timeline.processes
      const trend = process!.segments[0]!.totals.find(({ quantity }) => quantity === 'rss')!
      expect(process!.pid).toBe(capture.pid)
      expect(trend.shape).toBe('growing')
      const truth = capture.leaked / ((39 * 15 * SECOND) / HOUR)
      expect(Math.abs(trend.perHour! / truth - 1)).toBeLessThan(0.25)
      expect(clocks).toMatchObject([{ basis: 'agreement', offset: Date.UTC(2026, 10, 22) * 1000 }])
      expect(clocks[0]!.reason.en).toMatch(/(\d+) of \1 statements/)
    },
  )

  it.each([1, 2, 3, 4, 5, 6])('seed %i: all given back is no leak', async (seed) => {
    const { timeline } = await run(plan(seed, 0))
    const [process] = timeline.processes
    for (const trend of process!.segments[0]!.totals) expect(trend.shape, trend.quantity).not.toBe('growing')
  })
})
