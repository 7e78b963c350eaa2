/**
 * The first line of a mapping, as `show_map_vma` in fs/proc/task_mmu.c prints it:
 *
 *   55e87aeaa000-55e87aeaf000 r--p 00000000 fe:00 15884290                   /usr/sbin/nscd
 *   7f0de3e51000-7f0de3ea8000 rw-p 00000000 00:00 0
 *
 * What it cannot know: whether `\012` in a name is a newline or four characters, whether ` (deleted)` belongs to the
 * name. The name is kept as printed. Read from the left only: a name may look like anything, even like a header.
 */
import { HEX_DIGIT, parseHex } from '../base/bytes-text.ts'
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

const letter = (text: string): number => text.charCodeAt(0)
const PERMISSION_COLUMNS: readonly { readonly byte: number; readonly bit: number }[] = [
  { byte: letter('r'), bit: READ },
  { byte: letter('w'), bit: WRITE },
  { byte: letter('x'), bit: EXECUTE },
]

/** Bits of `rwxp` at `at`; -1 when it is not that. WSL1 has been seen with `-` in the last column. */
export function parsePermissions(buffer: Uint8Array, at: number): number {
  let bits = 0
  for (let column = 0; column < 3; column++) {
    const byte = buffer[at + column]
    const { byte: set, bit } = PERMISSION_COLUMNS[column]!
    if (byte === set) bits |= bit
    else if (byte !== DASH) return -1
  }
  const last = buffer[at + 3]
  if (last === letter('s')) return bits | SHARED
  return last === letter('p') || last === DASH ? bits : -1
}

/** End of the hexadecimal digits that begin at `at`. */
function hexEnd(buffer: Uint8Array, at: number, limit: number): number {
  let end = at
  while (end < limit && HEX_DIGIT[buffer[end]!]! < 16) end++
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
  const dash = hexEnd(buffer, start, limit)
  if (dash === start || buffer[dash] !== DASH || dash >= limit) return NO_HEADER
  const rangeEnd = hexEnd(buffer, dash + 1, limit)
  header.start = parseHex(buffer, start, dash)
  header.end = parseHex(buffer, dash + 1, rangeEnd)
  // NaN + anything is NaN: one test for both ends.
  if (Number.isNaN(header.start + header.end)) return NO_HEADER
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
  const offsetEnd = hexEnd(buffer, start, limit)
  header.offset = parseHex(buffer, start, offsetEnd)
  let at = skip(buffer, offsetEnd, limit)
  if (atEnd(buffer, at, limit)) return PARTIAL_HEADER
  if (Number.isNaN(header.offset) || at === offsetEnd) return NO_HEADER

  const colon = hexEnd(buffer, at, limit)
  if (atEnd(buffer, colon, limit)) return PARTIAL_HEADER
  if (colon === at || buffer[colon] !== COLON) return NO_HEADER
  header.deviceStart = at
  header.deviceEnd = hexEnd(buffer, colon + 1, limit)
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
