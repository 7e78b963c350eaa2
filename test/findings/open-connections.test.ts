/** What a server maps for each connection it accepts goes with those that are open. */
import { describe, expect, it } from 'vitest'
import { MIB, tid } from '../../src/base/units.ts'
import { chargeOf } from '../../src/findings/accounts.ts'
import { openConnections } from '../../src/findings/open-connections.ts'
import { proofOf } from '../../src/findings/proof.ts'
import { anAccount, anActivity, anAttribution, aThread, PID, TID } from '../support/facts.ts'

const call = (name: string, calls: number, errors = 0) => ({ name, calls, errors, seconds: null })

/** Of `accepted` connections another thread closes some; 66 blocks stay, mapped after `before`. */
function serving(accepted: number, closed: number, before = 'accept4(3)', errors = 0) {
  const maker = aThread({
    activities: [anActivity({ sequence: [before, 'mmap'], count: 194, never: 66 })],
    syscalls: [call('accept4', accepted, errors), call('mmap', 194)],
  })
  const closer = aThread({
    tid: tid(TID + 1),
    activities: [],
    syscalls: closed > 0 ? [call('close', closed)] : [],
  })
  return anAttribution({ accounts: [anAccount({ live: 16 * MIB })], threads: [maker, closer] })
}
const open = (...given: Parameters<typeof serving>) =>
  openConnections(serving(...given), PID, TID, ['mmap-anon'])

describe('open connections', () => {
  it('answer for as many blocks that were mapped after accept', () => {
    expect(open(194, 128)).toEqual({ count: 66, isKnown: true })
    expect(open(200, 128, 'accept(3)', 6)).toEqual({ count: 66, isKnown: true })
  })

  it('do not when they are others in number, or the blocks come after other calls', () => {
    expect(open(194, 194)).toBeNull()
    expect(open(194, 100)).toBeNull()
    expect(open(194, 128, 'read(5)')).toBeNull()
  })

  it('are not known to be where nothing is closed in the log, or not all threads are in it', () => {
    const unknown = { count: 66, isKnown: false }
    expect(open(66, 0)).toEqual(unknown)
    const attribution = serving(194, 128)
    const windows = attribution.windows.map((window) => ({ ...window, untracedThreads: 1 }))
    expect(windows).not.toEqual([])
    expect(openConnections({ ...attribution, windows }, PID, TID, ['mmap-anon'])).toEqual(unknown)
    const charge = chargeOf(serving(66, 0), PID, ['mmap-anon'], null)
    expect(charge.isInTurn).toBe(true)
    expect(proofOf(charge, null).words?.en).toContain('the log does not tell whether they were closed')
  })

  it('make a leak a growth whose thread is likely, and say why', () => {
    const charge = chargeOf(serving(194, 128), PID, ['mmap-anon'], null)
    expect(charge.isInTurn).toBe(true)
    const proof = proofOf(charge, null)
    expect(proof.charge.culprit?.certainty).toBe('likely')
    expect(proof.words?.en).toContain('are open at its end (66)')
    expect(chargeOf(serving(194, 194), PID, ['mmap-anon'], null).isInTurn).toBe(false)
  })
})
