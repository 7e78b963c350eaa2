import { describe, expect, it } from 'vitest'
import { MIB } from '../../src/base/units.ts'
import { pace } from '../../src/cli/progress.ts'

describe('the progress bar', () => {
  it('says nothing of a rate and of the time left until a rate is known', () => {
    expect(pace(0, 100 * MIB, 0, 'bytes')).toBe('')
    expect(pace(0, 100 * MIB, 60_000, 'bytes')).toBe('')
    expect(pace(MIB, 100 * MIB, 1, 'bytes')).toBe('')
  })

  it('tells both from then on, in bytes and in calls', () => {
    expect(pace(25 * MIB, 100 * MIB, 5000, 'bytes')).toBe(', 5 MiB/s, 15 s left')
    expect(pace(2000, 8000, 2000, 'calls')).toBe(', 1,000 calls/s, 6 s left')
    expect(pace(100 * MIB, 100 * MIB, 5000, 'bytes')).toBe(', 20 MiB/s, 0 s left')
  })
})
