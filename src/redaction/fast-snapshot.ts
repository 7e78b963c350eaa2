/**
 * Lines of smaps that hold no name: fields, flags, headers of anonymous mappings. Seen by bytes; every other line is
 * left to the plain rules (snapshot-line.ts).
 */
const OTHER = 0
const DIGIT = 1
const HEX_LETTER = 2
const LOWER = 3
const UPPER = 4
const BLANK = 5
const COLON = 6

const KIND = new Uint8Array(256)
for (let code = 48; code <= 57; code++) KIND[code] = DIGIT
for (let code = 97; code <= 122; code++) KIND[code] = code <= 102 ? HEX_LETTER : LOWER
for (let code = 65; code <= 90; code++) KIND[code] = UPPER
KIND[95] = LOWER
KIND[32] = BLANK
KIND[9] = BLANK
KIND[58] = COLON

export class FastSnapshot {
  /** Whether `buffer[start, end)` is such a line, and so stays as it is. */
  line(buffer: Uint8Array, start: number, end: number): boolean {
    const first = KIND[buffer[start]!]
    if (first === UPPER) return isField(buffer, start, end)
    return (first === DIGIT || first === HEX_LETTER) && isAnonymousHeader(buffer, start, end)
  }
}

/** `Rss:                  12 kB`, `VmFlags: rd wr mr mw me ac `. */
function isField(buffer: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end && KIND[buffer[at]!] !== COLON) {
    if (KIND[buffer[at]!] === OTHER || KIND[buffer[at]!] === BLANK) return false
    at++
  }
  if (at === end) return false
  const isFlags = at - start === 7 && buffer[start] === 0x56 && buffer[start + 2] === 0x46
  at++
  if (isFlags) return areFlags(buffer, at, end)
  while (at < end && (KIND[buffer[at]!] === BLANK || KIND[buffer[at]!] === DIGIT)) at++
  return at === end || (at + 2 === end && buffer[at] === 0x6b && buffer[at + 1] === 0x42)
}

/** Codes of two letters with one blank between. */
function areFlags(buffer: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at += 3) {
    if (buffer[at] !== 0x20) return false
    if (at + 1 === end) return true
    if (at + 3 > end || !isLetter(buffer[at + 1]!) || !isLetter(buffer[at + 2]!)) return false
  }
  return true
}

const isLetter = (byte: number): boolean => byte >= 97 && byte <= 122

/** `7f6bed947000-7f6bf0000000 rw-p 00000000 00:00 0 ` with nothing behind the inode. */
function isAnonymousHeader(buffer: Uint8Array, start: number, end: number): boolean {
  let at = hexEnd(buffer, start, end)
  if (buffer[at] !== 0x2d) return false
  at = hexEnd(buffer, at + 1, end)
  if (buffer[at] !== 0x20 || buffer[at + 5] !== 0x20) return false
  at = hexEnd(buffer, at + 6, end)
  if (buffer[at] !== 0x20) return false
  at = hexEnd(buffer, at + 1, end)
  if (buffer[at] !== 0x3a) return false
  at = hexEnd(buffer, at + 1, end)
  if (buffer[at] !== 0x20) return false
  at++
  while (at < end && KIND[buffer[at]!] === DIGIT) at++
  while (at < end && buffer[at] === 0x20) at++
  return at === end
}

function hexEnd(buffer: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && (KIND[buffer[at]!] === DIGIT || KIND[buffer[at]!] === HEX_LETTER)) at++
  return at
}
