import type { RangeMap } from '../base/range-map.ts'
import type { Phase } from '../strace/effects/phases.ts'
import type { ReplayKernel } from './replay-kernel.ts'

/** How far the search for an instant has come. */
export interface Search {
  /** Bytes that differ behind the last effect that was tried. */
  differing: number
  /** The fewest there were, and behind how many effects first; behind how many last, where that is wanted. */
  least: number
  best: number
}

/** A list in the kernel's memory, words: see kernel/waiting.as. */
const FROM = 3
const TO = 4
/** One effect, from its beginning: a double, then words. */
const THREAD = 7
const CALL = 8
const PHASE = 9

/** Effects of one process that wait for a snapshot, in order, which the kernel keeps: see kernel/waiting.as. */
export class WaitingEffects {
  readonly #kernel: ReplayKernel
  readonly #space: number
  readonly #list: number
  readonly #makerOf: (event: number) => number

  /** `makerOf`: number of a call's thread among the makers of the space, -1 for none. */
  constructor(kernel: ReplayKernel, space: number, makerOf: (event: number) => number) {
    this.#kernel = kernel
    this.#space = space
    this.#makerOf = makerOf
    this.#list = kernel.calls.waitingIn(space)
  }

  get length(): number {
    return this.#to - this.#from
  }

  event(at: number): number {
    return this.#kernel.words[(this.#place(at) >>> 2) + CALL]!
  }

  phase(at: number): Phase {
    return this.#kernel.words[(this.#place(at) >>> 2) + PHASE] as Phase
  }

  /** On the host's clock. */
  time(at: number): number {
    return this.#kernel.doubles[this.#place(at) >>> 3]!
  }

  /** Adds the effect that the merge has come to behind all others. Not while `again` feeds. */
  add(): void {
    this.#kernel.calls.wait(this.#space)
  }

  /** Visits the first `count` of them, in order. */
  visit(count: number, visit: (event: number, phase: Phase) => void): void {
    const { calls } = this.#kernel
    const from = this.#from
    for (let at = from; at < from + count; at += 1) {
      const word = calls.waitingAt(this.#list, at) >>> 2
      const { words } = this.#kernel
      visit(words[word + CALL]!, words[word + PHASE] as Phase)
    }
  }

  /** How many come before a time. */
  before(time: number): number {
    let low = 0
    let high = this.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.time(middle) < time) low = middle + 1
      else high = middle
    }
    return low
  }

  /**
   * Goes on with a search through the first `count` of them, from effect `from` on, on a copy of the ranges; returns where
   * it stops: at the first effect that is not plain where nothing was observed, or where nothing differs any more, unless
   * the `last` instant is wanted among equally good ones.
   */
  search(
    copy: RangeMap,
    observed: RangeMap,
    from: number,
    count: number,
    last: boolean,
    found: Search,
  ): number {
    const { calls } = this.#kernel
    const stop = calls.searchWaiting(
      this.#space,
      copy.place,
      observed.place,
      from,
      count,
      found.differing,
      found.least,
      found.best,
      Number(last),
    )
    found.differing = calls.differsNow()
    found.least = calls.leastFound()
    found.best = calls.bestFound()
    return stop
  }

  /** Applies the first `count` of them, those that are not plain or not before `until` by `apply`; they go. */
  drain(
    count: number,
    until: () => number,
    apply: (event: number, phase: Phase, time: number) => void,
  ): void {
    for (let at = 0; at < count; at += 1) {
      at = this.#kernel.calls.applyWaiting(this.#space, at, count, until())
      if (at === count) break
      const event = this.event(at)
      apply(event, this.phase(at), this.time(at))
      this.#knowMaker(this.#thread(at), event)
    }
    this.#from += count
  }

  /**
   * Feeds all of them once more; they go, up to the first of which `feed` says that it still has to wait. Plain ones before
   * `until` are applied without being fed.
   */
  again(until: () => number, feed: (event: number, phase: Phase, time: number) => boolean): void {
    const end = this.#to
    this.#to = this.#from
    while (this.#to < end) {
      if (this.#from === this.#to) {
        this.#to += this.#kernel.calls.applyWaiting(this.#space, 0, end - this.#from, until())
        this.#from = this.#to
        if (this.#to === end) return
      }
      const at = this.length
      // While it feeds, those before it may be fed again in their turn.
      const event = this.event(at)
      const thread = this.#thread(at)
      const waits = feed(event, this.phase(at), this.time(at))
      this.#to += 1
      if (waits) continue
      this.#from = this.#to
      this.#knowMaker(thread, event)
    }
  }

  #thread(at: number): number {
    return this.#kernel.words[(this.#place(at) >>> 2) + THREAD]!
  }

  /** The first effect of a thread that is applied may make it a maker: then the kernel can apply those behind it. */
  #knowMaker(thread: number, event: number): void {
    const maker = this.#makerOf(event)
    if (maker >= 0) this.#kernel.calls.knowMaker(this.#space, thread, maker)
  }

  get #from(): number {
    return this.#kernel.words[(this.#list >>> 2) + FROM]!
  }

  set #from(at: number) {
    this.#kernel.words[(this.#list >>> 2) + FROM] = at
  }

  get #to(): number {
    return this.#kernel.words[(this.#list >>> 2) + TO]!
  }

  set #to(at: number) {
    this.#kernel.words[(this.#list >>> 2) + TO] = at
  }

  #place(at: number): number {
    return this.#kernel.calls.waitingAt(this.#list, this.#from + at)
  }
}
