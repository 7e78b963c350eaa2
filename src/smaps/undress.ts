/**
 * What text meets on its way by mail, chat, editor or ticket: `> ` and `>>> ` quoting, indentation, a byte order mark, JSON
 * strings. Neither a header nor a field ever begins with any of their bytes, so they can be taken off safely.
 */
const BLANK = 32
const TAB = 9
const QUOTE = 34
const COMMA = 44
const GREATER = 62

/** The bare range of the line, in `start` and `end`. */
export class Bare {
  start = 0
  end = 0
}

/** Takes quoting and indentation off `buffer[start, end)`. */
export function undress(buffer: Uint8Array, start: number, end: number, bare: Bare): void {
  let first = start
  if (start + 2 < end && buffer[start] === 0xef && buffer[start + 1] === 0xbb && buffer[start + 2] === 0xbf)
    first += 3
  while (first < end && (buffer[first] === BLANK || buffer[first] === TAB || buffer[first] === GREATER))
    first++
  let last = end
  if (first < end && buffer[first] === QUOTE) {
    first++
    if (last > first && buffer[last - 1] === COMMA) last--
    if (last > first && buffer[last - 1] === QUOTE) last--
    // The line end as JSON writes it.
    if (last - first >= 2 && buffer[last - 1] === 110 && buffer[last - 2] === 92) last -= 2
  }
  bare.start = first
  bare.end = last
}
