// Writes down what calls say about the ranges of one address space, in the order of their effects.

import { Cell } from '../../../base/kernel/range-block'
import { firstPiece, Ranges } from '../../../base/kernel/ranges'
import { HeldList } from './held-list'
import { OpenClaims } from './open-claims'

/** In place of a claim where what was said holds no more, and nothing else is known. */
const OVER: i32 = 0

// States of a range, as in held-claims.ts.
const FREE: i32 = 0
const MAPPED: i32 = 1
const WRITABLE: i32 = 2

function made<T>(): T {
  const place = heap.alloc(offsetof<T>())
  memory.fill(place, 0, offsetof<T>())
  return changetype<T>(place)
}

@unmanaged
export class Book {
  /** Ranges by the claim that holds for them, each a whole one. */
  private mapped: Ranges
  private writable: Ranges
  private open: OpenClaims
  private held: HeldList
  /** Since when the address space is this one. */
  private begun: f64
  /** What held no longer than that is not kept. */
  private least: f64

  /** `begun`: when the log begins. */
  static make(begun: f64, least: f64): Book {
    const book = made<Book>()
    book.mapped = Ranges.make()
    book.writable = Ranges.make()
    book.open = made<OpenClaims>()
    book.open.clear()
    book.held = HeldList.make()
    book.begun = begun
    book.least = least
    return book
  }

  /** `chosen`: the kernel chose the place, so it was free until then. */
  map(start: f64, end: f64, time: f64, chosen: bool): void {
    if (!(end > start)) return
    const isKnown = this.close(this.mapped, start, end, time)
    this.close(this.writable, start, end, time)
    if (chosen && !isKnown) this.hold(this.held, start, end, this.begun, time, FREE)
    this.claim(this.mapped, start, end, time, MAPPED)
  }

  unmap(start: f64, end: f64, time: f64): void {
    if (!(end > start)) return
    this.close(this.mapped, start, end, time)
    this.close(this.writable, start, end, time)
    this.claim(this.mapped, start, end, time, FREE)
  }

  makeWritable(start: f64, end: f64, time: f64): void {
    if (!(end > start)) return
    this.close(this.writable, start, end, time)
    this.claim(this.writable, start, end, time, WRITABLE)
  }

  /** A new program: nothing of what was said holds from then on. */
  forget(time: f64): void {
    this.holdOpen(this.held, time)
    this.open.clear()
    this.begun = time
    this.mapped.free()
    this.writable.free()
    this.mapped = Ranges.make()
    this.writable = Ranges.make()
  }

  /** All that held until now, what is still open as if it ended now; it is the caller's to free. */
  heldUntil(now: f64): HeldList {
    const held = this.held.copy()
    this.holdOpen(held, now)
    return held
  }

  private holdOpen(into: HeldList, now: f64): void {
    this.holdAll(this.mapped, into, now)
    this.holdAll(this.writable, into, now)
  }

  private holdAll(map: Ranges, into: HeldList, now: f64): void {
    const count = map.look(-Infinity, Infinity)
    for (let piece = 0; piece < count; piece++) {
      const cell = pieceAt(piece)
      if (cell.owner != OVER) this.hold(into, cell.start, cell.end, this.open.at(cell.owner).from, now, cell.tag)
    }
  }

  private hold(into: HeldList, start: f64, end: f64, from: f64, to: f64, state: i32): void {
    if (to - from > this.least) into.add(start, end, from, to, state)
  }

  /** Closes what was said about the range; whether anything was. */
  private close(map: Ranges, start: f64, end: f64, time: f64): bool {
    // How far claims reached that began or ended outside.
    let reachesFrom = start
    let reachesTo = end
    const count = map.cut(start, end)
    for (let piece = 0; piece < count; piece++) {
      const cell = pieceAt(piece)
      const number = cell.owner
      if (number == OVER) continue
      const claim = this.open.at(number)
      if (claim.start < cell.start) reachesFrom = claim.start
      if (claim.end > cell.end) reachesTo = claim.end
      this.hold(this.held, claim.start, claim.end, claim.from, time, cell.tag)
      this.open.close(number)
    }
    endOver(map, reachesFrom, start)
    endOver(map, end, reachesTo)
    return count > 0
  }

  /** Where nothing is said any more. */
  private claim(map: Ranges, start: f64, end: f64, time: f64, state: i32): void {
    map.add(start, end, this.open.add(start, end, time), state)
  }
}

/** What is left of a claim that is over. */
function endOver(map: Ranges, start: f64, end: f64): void {
  if (!(start < end) || map.add(start, end, OVER, OVER)) return
  map.cut(start, end)
  map.add(start, end, OVER, OVER)
}

// @ts-ignore: decorator
@inline
function pieceAt(piece: i32): Cell { return changetype<Cell>(firstPiece() + <usize>piece * offsetof<Cell>()) }
