import type { Micros } from '../../base/units.ts'
import type { Trace } from '../../model/trace.ts'
import { type Agreement, agreementAt, type Dated, isInside } from './agreement.ts'
import type { ClaimReader, ClaimsOf } from './claims.ts'
import { SLACK } from './held-claims.ts'

/** Fewest checks that say anything about a candidate. */
const LEAST_CHECKS = 8
/** Share of checks that may fail: calls that were under way, ranges reused between log and snapshot. */
const MISSES_ALLOWED = 0.15
/** The best must leave the next one this far behind. */
const MARGIN = 0.05

/** A candidate with the share of its checks that failed; NaN where they are too few to say anything. */
export interface Ranked extends Agreement {
  readonly share: number
}

export const agrees = ({ share }: Ranked): boolean => share <= MISSES_ALLOWED
export const isWellFounded = ({ share, checks }: Ranked): boolean =>
  !Number.isNaN(share) && checks >= 3 * LEAST_CHECKS
export const isFarBetter = (best: Ranked, other: Ranked): boolean =>
  other.share > Math.max(MISSES_ALLOWED, best.share + 2 * MARGIN)

/** The candidate that agrees, and the next best one, which it leaves behind; `null` when there is none. */
export function winnerOf(
  ranked: readonly Ranked[],
): { readonly best: Ranked; readonly rival: Ranked | null } | null {
  const best = ranked[0]
  if (!best || !agrees(best)) return null
  const rival = ranked.slice(1).find((other) => !Number.isNaN(other.share)) ?? null
  return rival && rival.share < best.share + MARGIN ? null : { best, rival }
}

/** Candidates by all that a log says, the best first. */
export function rankAll(reader: ClaimReader, dated: readonly Dated[], offsets: readonly Micros[]): Ranked[] {
  reader.read(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)
  const claims = reader.claims()
  return offsets
    .map((offset) => ranked(claims, dated, offset))
    .sort(
      (a, b) =>
        (Number.isNaN(a.share) ? 2 : a.share) - (Number.isNaN(b.share) ? 2 : b.share) || b.checks - a.checks,
    )
}

/** Effects that are read in any case. */
const FEW_EFFECTS = 50_000

/**
 * The only candidate, where there is no choice: a large log is read no further than to the snapshot by which there is
 * enough to say whether it agrees. What it leads to is held against all snapshots anyway.
 */
export function glance(reader: ClaimReader, trace: Trace, dated: readonly Dated[], offset: Micros): Ranked {
  const log = { first: trace.firstTime, last: trace.lastTime }
  const inside = dated.filter((one) => isInside(one, log, offset))
  const readTo = (until: number, most: number): Ranked => {
    reader.read(until, most)
    const found = ranked(reader.claims(), dated, offset)
    return reader.whole ? found : { ...found, inside: inside.length }
  }
  let found = readTo(Number.POSITIVE_INFINITY, FEW_EFFECTS)
  for (let at = 0; at < inside.length && Number.isNaN(found.share) && !reader.whole; at = 2 * at + 1) {
    const { time, snapshot } = inside[at]!
    found = readTo(time + snapshot.timeWidth + SLACK - offset, Number.POSITIVE_INFINITY)
  }
  return found
}

function ranked(claims: ClaimsOf, dated: readonly Dated[], offset: Micros): Ranked {
  const agreement = agreementAt(claims, dated, offset)
  return {
    ...agreement,
    share: agreement.checks >= LEAST_CHECKS ? agreement.misses / agreement.checks : Number.NaN,
  }
}
