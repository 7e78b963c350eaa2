// What a log says about address spaces, read in the order in which its calls take effect. AssemblyScript; `npm run
// build:kernels` compiles it into claim-kernel.wasm.ts, and a test holds the two together.
//
// The caller opens books and says whose calls go into which. `readClaims` writes down what mmap and munmap say, and stops
// at every other effect, which is the caller's.

import { advance, EFFECT, row, thread, time } from '../../../strace/effects/kernel/merge'
import { formAt } from '../../../strace/effects/kernel/lanes'
import { Book } from './book'
import { HeldList } from './held-list'
export * from '../../../strace/effects/kernel/merge'

/** What `readClaims` came to beside what `advance` may: as much as was asked for. */
const ENOUGH: i32 = 3

/** Kinds of forms, beside those that map where they are told to. */
const MAPS_WHERE_CHOSEN: u8 = 1
const UNMAPS: u8 = 3
const SAYS_NOTHING: u8 = 4

const PAGE: f64 = 4096

/** By thread: its book; 0 where it is not told yet. */
let seats: usize = 0
/** The threads of which it is told. */
let seated: usize = 0
let seatedCount: i32 = 0
/** In place of a book for threads of which nothing is written down. */
const NO_BOOK: usize = 1

/** Effects read, and whether the next one has been come to. */
let effects: f64 = 0
let isAtHand: bool = false

export function prepareClaims(threads: i32): void {
  seats = heap.alloc(<usize>threads << 2)
  memory.fill(seats, 0, <usize>threads << 2)
  seated = heap.alloc(<usize>threads << 2)
}

/** Whose calls go where has to be told again. */
export function leaveBooks(): void {
  for (let k = 0; k < seatedCount; k++) store<usize>(seatOf(load<i32>(seated + (<usize>k << 2))), 0)
  seatedCount = 0
}

/** `book`: 1 when nothing of the thread is written down. */
export function seatAt(thread: i32, book: usize): void {
  const seat = seatOf(thread)
  if (load<usize>(seat) == 0) {
    store<i32>(seated + (<usize>seatedCount << 2), thread)
    seatedCount++
  }
  store<usize>(seat, book)
}

export function makeBook(begun: f64, least: f64): Book { return Book.make(begun, least) }
export function mapIn(book: Book, start: f64, end: f64, time: f64, chosen: bool): void { book.map(start, end, time, chosen) }
export function unmapIn(book: Book, start: f64, end: f64, time: f64): void { book.unmap(start, end, time) }
export function makeWritableIn(book: Book, start: f64, end: f64, time: f64): void { book.makeWritable(start, end, time) }
export function forgetIn(book: Book, time: f64): void { book.forget(time) }
export function heldUntil(book: Book, now: f64): HeldList { return book.heldUntil(now) }
export function heldIn(list: HeldList): i32 { return list.length }
export function heldAt(list: HeldList): usize { return list.place }
export function freeHeld(list: HeldList): void { list.free() }

/**
 * Reads on until an instant of the log's clock, and never more effects in all than `most`. `first`: when the log begins;
 * calls without a stamp at a thread's beginning take effect at no instant.
 */
export function readClaims(until: f64, most: f64, first: f64): i32 {
  while (true) {
    if (!isAtHand) {
      const came = advance()
      if (came != EFFECT) return came
      isAtHand = true
    }
    if (effects >= most || !(time <= until)) return ENOUGH
    effects++
    isAtHand = false
    const kind = formAt(row.form).kind
    const seat = load<usize>(seatOf(thread))
    if (kind == SAYS_NOTHING) continue
    if (kind == 0 || seat == 0) return EFFECT
    if (seat == NO_BOOK) continue
    const book = changetype<Book>(seat)
    const start = row.place
    const end = start + ceil(<f64>row.length / PAGE) * PAGE
    const at = max(time, first)
    if (kind == UNMAPS) book.unmap(start, end, at)
    else book.map(start, end, at, kind == MAPS_WHERE_CHOSEN)
  }
}

// @ts-ignore: decorator
@inline
function seatOf(thread: i32): usize { return seats + (<usize>thread << 2) }
