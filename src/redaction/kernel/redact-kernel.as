// Redaction of evidence at the speed of bytes, for lines in the form their writer gives them. AssemblyScript;
// `npm run build:kernels` compiles it into redact-kernel.wasm.ts, and a test holds the two together.
//
//   19:48:42.285553 write(8, "200 301 OK\n", 11) = 11 <0.000034>      the string becomes [11:6ee2778bd50b]
//   Rss:                  12 kB                                       stays
//
// The caller puts text at IN; `run` copies it to OUT, line by line, with strings of data calls replaced. It stops at a
// line in which anything else could have to change or that is not quite in the form: the plain rules take that one
// (strace-line.ts, snapshot-line.ts), which are the kernel's oracle in the tests. It also stops at a word it has not met,
// to be told what the plain rules say of it. What it cannot know is whether a word is a secret, so it takes only words
// that they are known to keep.

import {
  ANGLE, BITS, CLOSE, DECIMAL, DIGIT, DONE, DOT, FULL, HEXADECIMAL, KIND, LINE, LOWER, NEW_WORD, OUT,
  OUT_BYTES, QUOTE, SIGN, SKIP, TOKEN_ROOM, UPPER, WORD,
} from './places'
import { endOfLine, inLine, lineEnd, lineStart } from './bytes'
import { wordStart } from './words'
import { copied, copyUpTo, out } from './output'
import { key0, key1 } from './siphash'
import { call, payloads } from './strace-line'
import { snapshotLine } from './snapshot-line'
export { IN, IN_BYTES, OUT, OUT_BYTES, DONE, LINE, NEW_WORD, FULL } from './places'
export { lineFrom, lineTo } from './bytes'
export { wordFrom, wordTo, addWord } from './words'
export { outEnd, rewind, room } from './output'
export { takePayloads } from './strace-line'

export function prepare(low: u64, high: u64): void {
  key0 = low
  key1 = high
  for (let byte = 0; byte < 256; byte++) {
    let kind = 0
    let bits = 0
    if (byte >= 48 && byte <= 57) {
      kind = DIGIT
      bits = DECIMAL | HEXADECIMAL | WORD
    } else if (byte >= 65 && byte <= 90) {
      kind = UPPER
      bits = WORD
    } else if ((byte >= 97 && byte <= 122) || byte == 95) {
      kind = LOWER
      bits = byte >= 97 && byte <= 102 ? WORD | HEXADECIMAL : WORD
    } else if (byte == 34) kind = QUOTE
    else if (byte == 41) kind = CLOSE
    else if (byte == 60) kind = ANGLE
    else if (byte == 46) kind = DOT
    else if (byte == 43 || byte == 45 || byte == 126) kind = SIGN
    else if (
      byte == 32 || byte == 44 || byte == 123 || byte == 125 || byte == 91 || byte == 93 || byte == 40 || byte == 124 ||
      byte == 61 || byte == 42 || byte == 38
    )
      kind = SKIP
    store<u8>(KIND + byte, <u8>kind)
    store<u8>(BITS + byte, <u8>bits)
  }
}

/**
 * Copies lines from `from` up to `to`, the end of a line. `isLog`: strace, else smaps. Returns why it stopped; at LINE
 * the caller writes what the line becomes and goes on behind it, else at `lineFrom()`.
 */
export function run(from: i32, to: i32, isLog: bool): i32 {
  let at = from
  copied = from
  while (at < to) {
    lineStart = at
    const newline = endOfLine(at, to)
    lineEnd = newline > at && load<u8>(newline - 1) == 13 ? newline - 1 : newline
    const next = newline < to ? newline + 1 : to
    // Every payload of one byte can become a token.
    const longest = (next - at) * 14 + TOKEN_ROOM
    if (longest > OUT_BYTES) return stop(LINE)
    if (out + (at - copied) + longest > OUT + OUT_BYTES) return stop(FULL)
    const before = out
    const copiedBefore = copied
    inLine = 0
    wordStart = 0
    if (!(isLog ? call(at) : snapshotLine(at))) {
      out = before
      copied = copiedBefore
      return stop(wordStart > 0 ? NEW_WORD : LINE)
    }
    payloads += inLine
    at = next
  }
  lineStart = to
  return stop(DONE)
}

/** The lines before this one go out, and nothing of it. */
function stop(reason: i32): i32 {
  copyUpTo(lineStart)
  return reason
}
