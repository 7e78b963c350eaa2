/**
 * A finding's identity across runs: the rule, the program, how the growth gets in, and what it is about. No pid, no
 * address, no thread, no host, no time and no amount is part of it, so that a baseline of yesterday's run on another
 * host meets the same finding today.
 */
import { createHash } from 'node:crypto'
import type { Mechanism } from '../model/attribution.ts'

export interface Identity {
  readonly ruleId: string
  readonly program: string | null
  readonly mechanism: Mechanism
  readonly subject: string
}

const LENGTH = 16

/** 16 hex digits. */
export function fingerprintOf(identity: Identity): string {
  const text = [
    'memdossier-finding-1',
    identity.ruleId,
    identity.program ?? '',
    identity.mechanism,
    subjectOf(identity.subject),
  ].join('\u0000')
  return createHash('sha256').update(text).digest('hex').slice(0, LENGTH)
}

/** A name without what differs between runs: addresses, counters, `(deleted)`, folders of a numbered instance. */
export function subjectOf(name: string): string {
  return name
    .replace(/ \(deleted\)/g, '')
    .replace(/0x[0-9a-f]+/gi, '#')
    .replace(/[0-9]+/g, '#')
}
