import { RangeMap } from '../../base/range-map.ts'
import { callIndex, FAILED, type MemoryEvents, type Trace, UNFINISHED } from '../../model/trace.ts'

/**
 * What a log says about the address space while it ran, on its own clock: a range was mapped, free or writable from
 * one instant to another, or the heap ended at an address. A snapshot taken in between can agree or not.
 */
export interface Claims {
  readonly length: number
  /** The part of the log they were read from, on its own clock. */
  readonly window: Window
  readonly start: Float64Array
  readonly end: Float64Array
  readonly from: Float64Array
  readonly to: Float64Array
  readonly state: Uint8Array
  /** Break after each brk, ascending in time. */
  readonly breaks: { readonly time: Float64Array; readonly value: Float64Array }
}

interface Window {
  readonly first: number
  readonly last: number
}

export const FREE = 0
const MAPPED = 1
export const WRITABLE = 2

/** Calls read: of a larger log only its middle, which is a log of its own as far as its clock is concerned. */
const MOST_CALLS = 200_000
/** Claims kept: enough to tell candidates apart, few enough to try many. Spread evenly over the log. */
const MOST_CLAIMS = 4000
const PAGE = 4096
const PROT_WRITE = 2
const MAP_FIXED = 0x10

const pageUp = (value: number): number => Math.ceil(value / PAGE) * PAGE

const MMAP = callIndex('mmap')
const MUNMAP = callIndex('munmap')
const MREMAP = callIndex('mremap')
const BRK = callIndex('brk')
const MPROTECT = callIndex('mprotect')
const EXECVE = callIndex('execve')

/** Reads the claims of a trace. Calls are taken in the order of their effect: releases at entry, the rest at exit. */
export function claimsOf(trace: Trace): Claims {
  const { events } = trace
  const window = windowOf(trace)
  const book = new ClaimBook(window)
  for (const at of byEffect(events, window)) {
    const time = effectTime(events, at)
    const start = events.result(at)
    const length = pageUp(events.length1(at))
    switch (events.call(at)) {
      case MMAP:
        book.map(start, start + length, time, (events.flags(at) & MAP_FIXED) === 0)
        break
      case MUNMAP:
        book.unmap(events.address(at), events.address(at) + length, time)
        break
      case MREMAP:
        book.unmap(events.address(at), events.address(at) + length, time)
        book.map(start, start + pageUp(events.length2(at)), time, false)
        break
      case MPROTECT:
        if (events.protection(at) & PROT_WRITE)
          book.makeWritable(events.address(at), events.address(at) + length, time)
        break
      case BRK:
        book.moveBreak(start, time)
        break
      case EXECVE:
        book.forget(time)
    }
  }
  return book.finish()
}

const isRelease = (call: number): boolean => call === MUNMAP

const effectTime = (events: MemoryEvents, at: number): number => {
  const duration = events.duration(at)
  return events.time(at) + (isRelease(events.call(at)) || Number.isNaN(duration) ? 0 : duration)
}

const WANTED = new Set([MMAP, MUNMAP, MREMAP, BRK, MPROTECT, EXECVE])

const tookPlace = (events: MemoryEvents, at: number): boolean =>
  WANTED.has(events.call(at)) && !Number.isNaN(events.time(at)) && !(events.state(at) & (FAILED | UNFINISHED))

/** The whole log, or so much of its middle that about the allowed number of calls lies in it. */
function windowOf({ events, firstTime, lastTime }: Trace): Window {
  let calls = 0
  for (let at = 0; at < events.length; at++) if (tookPlace(events, at)) calls++
  if (calls <= MOST_CALLS) return { first: firstTime, last: lastTime }
  const margin = ((lastTime - firstTime) * (1 - MOST_CALLS / calls)) / 2
  return { first: firstTime + margin, last: lastTime - margin }
}

/** Indexes of calls inside the window that took place, in the order of their effect. */
function byEffect(events: MemoryEvents, window: Window): number[] {
  const order: number[] = []
  for (let at = 0; at < events.length; at++)
    if (tookPlace(events, at) && events.time(at) >= window.first && events.time(at) <= window.last)
      order.push(at)
  return order.sort((a, b) => effectTime(events, a) - effectTime(events, b) || a - b)
}

class ClaimBook {
  readonly #window: Window
  readonly #mapped = new RangeMap()
  readonly #writable = new RangeMap()
  readonly #claims: { start: number; end: number; from: number; to: number; state: number }[] = []
  readonly #breakTimes: number[] = []
  readonly #breaks: number[] = []

  constructor(window: Window) {
    this.#window = window
  }

  #claim(start: number, end: number, from: number, to: number, state: number): number {
    return this.#claims.push({ start, end, from, to, state }) - 1
  }

  /** Closes what was said about the range; whether anything was. */
  #close(map: RangeMap, start: number, end: number, time: number): boolean {
    let known = false
    map.remove(start, end, (_from, _to, owner) => {
      known = true
      const claim = this.#claims[owner]!
      claim.to = Math.min(claim.to, time)
    })
    return known
  }

  #open(map: RangeMap, start: number, end: number, time: number, state: number): void {
    map.set(start, end, this.#claim(start, end, time, Number.POSITIVE_INFINITY, state), state)
  }

  /** `chosen`: the kernel chose the place, so it was free until then. */
  map(start: number, end: number, time: number, chosen: boolean): void {
    if (!(end > start)) return
    const known = this.#close(this.#mapped, start, end, time)
    this.#close(this.#writable, start, end, time)
    if (chosen && !known) this.#claim(start, end, this.#window.first, time, FREE)
    this.#open(this.#mapped, start, end, time, MAPPED)
  }

  unmap(start: number, end: number, time: number): void {
    if (!(end > start)) return
    this.#close(this.#mapped, start, end, time)
    this.#close(this.#writable, start, end, time)
    this.#open(this.#mapped, start, end, time, FREE)
  }

  makeWritable(start: number, end: number, time: number): void {
    if (!(end > start)) return
    this.#close(this.#writable, start, end, time)
    this.#open(this.#writable, start, end, time, WRITABLE)
  }

  moveBreak(value: number, time: number): void {
    this.#breakTimes.push(time)
    this.#breaks.push(value)
  }

  forget(time: number): void {
    for (const claim of this.#claims) claim.to = Math.min(claim.to, time)
    this.#mapped.clear()
    this.#writable.clear()
    this.#breakTimes.length = 0
    this.#breaks.length = 0
  }

  finish(): Claims {
    const all = this.#claims.filter((claim) => claim.to > claim.from)
    const every = Math.max(1, Math.ceil(all.length / MOST_CLAIMS))
    const kept = all.filter((_, at) => at % every === 0)
    return {
      length: kept.length,
      window: this.#window,
      start: Float64Array.from(kept, (claim) => claim.start),
      end: Float64Array.from(kept, (claim) => claim.end),
      from: Float64Array.from(kept, (claim) => claim.from),
      to: Float64Array.from(kept, (claim) => Math.min(claim.to, this.#window.last)),
      state: Uint8Array.from(kept, (claim) => claim.state),
      breaks: { time: Float64Array.from(this.#breakTimes), value: Float64Array.from(this.#breaks) },
    }
  }
}
