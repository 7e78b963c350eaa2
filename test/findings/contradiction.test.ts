/** Calls that the snapshots contradict say nothing about a growth: no share, no number, no accusation. */
import { describe, expect, it } from 'vitest'
import { chargeOf } from '../../src/findings/accounts.ts'
import type { SeenGrowth } from '../../src/findings/seen-growth.ts'
import { anAccount, anAttribution, PID, TID } from '../support/facts.ts'

const MIB = 2 ** 20

const SEEN: SeenGrowth = {
  perHour: MIB,
  timeWithin: (from, to) => to - from,
  roseBefore: () => 0,
  cameWhereMapped: () => null,
}

describe('a charge', () => {
  const account = anAccount({
    live: 20 * MIB,
    culprit: { tid: TID, certainty: 'likely' },
  })
  const contradiction = { pid: PID, trace: account.trace, windows: 4, unexplained: 4 }
  const of = (attribution: Parameters<typeof chargeOf>[0]) =>
    chargeOf(attribution, PID, [account.mechanism], SEEN)

  it('by calls that the snapshots contradict is none, and says why', () => {
    const charge = of(anAttribution({ accounts: [account], contradictions: [contradiction] }))
    expect(charge).toMatchObject({ accounts: [], threads: [], culprit: null, explains: null, calls: 0 })
    expect(charge.culpritReason.en).toContain('contradict each other: in 4 of 4 stretches')
    expect(charge.culpritReason.en).not.toContain('%')
  })

  it('by others stands', () => {
    for (const other of [
      { ...contradiction, trace: 'another' },
      { ...contradiction, pid: (PID + 1) as typeof PID },
    ]) {
      const charge = of(anAttribution({ accounts: [account], contradictions: [other] }))
      expect(charge.accounts).toHaveLength(1)
      expect(charge.threads).not.toEqual([])
    }
  })
})
