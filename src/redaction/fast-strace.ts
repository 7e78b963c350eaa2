/**
 * Redaction of strace lines at the speed of bytes, for lines as strace writes them: prefix, name, arguments, result.
 * Strings of data calls are replaced; a line in which anything else could have to change, or that is not quite in the
 * form, is left to the plain rules (strace-line.ts), which are its oracle in the tests. What it cannot know: whether a
 * word is a secret. It therefore takes only words that the plain rules are known to keep.
 */
import { DATA_CALLS } from './call-strings.ts'
import type { Keeper } from './keeper.ts'
import type { Rewrite } from './rewrite.ts'
import { MAY_HOLD_SECRET } from './secrets.ts'
import { WordVerdicts } from './word-verdicts.ts'
import { isKernelWord } from './words.ts'

const NO = 0
const PLAIN_CALL = 1
const DATA_CALL = 2
const YES = 1

// Kinds of bytes in arguments.
const STOP = 0
const SKIP = 1
const DIGIT = 2
const UPPER = 3
const LOWER = 4
const QUOTE = 5
const CLOSE = 6
const OPEN_ANGLE = 7
const DOT = 8

const KIND = new Uint8Array(256)
for (const sign of ' ,{}[](|=+-*~&') KIND[sign.charCodeAt(0)] = SKIP
for (let code = 48; code <= 57; code++) KIND[code] = DIGIT
for (let code = 65; code <= 90; code++) KIND[code] = UPPER
for (let code = 97; code <= 122; code++) KIND[code] = LOWER
KIND[95] = LOWER
KIND[34] = QUOTE
KIND[41] = CLOSE
KIND[60] = OPEN_ANGLE
KIND[46] = DOT

/** Bits of bytes in words. */
const DECIMAL = 1
const HEXADECIMAL = 2
const WORD = 4
const BITS = new Uint8Array(256)
for (let code = 0; code < 256; code++) {
  if (KIND[code] === DIGIT || KIND[code] === UPPER || KIND[code] === LOWER) BITS[code] = WORD
  if (KIND[code] === DIGIT) BITS[code]! |= DECIMAL | HEXADECIMAL
  if (code >= 97 && code <= 102) BITS[code]! |= HEXADECIMAL
}
const LONGEST_DECIMAL = 12

const bytesOf = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const PID = bytesOf('[pid ')
const RESUMED_BEFORE = bytesOf('<... ')
const RESUMED_AFTER = bytesOf(' resumed>')
const UNFINISHED = bytesOf('<unfinished ...>')
const IOV_BASE = bytesOf('iov_base=')

export class FastStrace {
  readonly #keeper: Keeper
  readonly #rewrite: Rewrite
  readonly #calls = new WordVerdicts((name) =>
    MAY_HOLD_SECRET.test(name) || name.startsWith('exec')
      ? NO
      : DATA_CALLS.has(name)
        ? DATA_CALL
        : PLAIN_CALL,
  )
  /** Flags and numbers by name; field names before `=`. */
  readonly #words = new WordVerdicts((word) => (isKernelWord(word) ? YES : NO))
  readonly #fields = new WordVerdicts((word) => (MAY_HOLD_SECRET.test(word) ? NO : YES))
  #buffer: Uint8Array = new Uint8Array(0)
  #end = 0
  /** Replaced in this line. */
  #payloads = 0

  constructor(keeper: Keeper, rewrite: Rewrite) {
    this.#keeper = keeper
    this.#rewrite = rewrite
  }

  /** Whether the line `buffer[start, end)` was done: left as it is, or its payloads replaced in the rewrite. */
  line(buffer: Uint8Array, start: number, end: number): boolean {
    this.#buffer = buffer
    this.#end = end
    this.#payloads = 0
    this.#rewrite.mark()
    if (!this.#call(this.#prefix(start))) {
      this.#rewrite.takeBack()
      return false
    }
    if (this.#payloads > 0) this.#keeper.count('payload', this.#payloads)
    return true
  }

  /** Behind pid and times. */
  #prefix(start: number): number {
    const buffer = this.#buffer
    let at = start
    if (buffer[at] === 0x5b) {
      if (!this.#matches(PID, at)) return -1
      at += PID.length
      while (buffer[at] === 0x20) at++
      while (KIND[buffer[at]!] === DIGIT) at++
      if (buffer[at] !== 0x5d) return -1
      at++
    }
    for (; at < this.#end; at++) {
      const byte = buffer[at]!
      if (KIND[byte] !== DIGIT && byte !== 0x20 && byte !== 0x3a && byte !== 0x2e) return at
    }
    return -1
  }

  #call(start: number): boolean {
    if (start < 0) return false
    const buffer = this.#buffer
    const resumed = buffer[start] === 0x3c
    if (resumed && !this.#matches(RESUMED_BEFORE, start)) return false
    const name = resumed ? start + RESUMED_BEFORE.length : start
    const first = buffer[name]!
    if (KIND[first] !== LOWER) return false
    let at = name
    while (BITS[buffer[at]!]! & WORD && KIND[buffer[at]!] !== UPPER && at < this.#end) at++
    const kind = this.#calls.of(buffer, name, at)
    if (kind === NO) return false
    if (resumed) {
      if (!this.#matches(RESUMED_AFTER, at)) return false
      return this.#arguments(at + RESUMED_AFTER.length, kind === DATA_CALL)
    }
    return buffer[at] === 0x28 && this.#arguments(at + 1, kind === DATA_CALL)
  }

  #arguments(start: number, isData: boolean): boolean {
    const buffer = this.#buffer
    const end = this.#end
    for (let at = start; at >= 0 && at < end; ) {
      switch (KIND[buffer[at]!]) {
        case SKIP:
          at++
          break
        case CLOSE:
          if (this.#isResult(at + 1)) return true
          at++
          break
        case QUOTE:
          at = isData ? this.#string(at, start) : -1
          break
        case DOT:
          at = buffer[at + 1] === 0x2e && buffer[at + 2] === 0x2e ? at + 3 : -1
          break
        case OPEN_ANGLE:
          return this.#matches(UNFINISHED, at) && at + UNFINISHED.length === end
        case STOP:
          return false
        default:
          at = this.#word(at, isData)
      }
    }
    return false
  }

  /** Behind a word that stays: number, flag, name of a field; -1 for any other. */
  #word(start: number, isData: boolean): number {
    const buffer = this.#buffer
    const at = this.#number(start)
    if (at >= 0) return isEndOfWord(buffer[at]!) ? at : -1
    let end = start
    while (BITS[buffer[end]!]! & WORD && end < this.#end) end++
    const next = buffer[end]!
    if (!isEndOfWord(next)) return -1
    if (next === 0x3d && KIND[buffer[start]!] === LOWER)
      return isData || this.#fields.of(buffer, start, end) === YES ? end : -1
    return this.#words.of(buffer, start, end) === YES ? end : -1
  }

  /** Behind a decimal of at most twelve digits or hex behind `0x` that is a whole word; -1 when there is none. */
  #number(start: number): number {
    const buffer = this.#buffer
    const isHex = buffer[start] === 0x30 && buffer[start + 1] === 0x78
    const digits = isHex ? start + 2 : start
    const wanted = isHex ? HEXADECIMAL : DECIMAL
    let at = digits
    while (BITS[buffer[at]!]! & wanted && at < this.#end) at++
    if (at === digits || (BITS[buffer[at]!]! & WORD && at < this.#end)) return -1
    return isHex || at - digits <= LONGEST_DECIMAL ? at : -1
  }

  /** Replaces the payload whose string opens at `quote`; behind its closing quote, -1 when it is no payload. */
  #string(quote: number, start: number): number {
    const buffer = this.#buffer
    const before = buffer[quote - 1]
    const isArgument =
      quote === start || (before === 0x20 && (buffer[quote - 2] === 0x2c || quote - 1 === start))
    if (!isArgument && !this.#matches(IOV_BASE, quote - IOV_BASE.length)) return -1
    const from = quote + 1
    const close = this.#closing(from)
    if (close > from && !this.#isToken(from, close)) {
      const [low, high] = this.#keeper.hash(buffer, from, close)
      this.#rewrite.payload(from, close, this.#printedLength(from, close), low, high)
      this.#payloads++
    }
    return close < 0 ? -1 : close + 1
  }

  #closing(start: number): number {
    const buffer = this.#buffer
    for (let at = start; at < this.#end; at++) {
      const byte = buffer[at]!
      if (byte === 0x22) return at
      if (byte === 0x5c) at++
    }
    return -1
  }

  /** Bytes that a printed string stands for. */
  #printedLength(start: number, end: number): number {
    const buffer = this.#buffer
    let length = 0
    for (let at = start; at < end; length++) {
      if (buffer[at] !== 0x5c) {
        at++
        continue
      }
      const escaped = buffer[at + 1]!
      at += 2
      if (escaped === 0x78) for (let most = at + 2; at < most && at < end && isHex(buffer[at]!); at++);
      else if (isOctal(escaped)) for (let most = at + 2; at < most && at < end && isOctal(buffer[at]!); at++);
    }
    return length
  }

  #isToken(start: number, end: number): boolean {
    const buffer = this.#buffer
    return (
      end - start >= 16 &&
      buffer[start] === 0x5b &&
      buffer[end - 1] === 0x5d &&
      this.#keeper.isToken(
        Buffer.from(buffer.buffer, buffer.byteOffset + start, end - start).toString('latin1'),
      )
    )
  }

  /** ` = 11 <0.000034>`, `= -1 EAGAIN (Resource temporarily unavailable)`, to the end of the line. */
  #isResult(start: number): boolean {
    const buffer = this.#buffer
    const end = this.#end
    let at = start
    while (buffer[at] === 0x20 && at < end) at++
    if (buffer[at] !== 0x3d || buffer[at + 1] !== 0x20) return false
    at += 2
    if (buffer[at] === 0x2d) at++
    at = buffer[at] === 0x3f ? at + 1 : this.#number(at)
    if (at < 0) return false
    if (buffer[at] === 0x20 && buffer[at + 1] === 0x45) at = this.#errno(at + 1)
    if (at > 0 && buffer[at] === 0x20 && buffer[at + 1] === 0x3c) at = this.#seconds(at + 2)
    return at === end
  }

  /** `EAGAIN (Resource temporarily unavailable)`; -1 when it is something else. */
  #errno(start: number): number {
    const buffer = this.#buffer
    let at = start
    while (at < this.#end && (KIND[buffer[at]!] === UPPER || KIND[buffer[at]!] === DIGIT)) at++
    if (buffer[at] !== 0x20 || buffer[at + 1] !== 0x28) return -1
    for (at += 2; at < this.#end; at++) {
      const byte = buffer[at]!
      if (byte === 0x29) return at + 1
      if (KIND[byte] !== UPPER && (KIND[byte] !== LOWER || byte === 95) && byte !== 0x20 && byte !== 0x27)
        return -1
    }
    return -1
  }

  #seconds(start: number): number {
    const buffer = this.#buffer
    let at = start
    while (at < this.#end && (KIND[buffer[at]!] === DIGIT || buffer[at] === 0x2e)) at++
    return buffer[at] === 0x3e ? at + 1 : -1
  }

  #matches(text: Uint8Array, start: number): boolean {
    if (start < 0 || start + text.length > this.#end) return false
    for (let at = 0; at < text.length; at++) if (this.#buffer[start + at] !== text[at]) return false
    return true
  }
}

/** A descriptor with its file, a time, a path: the plain rules know what of them may be seen. */
const isEndOfWord = (byte: number): boolean => byte !== 0x3c && byte !== 0x3a && byte !== 0x2f

const isOctal = (byte: number): boolean => byte >= 48 && byte <= 55
const isHex = (byte: number): boolean =>
  (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70)
