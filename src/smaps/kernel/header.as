// What stands behind the addresses of a header.

import { newline } from './bytes'
import { bad, cursor, scanHex, skipBlanks } from './scan'

// @ts-ignore: decorator
@inline
function permission(at: i32, letter: u32, bit: i32): i32 {
  const byte: u32 = load<u8>(at)
  return byte == letter ? bit : byte == 45 ? 0 : -1
}

// As it was read last.
export let permissions: i32 = 0
export let offset: f64 = 0
export let inode: u64 = 0
export let device: i32 = 0
export let deviceLength: i32 = 0
export let name: i32 = 0
export let nameEnd: i32 = 0

/** Reads what stands behind the addresses; position behind the line, 0 when it is not plain. */
export function readTail(limit: i32): i32 {
  if (!skipBlanks(limit) || cursor + 5 > limit) return 0
  const last: u32 = load<u8>(cursor + 3)
  permissions = permission(cursor, 114, 1) | permission(cursor + 1, 119, 2) | permission(cursor + 2, 120, 4) |
    (last == 112 ? 0 : permission(cursor + 3, 115, 8))
  cursor += 4
  if (permissions < 0 || !skipBlanks(limit)) return 0
  offset = scanHex(limit)
  if (bad || !skipBlanks(limit)) return 0
  device = cursor
  scanHex(limit)
  if (bad || cursor >= limit || load<u8>(cursor) != 58) return 0
  cursor++
  scanHex(limit)
  if (bad) return 0
  deviceLength = cursor - device
  if (!skipBlanks(limit)) return 0
  inode = 0
  const inodeAt = cursor
  for (; cursor < limit; cursor++) {
    const digit: u32 = <u32>load<u8>(cursor) - 48
    if (digit > 9) break
    inode = inode * 10 + digit
  }
  const digits = cursor - inodeAt
  if (digits == 0 || digits > 15) return 0
  const blanks = skipBlanks(limit)
  name = cursor
  const headerEnd = newline(name, limit)
  nameEnd = headerEnd > name && load<u8>(headerEnd - 1) == 13 ? headerEnd - 1 : headerEnd
  if (nameEnd > name && load<u8>(nameEnd - 1) == 13) return 0
  return !blanks && nameEnd > name ? 0 : headerEnd + 1
}
