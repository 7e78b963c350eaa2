import { describe, expect, it } from 'vitest'
import { KIB, SECOND } from '../../src/base/units.ts'
import { growthOf } from '../../src/findings/growth.ts'
import { aSnapshot, NOON } from '../support/synthetic-capture.ts'
import { timelineOf } from '../timeline/captures.ts'

/** Seconds and KiB of anonymous memory of a JVM that starts on a busy machine: snapshots come late while it does. */
const START: readonly (readonly [seconds: number, kib: number])[] = [
  [0, 508],
  [11, 1604],
  [19, 4212],
  [29, 9864],
  [37, 14424],
  [50, 17144],
  [58, 21276],
  [62, 28332],
  [65, 33732],
  [68, 38880],
  [72, 45052],
  [75, 52248],
  [78, 60604],
  [82, 65744],
  [86, 72940],
  [91, 78084],
  [94, 81168],
  [97, 86308],
  [101, 93504],
  [106, 98936],
  [111, 105840],
  [115, 113036],
  [120, 115096],
  [124, 121684],
  [127, 127860],
]

describe('what a growth comes to', () => {
  it('is never more than the levels lie apart, though the line through dense samples goes beyond', () => {
    const snapshots = START.map(([seconds, kib]) =>
      aSnapshot([{ start: 0x10000000, size: 1024 * 1024 * KIB, rss: kib * KIB }], {
        time: NOON + seconds * SECOND,
      }),
    )
    const [process] = timelineOf(snapshots).processes
    const growth = growthOf(process!, process!.segments[0]!, 'anonymous', 'rss')!
    expect(growth.growing).toBe(true)
    expect(growth.trends[0]!.grown).toBeGreaterThan(127_860 * KIB)
    expect(growth.grown).toBe((127_860 - 508) * KIB)
  })
})
