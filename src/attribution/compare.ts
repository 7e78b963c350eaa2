import type { RangeMap } from '../base/range-map.ts'
import { GROWS_DOWN, PERMISSIONS } from './kernel.ts'

/** What differs between a predicted and an observed address space, bytes. */
export interface Difference {
  /** Observed, but not predicted. */
  unexplained: number
  /** Predicted, but not observed. */
  absent: number
  /** In both, with other permissions. */
  otherPermissions: number
  /** Grown or shrunk by page faults alone (`[stack]`): no call can tell, so it is no difference. */
  faulted: number
}

export const noDifference = (): Difference => ({ unexplained: 0, absent: 0, otherPermissions: 0, faulted: 0 })

/** Bytes that count as differing. */
export const differing = (difference: Difference): number =>
  difference.unexplained + difference.absent + difference.otherPermissions

/** `tag` is -1 where nothing is mapped. */
export type PairVisitor = (start: number, end: number, tagA: number, tagB: number) => void

/** Ranges of one map in columns that are used again and again. */
class Pieces {
  length = 0
  start = new Float64Array(64)
  end = new Float64Array(64)
  tag = new Int32Array(64)

  fill(map: RangeMap, start: number, end: number): void {
    this.length = 0
    map.visit(start, end, (from, to, _owner, tag) => {
      if (this.length === this.start.length) this.#grow()
      this.start[this.length] = from
      this.end[this.length] = to
      this.tag[this.length] = tag
      this.length += 1
    })
  }

  #grow(): void {
    const { start, end, tag } = this
    this.start = new Float64Array(start.length * 2)
    this.start.set(start)
    this.end = new Float64Array(start.length * 2)
    this.end.set(end)
    this.tag = new Int32Array(start.length * 2)
    this.tag.set(tag)
  }
}

const left = new Pieces()
const right = new Pieces()

/** Walks two maps side by side over `[start, end)`, cut so that neither changes inside a visited piece. */
export function walkBoth(a: RangeMap, b: RangeMap, start: number, end: number, visit: PairVisitor): void {
  left.fill(a, start, end)
  right.fill(b, start, end)
  let i = 0
  let j = 0
  let at = Number.NEGATIVE_INFINITY
  while (i < left.length || j < right.length) {
    const nextA = i < left.length ? Math.max(left.start[i]!, at) : Number.POSITIVE_INFINITY
    const nextB = j < right.length ? Math.max(right.start[j]!, at) : Number.POSITIVE_INFINITY
    const from = Math.min(nextA, nextB)
    const inA = nextA === from
    const inB = nextB === from
    const to = Math.min(inA ? left.end[i]! : nextA, inB ? right.end[j]! : nextB)
    visit(from, to, inA ? left.tag[i]! : -1, inB ? right.tag[j]! : -1)
    at = to
    if (inA && left.end[i] === to) i += 1
    if (inB && right.end[j] === to) j += 1
  }
}

/** Adds what differs between prediction and observation in `[start, end)`. */
export function addDifference(
  into: Difference,
  predicted: RangeMap,
  observed: RangeMap,
  start = Number.NEGATIVE_INFINITY,
  end = Number.POSITIVE_INFINITY,
  sign: 1 | -1 = 1,
): void {
  walkBoth(predicted, observed, start, end, (from, to, tagA, tagB) => {
    const bytes = sign * (to - from)
    if (tagA < 0) {
      if ((tagB & GROWS_DOWN) !== 0) into.faulted += bytes
      else into.unexplained += bytes
    } else if (tagB < 0) {
      if ((tagA & GROWS_DOWN) !== 0) into.faulted += bytes
      else into.absent += bytes
    } else if ((tagA & PERMISSIONS) !== (tagB & PERMISSIONS)) into.otherPermissions += bytes
  })
}

/** Bytes whose state differs between two observations of one process. */
export function changedBytes(before: RangeMap, after: RangeMap): number {
  const difference = noDifference()
  addDifference(difference, before, after)
  return differing(difference)
}
