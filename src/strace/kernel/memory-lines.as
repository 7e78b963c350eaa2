// Memory calls as most are written: an address, a length, and behind them what the last such call had there.
//
//     mmap(NULL, 1572864, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f4fdcce0000 <0.000006>
//     munmap(0x7f4fdcce0000, 2686976) = 0 <0.000003>
//
// Their rows are finished without a look at the other arguments, which `finishRow` has read before.

import {
  BRK, FINISHED_SHIFT, FORMS, LAST_FORMS, LAST_FORM_BYTES, LAST_FORM_SLOTS, MUNMAP, NAME_NUMBER,
  NAME_TRAITS, RECENT, TAILS, TAIL_BYTES,
} from './places'
import { byteAt, digitsAt, digitsOf, hexDigitsOf, hexOf, sameBytes, valueOf } from './bytes'
import { contextOf } from './contexts'
import { duration, readOutcome, resultValue } from './results'
import { file, lineTime } from './prefix'
import { countCall, usualRow } from './statistics'
import { base, finish, PLACES, shapeOf, WORDS } from './rows'

// Of a tail, which begins with its comma: its length, a number of its own, and its parts of a shape's key; its text.
const NUMBER: i32 = 4
const PROTECTION: i32 = 8
const FLAGS: i32 = 12
const DESCRIPTOR: i32 = 16
const TEXT: i32 = 32
const LONGEST_TAIL: i32 = TAIL_BYTES - TEXT
let tails: i32 = 0

/** Keeps what a call had behind its length, at `[from, to)`, when a row was finished with it. */
export function keepTail(call: i32, from: i32, to: i32, protection: i32, flags: i32, fd: i32): void {
  const length = to - from
  const tail = TAILS + call * TAIL_BYTES
  if (length > LONGEST_TAIL) return
  if (load<i32>(tail, NUMBER) != 0 && load<i32>(tail) == length && sameBytes(tail + TEXT, from, length)) return
  store<i32>(tail, length)
  store<i32>(tail, ++tails, NUMBER)
  store<i32>(tail, protection, PROTECTION)
  store<i32>(tail, flags, FLAGS)
  store<i32>(tail, fd, DESCRIPTOR)
  memory.copy(tail + TEXT, from, length)
}

/** Form of the rows of a thread's calls of this kind with this tail; 0 while it is not known. */
// @ts-ignore: decorator
@inline
function formOf(thread: i32, call: i32, tail: i32): i32 {
  const slot = LAST_FORMS + (((thread << 3) + (call & 7) ^ (call >> 3)) & (LAST_FORM_SLOTS - 1)) * LAST_FORM_BYTES
  const who: u64 = <u64><u32>thread | (<u64>call << 32)
  const what: u64 = <u64>load<u32>(tail, NUMBER) | (<u64>file << 32)
  if (load<u64>(slot) == who) if (load<u64>(slot, 8) == what) return load<i32>(slot, 16)
  const shape = shapeOf(thread, call, load<i32>(tail, PROTECTION), load<i32>(tail, FLAGS), load<i32>(tail, DESCRIPTOR))
  const form = shape < 0 ? 0 : load<i32>(FORMS + (shape << 2))
  if (form == 0) return 0
  store<u64>(slot, who)
  store<u64>(slot, what, 8)
  store<i32>(slot, form, 16)
  return form
}

/** A whole number that is not negative and below 2 ** 52, which needs no rounding. */
// @ts-ignore: decorator
@inline
function wholeOf(value: f64): u64 { return reinterpret<u64>(value + 4503599627370496) & 0xfffffffffffff }

/**
 * The call of a known name whose arguments begin at `start`: where the line ends, when its row is finished and it is
 * counted. 0 when it is not so plain: nothing has come of it then.
 */
export function rangeCall(start: i32, line: i32, thread: i32, name: i32): i32 {
  const call = load<i32>(name, NAME_TRAITS) >> FINISHED_SHIFT
  const tail = TAILS + call * TAIL_BYTES
  if (load<i32>(tail, NUMBER) == 0) return 0
  let address: u64 = 0
  let p = start + 4
  if (load<u32>(start) != 0x4c4c554e) { // "NULL"
    if (load<u16>(start) != 0x7830) return 0 // "0x"
    const block = v128.load(start + 2)
    const digits = hexDigitsOf(block)
    if (<u32>(digits - 1) > 11) return 0
    address = hexOf(block, digits)
    p = start + 2 + digits
  }
  let length: i32 = 0
  if (call != BRK) {
    if (load<u16>(p) != 0x202c) return 0 // ", "
    // A leading zero may mean something else; more than eight digits are left as well.
    const low = digitsAt(p + 2)
    const digits = digitsOf(low)
    if (digits == 0) return 0
    if (byteAt(p + 2) == 48) return 0
    length = valueOf(low << (64 - (<u64>digits << 3)))
    p += 2 + digits
    if (call != MUNMAP) {
      const tailLength = load<i32>(tail)
      if (!sameBytes(tail + TEXT, p, tailLength)) return 0
      p += tailLength
    }
  }
  if (byteAt(p) != 41) return 0
  const end = readOutcome(p)
  if (end < 0) return 0
  const since = lineTime - base
  if (!(since >= 0)) return 0
  if (!(since < PLACES)) return 0
  if (!(resultValue >= 0)) return 0
  if (!(resultValue < PLACES)) return 0
  const isTimed = duration == duration
  if (isTimed) if (duration >= WORDS) return 0
  const value = wholeOf(resultValue)
  const isAddress = address != 0
  const place = isAddress ? address : value
  const isResult = place == value
  if (!isResult) {
    if (value != 0) return 0
    if (call == BRK) return 0
  }
  const number = load<i32>(name, NAME_NUMBER)
  const form = formOf(thread, (number << 3) | (isAddress ? 1 : 0) | (isResult ? 2 : 0) | (isTimed ? 4 : 0), tail)
  if (form == 0) return 0
  const row = usualRow(thread, number, -1)
  if (row < 0) return -1
  const recent = RECENT + thread * 12
  const context = contextOf(thread, load<i32>(recent), load<i32>(recent + 4), load<i32>(recent + 8))
  if (context < 0) return 0
  finish(<i64>since, place, <u32>length, isTimed ? <u32>wholeOf(duration) : 0, line, context, form)
  countCall(row, false, duration, 0)
  return end
}
