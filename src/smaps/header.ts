/**
 * The first line of a mapping, as `show_map_vma` in fs/proc/task_mmu.c prints it:
 *
 *   55e87aeaa000-55e87aeaf000 r--p 00000000 fe:00 15884290                   /usr/sbin/nscd
 *   7f0de3e51000-7f0de3ea8000 rw-p 00000000 00:00 0
 *
 * What it cannot know: whether `\012` in a name is a newline or four characters, whether ` (deleted)` belongs to the
 * name. The name is kept as printed. Read from the left only: a name may look like anything, even like a header.
 */
import { HEX_DIGIT } from '../base/bytes-text.ts'
import { EXECUTE, READ, SHARED, WRITE } from '../model/snapshot.ts'

/** What `parseHeader` found. */
export const NO_HEADER = 0
export const FULL_HEADER = 1
/** Only `START-END`, as some tools and editors leave it. */
export const RANGE_ONLY = 2
/** Range, permissions, offset and device, then the line ends: a mailer wrapped it, or the file was cut. */
export const WRAPPED_HEADER = 3
/** Range and a part of the rest. */
export const PARTIAL_HEADER = 4

/** The parts of one header; offsets point into the buffer that was parsed. Reused from line to line. */
export class Header {
  start = 0
  end = 0
  permissions = 0
  offset = Number.NaN
  inode = Number.NaN
  deviceStart = 0
  deviceEnd = 0
  nameStart = 0
  nameEnd = 0
  /** Where parsing stopped: the position of the `\n`, or the limit. */
  stop = 0
}

const BLANK = 32
const NEWLINE = 10
const RETURN = 13
const DASH = 45
const COLON = 58

const LETTER = { r: 114, w: 119, x: 120, s: 115, p: 112 } as const

/** Bit of one column of the permissions: its letter or a dash; -1 for anything else. */
const permissionBit = (byte: number | undefined, letter: number, bit: number): number =>
  byte === letter ? bit : byte === DASH ? 0 : -1

/** Bits of `rwxp` at `at`; negative when it is not that. WSL1 has been seen with `-` in the last column. */
export function parsePermissions(buffer: Uint8Array, at: number): number {
  const last = buffer[at + 3]
  return (
    permissionBit(buffer[at], LETTER.r, READ) |
    permissionBit(buffer[at + 1], LETTER.w, WRITE) |
    permissionBit(buffer[at + 2], LETTER.x, EXECUTE) |
    (last === LETTER.p ? 0 : permissionBit(last, LETTER.s, SHARED))
  )
}

/** Value of the digits that `scanHex` passed last; NaN for more than sixteen, meaningless for none. */
let scanned = 0

/** End of the hexadecimal digits that begin at `at`; their value, in two halves so that it stays exact, in `scanned`. */
function scanHex(buffer: Uint8Array, at: number, limit: number): number {
  let end = at
  let high = 0
  let low = 0
  for (; end < limit; end++) {
    const digit = HEX_DIGIT[buffer[end]!]!
    if (digit > 15) break
    high = (high << 4) | (low >>> 28)
    low = (low << 4) | digit
  }
  scanned = end - at > 16 ? Number.NaN : (high >>> 0) * 0x1_0000_0000 + (low >>> 0)
  return end
}

function skip(buffer: Uint8Array, at: number, limit: number): number {
  let end = at
  while (end < limit && buffer[end] === BLANK) end++
  return end
}

const atEnd = (buffer: Uint8Array, at: number, limit: number): boolean =>
  at >= limit ||
  buffer[at] === NEWLINE ||
  (buffer[at] === RETURN && (at + 1 >= limit || buffer[at + 1] === NEWLINE))

/**
 * Parses the line that begins at `start`; it ends at the first `\n` or at `limit`. Fills `header` as far as the result
 * says and returns one of the five constants above. `header.stop` is set for FULL_HEADER only.
 */
export function parseHeader(buffer: Uint8Array, start: number, limit: number, header: Header): number {
  const dash = scanHex(buffer, start, limit)
  if (dash === start || dash >= limit || buffer[dash] !== DASH) return NO_HEADER
  header.start = scanned
  const rangeEnd = scanHex(buffer, dash + 1, limit)
  header.end = scanned
  // NaN + anything is NaN: one test for both ends.
  if (rangeEnd === dash + 1 || Number.isNaN(header.start + header.end)) return NO_HEADER
  header.permissions = 0
  header.offset = Number.NaN
  header.inode = Number.NaN
  header.deviceStart = header.deviceEnd = header.nameStart = header.nameEnd = rangeEnd

  let at = skip(buffer, rangeEnd, limit)
  if (atEnd(buffer, at, limit)) return RANGE_ONLY
  if (at === rangeEnd) return NO_HEADER
  if (at + 4 > limit) return PARTIAL_HEADER
  const permissions = parsePermissions(buffer, at)
  if (permissions < 0) return NO_HEADER
  header.permissions = permissions
  at += 4
  if (buffer[at] !== BLANK || at >= limit) return atEnd(buffer, at, limit) ? PARTIAL_HEADER : NO_HEADER
  return parseOrigin(buffer, skip(buffer, at, limit), limit, header)
}

/** Offset, device, inode and name. */
function parseOrigin(buffer: Uint8Array, start: number, limit: number, header: Header): number {
  const offsetEnd = scanHex(buffer, start, limit)
  header.offset = offsetEnd === start ? Number.NaN : scanned
  let at = skip(buffer, offsetEnd, limit)
  if (atEnd(buffer, at, limit)) return PARTIAL_HEADER
  if (Number.isNaN(header.offset) || at === offsetEnd) return NO_HEADER

  const colon = scanHex(buffer, at, limit)
  if (atEnd(buffer, colon, limit)) return PARTIAL_HEADER
  if (colon === at || buffer[colon] !== COLON) return NO_HEADER
  header.deviceStart = at
  header.deviceEnd = scanHex(buffer, colon + 1, limit)
  at = skip(buffer, header.deviceEnd, limit)
  if (atEnd(buffer, at, limit)) return WRAPPED_HEADER
  if (header.deviceEnd === colon + 1 || at === header.deviceEnd) return NO_HEADER
  return parseInodeAndName(buffer, at, limit, header)
}

/** `INODE[ padding NAME]`, also when it stands on a line of its own. FULL_HEADER or NO_HEADER. */
export function parseInodeAndName(buffer: Uint8Array, start: number, limit: number, header: Header): number {
  let at = start
  let inode = 0
  for (; at < limit; at++) {
    const digit = buffer[at]! - 48
    if (digit < 0 || digit > 9) break
    inode = inode * 10 + digit
  }
  if (at === start) return NO_HEADER
  const name = skip(buffer, at, limit)
  if (name === at && !atEnd(buffer, at, limit)) return NO_HEADER
  header.inode = inode
  let stop = name
  while (stop < limit && buffer[stop] !== NEWLINE) stop++
  header.nameStart = name
  header.nameEnd = stop > name && buffer[stop - 1] === RETURN ? stop - 1 : stop
  header.stop = stop
  return FULL_HEADER
}
