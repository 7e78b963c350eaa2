import { ArgumentScanner, END_CLOSED, END_CUT } from './argument-scanner.ts'
import { BrokenLine } from './broken-line.ts'
import { CALL_BROKEN, CALL_DONE, type CallReader, type LinePlace, resumedNameEnd } from './call-reader.ts'
import { beginsEvent, readEventText } from './event-lines.ts'
import type { LineCounts } from './line-counts.ts'
import { LinePrefix, STAMP_NONE } from './line-prefix.ts'
import { RESULT_READ, ResultReader } from './result-reader.ts'
import { NAME_BYTE } from './tables/bytes.ts'
import type { Tally } from './tally.ts'
import type { ThreadChooser } from './thread-chooser.ts'
import type { ThreadState } from './threads.ts'

const BLANK = 32
const PAREN = 40
const DOT = 46
const LESS = 60
const EQUALS = 61
const GREATER = 62

/** Calls whose line ended too early: joins the next lines to them as long as those are no lines of their own. */
export class BrokenCalls {
  readonly #calls: CallReader
  readonly #chooser: ThreadChooser
  readonly #counts: LineCounts
  readonly #tally: Tally
  readonly #text = new BrokenLine()
  readonly #at: LinePlace = { thread: null as unknown as ThreadState, time: Number.NaN, line: 0 }
  /** For lines that are only tried. */
  readonly #prefix = new LinePrefix()
  readonly #scanner = new ArgumentScanner()
  readonly #result = new ResultReader()

  constructor(calls: CallReader, chooser: ThreadChooser, counts: LineCounts, tally: Tally) {
    this.#calls = calls
    this.#chooser = chooser
    this.#counts = counts
    this.#tally = tally
  }

  /** A call waits for its rest. */
  get waiting(): boolean {
    return this.#text.active
  }

  /** Line on which the waiting call began. */
  get line(): number {
    return this.#at.line
  }

  /** Keeps `buffer[body, end)`, a call that ends too early, until the next line. */
  hold(at: LinePlace, buffer: Uint8Array, body: number, end: number): void {
    Object.assign(this.#at, at)
    this.#text.clear()
    this.#add(buffer, body, end)
  }

  /** Takes the line when it goes on with the waiting call; gives that call up when it does not. */
  continue(buffer: Uint8Array, start: number, end: number): boolean {
    if (this.#text.interrupted && this.#isAttached(buffer, start, end)) return true
    if (this.#text.full || this.#isFresh(buffer, start, end) || !this.#fits(buffer, start, end)) {
      this.giveUp()
      return false
    }
    this.#add(buffer, start, end)
    this.#counts.joined++
    if (this.#tryAgain() !== CALL_BROKEN) {
      this.#text.clear()
      this.#tally.add('strace-joined-line', this.#at.line)
    }
    return true
  }

  /** The waiting call stays as it is: without a result. */
  giveUp(): void {
    if (!this.#text.active) return
    const { bytes, length } = this.#text
    this.#tally.add('strace-cut-line', this.#at.line)
    if (bytes[0] === LESS) {
      this.#counts.resumed++
      this.#calls.abandon(this.#at.thread)
    } else {
      this.#counts.calls++
      this.#calls.giveUp(this.#at, bytes, 0, bytes.indexOf(PAREN), length)
    }
    this.#text.clear()
  }

  /** Whether the line is another attach message, as two threads cause that are made at once. */
  #isAttached(buffer: Uint8Array, start: number, end: number): boolean {
    const event = beginsEvent(buffer[start]!) ? readEventText(buffer, start, end) : null
    if (event?.kind !== 'attached') return false
    this.#counts.messages++
    this.#chooser.attached(event.pid, false)
    return true
  }

  #add(buffer: Uint8Array, start: number, end: number): void {
    this.#text.add(buffer, start, end)
    if (this.#text.attached >= 0) this.#chooser.attached(this.#text.attached, false)
  }

  #tryAgain(): number {
    const { bytes, length } = this.#text
    if (bytes[0] === LESS) {
      const status = this.#calls.resumed(this.#at, bytes, 5, resumedNameEnd(bytes, 5, length), length)
      if (status !== CALL_BROKEN) this.#counts.resumed++
      return status
    }
    const nameEnd = bytes.indexOf(PAREN)
    const status = this.#calls.scan(bytes, nameEnd, length)
    if (status === CALL_BROKEN) return status
    if (status === CALL_DONE) this.#counts.calls++
    else this.#counts.unfinished++
    this.#calls.settle(this.#at, bytes, 0, nameEnd)
    return status
  }

  /** Whether the line begins something of its own. */
  #isFresh(buffer: Uint8Array, start: number, end: number): boolean {
    const prefix = this.#prefix
    prefix.read(buffer, start, end)
    if (prefix.tid >= 0 || prefix.stamp !== STAMP_NONE) return true
    const { body } = prefix
    if (body >= end) return true
    if (buffer[body] === LESS && buffer[body + 1] === DOT) return true
    if (buffer[body] === BLANK && buffer[body + 1] === GREATER) return true
    let at = body
    while (at < end && NAME_BYTE[buffer[at]!] === 1) at++
    if (at === body || buffer[at] !== PAREN || at === end)
      return beginsEvent(buffer[body]!) && readEventText(buffer, body, end) !== null
    const status = this.#scanner.scan(buffer, at + 1, end)
    if (status !== END_CLOSED) return status !== END_CUT
    return this.#result.read(buffer, this.#scanner.position, end) === RESULT_READ
  }

  /** Behind a closed bracket only a result can follow. */
  #fits(buffer: Uint8Array, start: number, end: number): boolean {
    const { bytes, length } = this.#text
    const open = bytes.indexOf(PAREN)
    if (bytes[0] === LESS || this.#scanner.scan(bytes, open + 1, length) !== END_CLOSED) return true
    let behind = this.#scanner.position
    while (behind < length && bytes[behind] === BLANK) behind++
    if (behind < length && bytes[behind] === EQUALS) return true
    let at = start
    while (at < end && buffer[at] === BLANK) at++
    return at < end && buffer[at] === EQUALS
  }
}
