import { decodeText } from '../base/bytes-text.ts'
import { FOREIGN_PREFIXES } from '../base/foreign-prefixes.ts'

/** Only tried on lines that are not strace's as they stand, so that nothing of strace's own is taken for it. */
const PREFIXES: readonly RegExp[] = [
  ...FOREIGN_PREFIXES,
  // Numbered listings: "   12  "
  /^ +\d+ +/,
  // Byte order mark (as Latin-1), indentation, zero bytes that a crash of the machine left
  /^(?:\u00ef\u00bb\u00bf|[\s\0])+/,
]

const LONGEST = 128

/** Length of the foreign prefix of `buffer[start, end)`; 0 without one. */
export function foreignPrefix(buffer: Uint8Array, start: number, end: number): number {
  const head = Buffer.from(buffer.subarray(start, Math.min(end, start + LONGEST))).toString('latin1')
  for (const pattern of PREFIXES) {
    const found = pattern.exec(head)
    if (found && found[0].length > 0) return found[0].length
  }
  return 0
}

const ESCAPE = 27

/** The line without terminal colours (`ESC [ … m`), or `null` when it has none. */
export function withoutColours(buffer: Uint8Array, start: number, end: number): Uint8Array | null {
  if (!buffer.subarray(start, end).includes(ESCAPE)) return null
  const text = Buffer.from(buffer.subarray(start, end)).toString('latin1')
  return Buffer.from(text.replace(/\u001b\[[\d;]*[A-Za-z]/g, ''), 'latin1')
}

const JSON_LINE = /^\s*("(?:[^"\\]|\\.)*")[,\]\s]*$/

/** A line that was put into JSON as a string, as it was; `null` when it is none. */
export function withoutJson(buffer: Uint8Array, start: number, end: number): Uint8Array | null {
  const text = decodeText(buffer, start, end)
  const found = JSON_LINE.exec(text)
  if (!found) return null
  try {
    return Buffer.from(String(JSON.parse(found[1]!)).trimEnd())
  } catch {
    return null
  }
}
