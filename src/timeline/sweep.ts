import type { Layout } from './layout.ts'
import type { Step } from './step.ts'

/**
 * Runs of neighbouring rows that continue each other unchanged in extent, ascending: most of what there is. The rows of
 * run i are `before[i]` to `before[i] + length[i]` on one side, and from `after[i]` on as many on the other.
 */
export interface SameRows {
  readonly runs: number
  readonly before: Int32Array
  readonly after: Int32Array
  readonly length: Int32Array
}

/** What a walk over both sides by address finds. */
interface Sweep {
  readonly same: SameRows
  /** A step for each pair of equal rows whose Rss differs. */
  readonly steps: Step[]
  /** Overlaps of equal key, and of different key. */
  readonly links: [number, number][]
  readonly crossings: [number, number][]
}

/** Memory for one comparison at a time: what it gave is good until the next. */
export class ComparisonRoom {
  same = { before: new Int32Array(0), after: new Int32Array(0), length: new Int32Array(0) }
  taken = { before: new Uint8Array(0), after: new Uint8Array(0) }

  /** Makes room for layouts of so many rows; none is taken. */
  enter(before: number, after: number): void {
    const most = Math.max(before, after)
    if (this.taken.before.length < most) {
      const room = 2 * most
      this.same = { before: new Int32Array(room), after: new Int32Array(room), length: new Int32Array(room) }
      this.taken = { before: new Uint8Array(room), after: new Uint8Array(room) }
    } else {
      this.taken.before.fill(0, 0, before)
      this.taken.after.fill(0, 0, after)
    }
  }
}

/** Walks over both sides; the rows of `same` are taken in `room`. */
export function sweep(before: Layout, after: Layout, { same, taken }: ComparisonRoom): Sweep {
  const { start: startA, end: endA, key: keyA, rss: rssA, length: lengthA } = before
  const { start: startB, end: endB, key: keyB, rss: rssB, length: lengthB } = after
  const steps: Step[] = []
  const links: [number, number][] = []
  const crossings: [number, number][] = []
  let runs = 0
  let a = 0
  let b = 0
  // Rows of a damaged file may overlap each other: a row that already has a link is not "the same" as another.
  let linkedA = -1
  let linkedB = -1
  while (a < lengthA && b < lengthB) {
    const [from, to] = [a, b]
    if (a !== linkedA && b !== linkedB)
      while (
        a < lengthA &&
        b < lengthB &&
        startA[a] === startB[b] &&
        endA[a] === endB[b] &&
        keyA[a] === keyB[b]
      ) {
        if (!Object.is(rssA[a], rssB[b])) steps.push({ kind: 'touched', before: [a], after: [b] })
        a++
        b++
      }
    if (a > from) {
      same.before[runs] = from
      same.after[runs] = to
      same.length[runs++] = a - from
      taken.before.fill(1, from, a)
      taken.after.fill(1, to, b)
      continue
    }
    const end = endA[a]!
    if (end <= startB[b]!) a++
    else if (endB[b]! <= startA[a]!) b++
    else {
      if (keyA[a] === keyB[b]) {
        links.push([a, b])
        linkedA = a
        linkedB = b
      } else crossings.push([a, b])
      if (end < endB[b]!) a++
      else b++
    }
  }
  return { same: { runs, ...same }, steps, links, crossings }
}
