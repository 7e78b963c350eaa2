import { ARGUMENT_KIND, CLOSE, COMMA, LINE_END, OPEN, PLAIN, QUOTE, SLASH } from './tables/bytes.ts'

/**
 * Finds the arguments of one call and where the call ends, by a stack over brackets that steps over strings, comments
 * and descriptor decorations: `write(3</a>, "text) = 0x55\n", 56)`. Nothing ever searches for a last `) = `,
 * because strings, thread names and paths hold it.
 * Text: strace's print_array, print_quoted_string, printpath and tprint_… functions (https://strace.io).
 */

/** The closing bracket was found. */
export const END_CLOSED = 0
/** The line ends inside the arguments. */
export const END_CUT = 1
/** ` <unfinished ...>`: another thread's line comes first. */
const END_UNFINISHED = 2
/** ` <detached ...>`: strace left. */
export const END_DETACHED = 3
/** ` <pid changed to N ...>`: execve by a thread that is not the leader. */
export const END_PID_CHANGED = 4

const BLANK = 32
const BACKSLASH = 92
const LESS = 60
const GREATER = 62
const STAR = 42
const MINUS = 45
const PAREN_CLOSE = 41
const EQUALS = 61

/** More arguments than any call has; further ones are scanned but not kept. */
const MOST_ARGUMENTS = 16
const STACK_KEPT = 64

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const UNFINISHED_MARK = bytesOf('<unfinished ...>')
const DETACHED_MARK = bytesOf('<detached ...>')
const PID_CHANGED_MARK = bytesOf('<pid changed to ')

function matches(buffer: Uint8Array, at: number, end: number, mark: Uint8Array): boolean {
  if (end - at < mark.length) return false
  for (let index = 0; index < mark.length; index++) if (buffer[at + index] !== mark[index]) return false
  return true
}

const isWord = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)

/** Whether everything in the range is blank. */
function onlyBlanks(buffer: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) if (buffer[at] !== BLANK) return false
  return true
}

/** Whether ` = ` (any number of blanks, also none) and something follows. */
function resultFollows(buffer: Uint8Array, from: number, end: number): boolean {
  let at = from
  while (at < end && buffer[at] === BLANK) at++
  return at + 1 < end && buffer[at] === EQUALS && buffer[at + 1] !== EQUALS && buffer[at + 1] !== GREATER
}

/** What may stand after a decoration: `3</a>,` `3</a>)` `[3</a> 4</b>]` `3</a>(deleted)`, or the end. */
function endsDecoration(buffer: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return true
  const kind = ARGUMENT_KIND[buffer[at]!]!
  return kind === COMMA || kind === OPEN || kind === CLOSE || buffer[at] === BLANK
}

/**
 * Steps over `</path>`, `<TCP:[1.2.3.4:5->6.7.8.9:10]>`, `</dev/null<char 1:3>>`, `<comm>`: from the `<` to after its
 * `>`. `<` and `>` inside are octal since strace 4.22; older logs have them raw, so nesting is given up when it does
 * not close. Returns `end` when nothing closes it.
 */
export function skipDecoration(buffer: Uint8Array, from: number, end: number): number {
  let level = 0
  for (let at = from; at < end; at++) {
    const byte = buffer[at]
    if (byte === LESS) level++
    else if (byte === GREATER && buffer[at - 1] !== MINUS && --level <= 0) {
      if (endsDecoration(buffer, at + 1, end)) return at + 1
      level = 1
    }
  }
  for (let at = from; at < end; at++)
    if (buffer[at] === GREATER && buffer[at - 1] !== MINUS && endsDecoration(buffer, at + 1, end))
      return at + 1
  return end
}

/** Where the arguments of the call last scanned lie; reused for every call. */
export class ArgumentScanner {
  readonly starts = new Int32Array(MOST_ARGUMENTS)
  readonly ends = new Int32Array(MOST_ARGUMENTS)
  count = 0
  /** Arguments already read as numbers (NaN for others) and as texts of flags (0 without): by the kernel only. */
  readonly values = new Float64Array(MOST_ARGUMENTS)
  readonly texts = new Int32Array(MOST_ARGUMENTS)
  decoded = false
  /** Behind the closing bracket; without one, the end of the arguments' text (before ` <unfinished ...>`). */
  position = 0
  /** Brackets still open when the text ended; 1 is the call's own. */
  depth = 0
  /** END_PID_CHANGED: the tid it changed to. */
  changedTo = 0
  /** A bracket did not match: quotes were lost, or foreign text got in. */
  damaged = false
  readonly #stack = new Uint8Array(STACK_KEPT)

  /**
   * Scans `buffer[from, end)`, which begins behind `NAME(` or behind `<... NAME resumed>`. `depth` is the number of
   * brackets open there (1, or what the unfinished half left).
   */
  scan(buffer: Uint8Array, from: number, end: number, depth = 1): number {
    const stack = this.#stack
    if (depth === 1) stack[0] = 40
    else stack.fill(0, 0, Math.min(depth, STACK_KEPT))
    this.count = 0
    this.damaged = false
    let open = depth
    let start = from
    let at = from
    while (at < end) {
      const byte = buffer[at]!
      const kind = ARGUMENT_KIND[byte]!
      if (kind === PLAIN) {
        at++
        continue
      }
      if (kind === COMMA) {
        if (open === 1) {
          this.#keep(start, at)
          start = at + 1
        }
        at++
      } else if (kind === QUOTE) {
        at++
        for (let inside = buffer[at]; at < end && inside !== 34; inside = buffer[at])
          at += inside === BACKSLASH ? 2 : 1
        at++
      } else if (kind === CLOSE) {
        const top = open <= STACK_KEPT ? stack[open - 1]! : 0
        const fits = top === 0 || byte - top === 1 || byte - top === 2
        if (fits) open--
        else {
          this.damaged = true
          if (byte === PAREN_CLOSE && resultFollows(buffer, at + 1, end)) open = 0
        }
        if (open === 0) {
          if (at > start || this.count > 0) this.#keep(start, at)
          this.position = at + 1
          this.depth = 0
          return END_CLOSED
        }
        at++
      } else if (kind === OPEN) {
        if (open < STACK_KEPT) stack[open] = byte
        open++
        at++
      } else if (kind === SLASH) {
        at = buffer[at + 1] === STAR ? this.#skipComment(buffer, at + 2, end) : at + 1
      } else if (kind === LINE_END) {
        at++
      } else {
        const marked = this.#angle(buffer, at, from, end)
        if (marked < 0) {
          this.#keep(start, this.position)
          this.depth = open
          return -marked
        }
        at = marked
      }
    }
    if (start < end) this.#keep(start, end)
    this.position = end
    this.depth = open
    return END_CUT
  }

  #keep(start: number, end: number): void {
    if (this.count === MOST_ARGUMENTS) return
    this.starts[this.count] = start
    this.ends[this.count++] = end
  }

  #skipComment(buffer: Uint8Array, from: number, end: number): number {
    for (let at = from; at + 1 < end; at++) if (buffer[at] === STAR && buffer[at + 1] === 47) return at + 2
    return end
  }

  /** Position behind what begins with `<`, or minus an END_ code when it ends the line. */
  #angle(buffer: Uint8Array, at: number, from: number, end: number): number {
    if (buffer[at + 1] === LESS) return at + 2
    const before = at > from ? buffer[at - 1]! : BLANK
    if (isWord(before)) return skipDecoration(buffer, at, end)
    this.position = at > from && before === BLANK ? at - 1 : at
    if (matches(buffer, at, end, UNFINISHED_MARK)) {
      const behind = at + UNFINISHED_MARK.length
      return onlyBlanks(buffer, behind, end) ? -END_UNFINISHED : behind
    }
    if (matches(buffer, at, end, DETACHED_MARK)) return -END_DETACHED
    if (matches(buffer, at, end, PID_CHANGED_MARK)) {
      this.changedTo = 0
      for (let digit = at + PID_CHANGED_MARK.length; digit < end && buffer[digit] !== BLANK; digit++)
        this.changedTo = this.changedTo * 10 + buffer[digit]! - 48
      return -END_PID_CHANGED
    }
    if (buffer[at + 1] === 46)
      for (let dot = at + 1; dot < end; dot++) if (buffer[dot] === GREATER) return dot + 1
    return at + 1
  }
}
