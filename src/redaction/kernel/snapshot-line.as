// A line of smaps that holds no name: field, flags, header of an anonymous mapping.

import { BITS, BLANK, DECIMAL, HEXADECIMAL, KIND, UPPER, WORD } from './places'
import { hexEnd, lineEnd } from './bytes'

export function snapshotLine(start: i32): bool {
  if (start == lineEnd) return true
  const kind = load<u8>(KIND + load<u8>(start))
  if (kind == UPPER) return field(start)
  return (load<u8>(BITS + load<u8>(start)) & HEXADECIMAL) != 0 && anonymousHeader(start)
}

/** `Rss:                  12 kB`, `VmFlags: rd wr mr mw me ac `. */
function field(start: i32): bool {
  let at = start
  while (at < lineEnd && load<u8>(BITS + load<u8>(at)) & WORD) at++
  if (at == lineEnd || load<u8>(at) != 58) return false
  at++
  if (at - start == 8 && load<u32>(start) == 0x6c466d56) return flags(at) // `VmFl`
  while (at < lineEnd && load<u8>(BITS + load<u8>(at)) & (DECIMAL | BLANK)) at++
  return at == lineEnd || (at + 2 == lineEnd && load<u16>(at) == 0x426b)
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

/** `7f6bed947000-7f6bf0000000 rw-p 00000000 00:00 0 ` with nothing behind the inode. */
function anonymousHeader(start: i32): bool {
  let at = hexEnd(start)
  if (load<u8>(at) != 45) return false
  at = hexEnd(at + 1)
  if (load<u8>(at) != 32 || load<u8>(at + 5) != 32) return false
  at = hexEnd(at + 6)
  if (load<u8>(at) != 32) return false
  at = hexEnd(at + 1)
  if (load<u8>(at) != 58) return false
  at = hexEnd(at + 1)
  if (load<u8>(at) != 32) return false
  at++
  while (at < lineEnd && load<u8>(BITS + load<u8>(at)) & DECIMAL) at++
  while (at < lineEnd && load<u8>(at) == 32) at++
  return at == lineEnd
}
