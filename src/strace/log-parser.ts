import { assertNever } from '../base/assert-never.ts'
import { decodeText } from '../base/bytes-text.ts'
import { ArgumentScanner, END_CLOSED, END_CUT } from './argument-scanner.ts'
import { BrokenLine } from './broken-line.ts'
import {
  CALL_BROKEN,
  CALL_DONE,
  CALL_FOREIGN,
  CallReader,
  type LinePlace,
  resumedNameEnd,
} from './call-reader.ts'
import { CallRecorder } from './call-recorder.ts'
import { type EventLine, readEventLine } from './event-lines.ts'
import { foreignPrefix, withoutColours } from './foreign-prefix.ts'
import { LinePrefix, STAMP_NONE, StampReader } from './line-prefix.ts'
import { RESULT_READ, ResultReader } from './result-reader.ts'
import { StackFrames } from './stack-frames.ts'
import { beginsSummary, SummaryReader } from './summary-table.ts'
import type { Tally } from './tally.ts'
import { ThreadChooser } from './thread-chooser.ts'
import { ThreadNames, type ThreadState } from './threads.ts'
import type { TraceBuilder } from './trace-builder.ts'

/**
 * Reads one strace log line by line into a TraceBuilder. Grammar: `[PREFIX]BODY`, where BODY is a call, half of one,
 * an event, a message, a stack frame, a row of a summary, or foreign. Every line is counted once in `counts`.
 *   19:44:30.516261 epoll_wait(16, [{events=EPOLLRDNORM, data={u32=14, u64=14}}], 100, 29999) = 1 <0.122071>
 *   28328 19:50:36.430676 <... epoll_wait resumed>[{…}], 100, 29999) = 1 <0.114707>
 * It cannot know calls that a filter (-e, -z) hid, nor, without -T, when a call returned.
 */

const LINE_KINDS = {
  calls: 0,
  unfinished: 0,
  resumed: 0,
  exits: 0,
  signals: 0,
  messages: 0,
  frames: 0,
  summary: 0,
  /** Second halves of lines that something broke in two. */
  joined: 0,
  blank: 0,
  foreign: 0,
}
/** Every line of a file is exactly one of these. */
export type LineCounts = typeof LINE_KINDS

const NAME_BYTE: Uint8Array = (() => {
  const table = new Uint8Array(256)
  for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_#?')
    table[character.charCodeAt(0)] = 1
  return table
})()
const LONGEST_NAME = 64
/** Bytes of a table's row that are looked at. */
const LONGEST_ROW = 512

const BLANK = 32
const PAREN = 40
const PLUS = 43
const MINUS = 45
const DOT = 46
const EQUALS = 61
const LESS = 60
const GREATER = 62

/** Read. */
const TAKEN = 0
/** A call whose rest may be on the next line. */
const BROKEN = 1
/** Nothing of strace's, as it stands. */
const FOREIGN = 2

export class LogParser {
  readonly counts: LineCounts = { ...LINE_KINDS }
  /** Lines with a stamp. */
  stamped = 0
  readonly stamps = new StampReader()
  readonly chooser: ThreadChooser
  readonly summary: SummaryReader
  readonly #builder: TraceBuilder
  readonly #path: string
  readonly #file: number
  readonly #tally: Tally
  readonly #prefix = new LinePrefix()
  readonly #recorder: CallRecorder
  readonly #calls: CallReader
  readonly #frames: StackFrames
  readonly #threadNames = new ThreadNames()
  readonly #broken = new BrokenLine()
  /** For lines that are only tried. */
  readonly #trial = { prefix: new LinePrefix(), scanner: new ArgumentScanner(), result: new ResultReader() }
  readonly #at: LinePlace = { thread: null as unknown as ThreadState, time: Number.NaN, line: 0 }
  /** Place of the broken line. */
  readonly #brokenAt: LinePlace = { thread: null as unknown as ThreadState, time: Number.NaN, line: 0 }
  #line = 0
  #quoted = false

  constructor(
    builder: TraceBuilder,
    file: number,
    path: string,
    tids: { readonly file: number | null; readonly hint: number | null },
    tally: Tally,
  ) {
    this.#builder = builder
    this.#file = file
    this.#path = path
    this.#tally = tally
    this.chooser = new ThreadChooser(builder, tids.file, tids.hint)
    this.summary = new SummaryReader(path)
    this.#recorder = new CallRecorder(builder, file, tally, () => this.#line)
    this.#calls = new CallReader(builder, this.#recorder, this.chooser, tally)
    this.#frames = new StackFrames(builder)
  }

  /** One line, without its end; `cut` when only its beginning was kept. Lines are numbered from 1. */
  readonly line = (buffer: Uint8Array, start: number, end: number, line: number, cut: boolean): void => {
    this.#line = line
    if (this.#broken.active && this.#continued(buffer, start, end)) return
    const read = this.#read(buffer, start, end)
    if (read === FOREIGN) this.#unclean(buffer, start, end)
    if (cut) {
      this.#tally.add('strace-line-too-long', line)
      this.#giveUp()
    }
  }

  /** After the last line: what is still open never returned, except an execve that goes on in another file. */
  finish(): void {
    if (this.#broken.active) this.#tally.add('strace-ends-mid-line', this.#brokenAt.line)
    this.#giveUp()
    this.#frames.end()
    if (this.summary.open) this.summary.finish()
    this.#calls.finish()
    if (this.chooser.ambiguous > 0) this.#tally.add('strace-thread-unclear', 0, null, this.chooser.ambiguous)
    if (this.stamps.steppedBack > 0) this.#tally.add('strace-clock-back', 0, null, this.stamps.steppedBack)
  }

  /** After the last file of the run. */
  finishRun(): void {
    this.#calls.finishRun()
  }

  /** A line as it stands: prefix, then body. */
  #read(buffer: Uint8Array, start: number, end: number): number {
    const prefix = this.#prefix
    // A row of a table begins like a line of -r.
    if (this.summary.open && this.#summarized(buffer, start, end)) return TAKEN
    prefix.read(buffer, start, end)
    const body = prefix.body
    if (body >= end) return this.#blank(buffer, start, end)
    const byte = buffer[body]!
    if (NAME_BYTE[byte] === 1) {
      let at = body + 1
      while (NAME_BYTE[buffer[at]!] === 1 && at < end) at++
      if (buffer[at] === PAREN && at < end && at - body <= LONGEST_NAME) {
        this.#arrive(-1)
        return this.#called(this.#calls.whole(this.#at, buffer, body, at, end), buffer, body, end)
      }
    } else if (byte === LESS && buffer[body + 1] === DOT) {
      const nameEnd = resumedNameEnd(buffer, body + 5, end)
      if (nameEnd > 0) return this.#resumed(buffer, body, nameEnd, end)
    } else if (
      byte === BLANK &&
      body === start &&
      buffer[body + 1] === GREATER &&
      buffer[body + 2] === BLANK
    ) {
      this.counts.frames++
      this.#frames.add(this.#recorder.lastRow, buffer, body + 3, end)
      return TAKEN
    }
    return this.#rare(buffer, start, body, end)
  }

  /** Nothing behind the prefix: an empty line, or one that was cut right there. */
  #blank(buffer: Uint8Array, start: number, end: number): number {
    for (let at = start; at < end; at++) if (buffer[at] !== BLANK) return FOREIGN
    this.counts.blank++
    return TAKEN
  }

  /** Takes over thread and time of the line's prefix. */
  #arrive(resumes: number): void {
    const prefix = this.#prefix
    const at = this.#at
    this.#frames.end()
    at.thread = prefix.tid >= 0 ? this.chooser.named(prefix.tid) : this.chooser.bare(resumes)
    at.line = this.#line
    at.time = prefix.stamp === STAMP_NONE ? Number.NaN : this.stamps.read(prefix)
    if (prefix.stamp !== STAMP_NONE) this.stamped++
    at.thread.seen(at.time, this.#file)
  }

  #resumed(buffer: Uint8Array, body: number, nameEnd: number, end: number): number {
    this.#arrive(this.#prefix.tid >= 0 ? -1 : this.#builder.names.number(buffer, body + 5, nameEnd))
    this.#nameThread(buffer)
    const status = this.#calls.resumed(this.#at, buffer, body + 5, nameEnd, end)
    if (status === CALL_BROKEN) return this.#hold(buffer, body, end)
    if (status === CALL_FOREIGN) return FOREIGN
    this.counts.resumed++
    return TAKEN
  }

  #called(status: number, buffer: Uint8Array, body: number, end: number): number {
    if (this.#prefix.nameEnd > 0) this.#nameThread(buffer)
    if (status === CALL_DONE) this.counts.calls++
    else if (status === CALL_BROKEN) return this.#hold(buffer, body, end)
    else if (status === CALL_FOREIGN) return FOREIGN
    else this.counts.unfinished++
    return TAKEN
  }

  /** -Y: the name behind the pid, in which `<` and `>` are octal. */
  #nameThread(buffer: Uint8Array): void {
    const { nameStart, nameEnd } = this.#prefix
    if (nameEnd > 0) this.#at.thread.name = this.#threadNames.get(buffer, nameStart, nameEnd)
  }

  /** Keeps a call that ends too early until the next line. */
  #hold(buffer: Uint8Array, body: number, end: number): number {
    Object.assign(this.#brokenAt, this.#at)
    this.#broken.clear()
    this.#broken.add(buffer, body, end)
    if (this.#broken.attached >= 0) this.chooser.attached(this.#broken.attached, false)
    return BROKEN
  }

  /** Whether the line is the other half of the broken one before it. */
  #continued(buffer: Uint8Array, start: number, end: number): boolean {
    const from = this.#quoted ? start + foreignPrefix(buffer, start, end) : start
    if (this.#broken.full || this.#isFresh(buffer, from, end) || !this.#fits(buffer, from, end)) {
      this.#giveUp()
      return false
    }
    this.#broken.add(buffer, from, end)
    if (this.#broken.attached >= 0) this.chooser.attached(this.#broken.attached, false)
    Object.assign(this.#at, this.#brokenAt)
    const { bytes, length } = this.#broken
    const status = this.#tryAgain(bytes, length)
    this.counts.joined++
    if (status !== CALL_BROKEN) {
      this.#broken.clear()
      this.#tally.add('strace-joined-line', this.#brokenAt.line)
    }
    return true
  }

  #tryAgain(bytes: Uint8Array, length: number): number {
    if (bytes[0] === LESS) {
      const nameEnd = resumedNameEnd(bytes, 5, length)
      const status = this.#calls.resumed(this.#at, bytes, 5, nameEnd, length)
      if (status !== CALL_BROKEN) this.counts.resumed++
      return status
    }
    const status = this.#calls.whole(this.#at, bytes, 0, bytes.indexOf(PAREN), length)
    if (status === CALL_DONE) this.counts.calls++
    else if (status !== CALL_BROKEN) this.counts.unfinished++
    return status
  }

  /** Whether the line begins something of its own. */
  #isFresh(buffer: Uint8Array, start: number, end: number): boolean {
    const { prefix, scanner, result } = this.#trial
    prefix.read(buffer, start, end)
    if (prefix.tid >= 0 || prefix.stamp !== STAMP_NONE) return true
    const body = prefix.body
    if (body >= end) return true
    if (buffer[body] === LESS && buffer[body + 1] === DOT) return true
    let at = body
    while (NAME_BYTE[buffer[at]!] === 1 && at < end) at++
    if (at > body && buffer[at] === PAREN) {
      const status = scanner.scan(buffer, at + 1, end)
      if (status === END_CLOSED) return result.read(buffer, scanner.position, end) === RESULT_READ
      return status !== END_CUT
    }
    return buffer[body] === BLANK && buffer[body + 1] === GREATER
      ? true
      : this.#event(buffer, body, end) !== null
  }

  /** Behind a closed bracket only a result can follow. */
  #fits(buffer: Uint8Array, start: number, end: number): boolean {
    const { bytes, length } = this.#broken
    const open = bytes.indexOf(PAREN)
    if (bytes[0] === LESS || this.#trial.scanner.scan(bytes, open + 1, length) !== END_CLOSED) return true
    const { position } = this.#trial.scanner
    let behind = position
    while (bytes[behind] === BLANK && behind < length) behind++
    if (behind < length && bytes[behind] === EQUALS) return true
    let at = start
    while (buffer[at] === BLANK && at < end) at++
    return buffer[at] === EQUALS
  }

  /** The broken line stays as it is: a call without a result. */
  #giveUp(): void {
    if (!this.#broken.active) return
    const { bytes, length } = this.#broken
    this.#tally.add('strace-cut-line', this.#brokenAt.line)
    if (bytes[0] === LESS) {
      this.counts.resumed++
      this.#calls.abandon(this.#brokenAt.thread)
    } else {
      this.counts.calls++
      this.#calls.giveUp(this.#brokenAt, bytes, 0, bytes.indexOf(PAREN), length)
    }
    this.#broken.clear()
  }

  #event(buffer: Uint8Array, body: number, end: number): EventLine | null {
    const byte = buffer[body]
    // `+`, `-`, `[`, and the first letters of strace's messages; anything else is no event.
    if (
      byte !== PLUS &&
      byte !== MINUS &&
      byte !== 91 &&
      byte !== 115 &&
      byte !== 80 &&
      byte !== 87 &&
      byte !== 119 &&
      byte !== BLANK &&
      byte !== 112
    )
      return null
    return readEventLine(decodeText(buffer, body, Math.min(end, body + 512)))
  }

  /** Events, messages and summaries. */
  #rare(buffer: Uint8Array, start: number, body: number, end: number): number {
    const event = this.#event(buffer, body, end)
    if (event) {
      this.#take(event, buffer)
      return TAKEN
    }
    const mayBegin = buffer[body] === 37 || NAME_BYTE[buffer[body]!] === 1 || buffer[body] === BLANK
    if (body !== start || !mayBegin) return FOREIGN
    return beginsSummary(decodeText(buffer, start, Math.min(end, start + LONGEST_ROW))) &&
      this.#summarized(buffer, start, end)
      ? TAKEN
      : FOREIGN
  }

  /** Takes a line of a -c table. */
  #summarized(buffer: Uint8Array, start: number, end: number): boolean {
    if (!this.summary.take(decodeText(buffer, start, Math.min(end, start + LONGEST_ROW)), this.#line))
      return false
    this.#frames.end()
    this.counts.summary++
    return true
  }

  #take(event: EventLine, buffer: Uint8Array): void {
    switch (event.kind) {
      case 'message':
      case 'attached':
      case 'detached':
      case 'personality':
        this.#message(event)
        return
      case 'signal':
      case 'stop':
        this.#arrive(-1)
        this.#nameThread(buffer)
        this.#signal(event.text)
        return
      case 'superseded':
        this.#arrive(-1)
        this.counts.exits++
        this.#calls.superseded(this.#at.thread, event.by)
        return
      case 'exited':
      case 'killed': {
        this.#arrive(-1)
        this.#nameThread(buffer)
        const { thread } = this.#at
        this.counts.exits++
        this.#calls.abandon(thread)
        thread.end = event.text
        this.chooser.ended(thread)
        return
      }
      default:
        assertNever(event)
    }
  }

  #signal(text: string): void {
    const { thread, time, line } = this.#at
    this.counts.signals++
    const reference = { file: this.#path, firstLine: line, lastLine: line }
    if (!this.#builder.signal(thread.index, time, text, reference))
      this.#tally.add('strace-signals-omitted', line)
  }

  #message(event: EventLine): void {
    this.#frames.end()
    this.counts.messages++
    if (event.kind === 'attached') this.chooser.attached(event.pid, this.#nothingYet())
    else if (event.kind === 'detached') {
      if (this.#builder.knows(event.pid)) this.#builder.thread(event.pid).end = 'detached'
    } else if (event.kind === 'personality') {
      this.#builder.wordBits = event.bits
      this.chooser.identified(event.pid)
    } else if (event.kind === 'message') this.#tally.add('strace-message', this.#line, event.text)
  }

  #nothingYet(): boolean {
    return this.counts.calls + this.counts.unfinished + this.counts.resumed === 0 && this.counts.messages <= 1
  }

  /** Takes off what others put around the line; what is left is strace's, or foreign for good. */
  #unclean(buffer: Uint8Array, start: number, end: number): void {
    const plain = withoutColours(buffer, start, end)
    let bytes = plain ?? buffer
    let from = plain ? 0 : start
    const to = plain ? plain.length : end
    for (let round = 0; round < 4; round++) {
      if ((round > 0 || plain) && this.#read(bytes, from, to) !== FOREIGN) {
        if (!plain) this.#quoted = true
        this.#tally.add(plain ? 'strace-colours' : 'strace-foreign-prefix', this.#line)
        return
      }
      const length = foreignPrefix(bytes, from, to)
      if (length === 0) break
      from += length
    }
    bytes = buffer
    this.counts.foreign++
    this.#tally.add('strace-foreign-line', this.#line)
  }
}
