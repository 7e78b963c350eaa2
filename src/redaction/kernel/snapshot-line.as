// A line of smaps in which nothing changes: field, flags, header of a mapping without a name or with one that stays.

import { BITS, DECIMAL, HEXADECIMAL, KIND, UPPER } from './places'
import { hexEnd, lineEnd, within, wordEndFrom } from './bytes'
import { isKept } from './words'

export function snapshotLine(start: i32): bool {
  if (start == lineEnd) return true
  const kind = load<u8>(KIND + load<u8>(start))
  if (kind == UPPER) return field(start)
  return (load<u8>(BITS + load<u8>(start)) & HEXADECIMAL) != 0 && header(start)
}

/** `Rss:                  12 kB`, `VmFlags: rd wr mr mw me ac `. */
function field(start: i32): bool {
  let at = wordEndFrom(start)
  if (at == lineEnd || load<u8>(at) != 58) return false
  at++
  if (at - start == 8 && load<u64>(start) == 0x3a7367616c466d56) return flags(at) // `VmFlags:`
  at = numbersEnd(at)
  return at == lineEnd || (at + 2 == lineEnd && load<u16>(at) == 0x426b)
}

/** Behind the digits, blanks and tabs at `start`, at the end of the line at the latest. */
// @ts-ignore: decorator
@inline
function numbersEnd(start: i32): i32 {
  let at = start
  while (true) {
    const block = v128.load(at)
    const blanks = v128.or(i8x16.eq(block, i8x16.splat(32)), i8x16.eq(block, i8x16.splat(9)))
    const length = ctz(~i8x16.bitmask(v128.or(blanks, within(block, 48, 57))))
    at += length
    if (length < 16 || at >= lineEnd) return min(lineEnd, at)
  }
}

/** Codes of two letters, each behind one blank. */
function flags(start: i32): bool {
  for (let at = start; at < lineEnd; at += 3) {
    if (load<u8>(at) != 32) return false
    if (at + 1 == lineEnd) return true
    if (at + 3 > lineEnd) return false
    const first = load<u8>(at + 1)
    const second = load<u8>(at + 2)
    if (first < 97 || first > 122 || second < 97 || second > 122) return false
  }
  return true
}

/** `7f6bed947000-7f6bf0000000 rw-p 00000000 00:00 0 `, and behind it nothing or a name that is known to stay. */
function header(start: i32): bool {
  let at = hexBehind(start, 45)
  if (at > 0) at = hexBehind(at, 32)
  if (at == 0 || !isPermissions(at)) return false
  at = hexBehind(at + 5, 32)
  if (at > 0) at = hexBehind(at, 58)
  if (at > 0) at = hexBehind(at, 32)
  if (at == 0) return false
  const inode = at
  while (at < lineEnd && load<u8>(BITS + load<u8>(at)) & DECIMAL) at++
  if (at == inode) return false
  while (at < lineEnd && load<u8>(at) == 32) at++
  return at == lineEnd || (load<u8>(at) > 32 && isKept(at, lineEnd))
}

/** Behind up to sixteen digits at `start` and this byte; 0 when they are not there. */
function hexBehind(start: i32, end: u8): i32 {
  const at = hexEnd(start)
  return at > start && at <= start + 16 && load<u8>(at) == end ? at + 1 : 0
}

/** `rw-p `, or any other four signs of ASCII. */
function isPermissions(at: i32): bool {
  for (let place = at; place < at + 4; place++) if (<u32>load<u8>(place) - 33 > 93) return false
  return load<u8>(at + 4) == 32
}
