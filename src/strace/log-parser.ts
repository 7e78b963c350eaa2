import { assertNever } from '../base/assert-never.ts'
import { decodeText } from '../base/bytes-text.ts'
import { LineMarks } from '../base/line-marks.ts'
import { LineScanner, LONGEST_LINE } from '../base/line-scanner.ts'
import { BrokenCalls } from './broken-calls.ts'
import { LONGEST_NAME } from './call-names.ts'
import {
  CALL_BROKEN,
  CALL_DONE,
  CALL_FOREIGN,
  CallReader,
  type LinePlace,
  resumedNameEnd,
} from './call-reader.ts'
import { CallRecorder } from './call-recorder.ts'
import { beginsEvent, type EventLine, readEventText } from './event-lines.ts'
import { foreignPrefix, withoutColours, withoutJson } from './foreign-prefix.ts'
import { type LineCounts, noLines } from './line-counts.ts'
import { LinePrefix, STAMP_NONE, StampReader } from './line-prefix.ts'
import { PlainLines } from './plain-lines.ts'
import { StackFrames } from './stack-frames.ts'
import { beginsSummary, SummaryReader } from './summary-table.ts'
import { NAME_BYTE } from './tables/bytes.ts'
import type { Tally } from './tally.ts'
import { ThreadChooser } from './thread-chooser.ts'
import { ThreadNames, type ThreadState } from './threads.ts'
import type { TraceBuilder } from './trace-builder.ts'

/**
 * Reads one strace log into a TraceBuilder. A line is `[PREFIX]BODY`, where BODY is a call, half of one, an event, a
 * message, a stack frame, a row of a summary, or foreign. Every line is counted once in `counts`.
 *   19:44:30.516261 epoll_wait(16, [{events=EPOLLRDNORM, data={u32=14, u64=14}}], 100, 29999) = 1 <0.122071>
 *   28328 19:50:36.430676 <... epoll_wait resumed>[{…}], 100, 29999) = 1 <0.114707>
 * It cannot know calls that a filter (-e, -z) hid, nor, without -T, when a call returned.
 */

/** Bytes of a table's row that are looked at. */
const LONGEST_ROW = 512

const NEWLINE = 10
const RETURN = 13
const BLANK = 32
const PERCENT = 37
const PAREN = 40
const DOT = 46
const LESS = 60
const GREATER = 62
const BRACKET = 91

export interface LogOptions {
  /** Thread of the whole file (`NAME.<tid>`), else `null`. */
  readonly tid: number | null
  /** Number of the thread whose lines carry none, as far as the file's name tells it. */
  readonly hint: number | null
  /** Reads every line the long way, for comparison. */
  readonly thorough?: boolean
}

export class LogParser {
  readonly counts: LineCounts = noLines()
  lines = 0
  bytes = 0
  readonly marks = new LineMarks()
  /** Lines with a stamp. */
  stamped = 0
  readonly stamps = new StampReader()
  readonly chooser: ThreadChooser
  readonly summary: SummaryReader
  readonly #builder: TraceBuilder
  readonly #path: string
  readonly #file: number
  readonly #tally: Tally
  readonly #thorough: boolean
  readonly #seams: LineScanner
  readonly #prefix = new LinePrefix()
  readonly #recorder: CallRecorder
  readonly #calls: CallReader
  readonly #broken: BrokenCalls
  readonly #frames: StackFrames
  readonly #plain: PlainLines
  readonly #threadNames = new ThreadNames()
  readonly #at: LinePlace = { thread: null as unknown as ThreadState, time: Number.NaN, line: 0 }
  /** A chunk ended in the middle of a line. */
  #midLine = false
  /** Threads with lines in the file. */
  readonly #threads: ThreadState[] = []
  /** Last line that was the first half of a call. */
  #suspendedLine = -1
  /** Lines carry a foreign prefix. */
  #quoted = false

  constructor(builder: TraceBuilder, file: number, path: string, options: LogOptions, tally: Tally) {
    this.#builder = builder
    this.#file = file
    this.#path = path
    this.#tally = tally
    this.#thorough = options.thorough ?? false
    this.#seams = new LineScanner((buffer, start, end, _, cut) => this.#seam(buffer, start, end, cut))
    this.chooser = new ThreadChooser(builder, options.tid, options.hint)
    this.summary = new SummaryReader(path)
    this.#recorder = new CallRecorder(builder, file, tally)
    this.#calls = new CallReader(builder, this.#recorder, this.chooser, tally)
    this.#broken = new BrokenCalls(this.#calls, this.chooser, this.counts, tally)
    this.#frames = new StackFrames(builder)
    this.#plain = new PlainLines(builder, file, this.#recorder, this.chooser, this.stamps)
  }

  /** The next bytes of the file, any number of them. */
  push(chunk: Uint8Array): void {
    const offset = this.bytes
    this.bytes += chunk.length
    let start = 0
    if (this.#midLine) {
      start = chunk.indexOf(NEWLINE) + 1
      if (start === 0) start = chunk.length
      else this.#midLine = false
      this.#seams.push(chunk.subarray(0, start))
    }
    if (!this.#midLine) this.marks.add(this.lines + 1, offset + start)
    const end = chunk.lastIndexOf(NEWLINE) + 1
    if (end > start) this.#whole(chunk, start, end)
    if (Math.max(start, end) === chunk.length) return
    this.#midLine = true
    this.#seams.push(chunk.subarray(Math.max(start, end)))
  }

  /** After the last byte: what is still open never returned, except an execve that goes on in another file. */
  finish(): void {
    this.#seams.finish()
    if (this.#broken.waiting) this.#tally.add('strace-ends-mid-line', this.#broken.line)
    this.#broken.giveUp()
    this.#frames.end()
    if (this.summary.open) this.summary.finish()
    for (const thread of this.#threads) this.#calls.finish(thread)
    if (this.chooser.ambiguous > 0) this.#tally.add('strace-thread-unclear', 0, null, this.chooser.ambiguous)
    if (this.stamps.steppedBack > 0) this.#tally.add('strace-clock-back', 0, null, this.stamps.steppedBack)
  }

  /** Whether calls are under way that may go on in other files. */
  get waits(): boolean {
    return this.#threads.some((thread) => thread.suspended !== null)
  }

  /** After the last file of the run, for those that wait. */
  finishRun(): void {
    for (const thread of this.#threads) this.#calls.abandon(thread)
  }

  /** Whole lines, as many as the kernel's window holds at once. */
  #whole(buffer: Uint8Array, from: number, to: number): void {
    const { window } = this.#builder.kernel
    let at = from
    while (at < to) {
      let end = Math.min(at + window, to)
      if (end < to) end = buffer.lastIndexOf(NEWLINE, end - 1) + 1
      if (this.#thorough || end <= at) {
        end = buffer.indexOf(NEWLINE, at) + 1
        this.#ended(buffer, at, end)
      } else this.#window(buffer.subarray(at, end))
      at = end
    }
  }

  /** Lines that fit into the kernel's window: it takes the plain ones, the others are read one by one. */
  #window(text: Uint8Array): void {
    const { kernel } = this.#builder
    let at = kernel.load(text)
    const limit = at + text.length
    while (at < limit) {
      at = this.#plainLines(at, limit)
      if (at === limit) return
      const end = kernel.call.lineEnd(at)
      this.#ended(kernel.bytes, at, end)
      at = end
    }
  }

  /** Lets the kernel take lines that stand in its memory; returns where the first begins that it leaves. */
  #plainLines(from: number, limit: number): number {
    if (this.#broken.waiting || this.summary.open) return from
    const taken = this.#plain.run(from, limit, this.lines + 1)
    const lines = taken.whole + taken.unfinished + taken.resumed
    if (lines === 0) return taken.stop
    this.#frames.end()
    this.lines += lines
    this.stamped += taken.stamped
    this.counts.calls += taken.whole
    this.counts.unfinished += taken.unfinished
    this.counts.resumed += taken.resumed
    if (taken.half) {
      this.#suspendedLine = this.lines
      this.#at.thread = taken.half
    }
    return taken.stop
  }

  /** A line that lay across chunks. Readers may look one byte past it, where its end stands. */
  #seam(buffer: Uint8Array, start: number, end: number, cut: boolean): void {
    const { kernel } = this.#builder
    const text = buffer.subarray(start, end)
    const at = cut ? -1 : kernel.loadLine(text)
    if (at < 0) {
      const line = new Uint8Array(text.length + 1)
      line.set(text)
      line[text.length] = NEWLINE
      this.#line(line, 0, text.length, cut)
      return
    }
    const stop = at + text.length
    // The kernel takes a carriage return for a part of the end; that one is gone already.
    const isPlain = !this.#thorough && kernel.bytes[stop - 1] !== RETURN
    if (!isPlain || this.#plainLines(at, stop + 1) === at) this.#line(kernel.bytes, at, stop, false)
  }

  /** A line with its end. */
  #ended(buffer: Uint8Array, start: number, end: number): void {
    const stop = end - 1 > start && buffer[end - 2] === RETURN ? end - 2 : end - 1
    const cut = stop - start > LONGEST_LINE
    this.#line(buffer, start, cut ? start + LONGEST_LINE : stop, cut)
  }

  /** One line, without its end; `cut` when only its beginning is there: it is not read, because the rest may change what it says. */
  #line(buffer: Uint8Array, start: number, end: number, cut: boolean): void {
    this.lines++
    if (cut) {
      this.counts.foreign++
      this.#tally.add('strace-line-too-long', this.lines)
      this.#broken.giveUp()
      return
    }
    if (this.#broken.waiting) {
      const from = this.#quoted ? start + foreignPrefix(buffer, start, end) : start
      if (this.#broken.continue(buffer, from, end)) return
    }
    if (!this.#read(buffer, start, end)) this.#unclean(buffer, start, end)
  }

  /** Reads a line as it stands; false when it is foreign. */
  #read(buffer: Uint8Array, start: number, end: number): boolean {
    const prefix = this.#prefix
    // A row of a table begins like a line of -r.
    if (this.summary.open && this.#summarized(buffer, start, end)) return true
    prefix.read(buffer, start, end)
    const body = prefix.body
    if (body >= end) return this.#blank(buffer, start, end)
    const byte = buffer[body]!
    if (NAME_BYTE[byte] === 1) {
      let at = body + 1
      while (at < end && NAME_BYTE[buffer[at]!] === 1) at++
      if (at < end && buffer[at] === PAREN && at - body <= LONGEST_NAME)
        return this.#called(buffer, start, body, at, end)
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
      return true
    }
    return this.#rare(buffer, start, body, end)
  }

  /** Nothing behind the prefix: an empty line, or one that was cut right there. */
  #blank(buffer: Uint8Array, start: number, end: number): boolean {
    for (let at = start; at < end; at++) if (buffer[at] !== BLANK) return false
    this.counts.blank++
    return true
  }

  /** Takes over thread and time of the line's prefix; `resumes` is the number of the call that it resumes, or -1. */
  #arrive(buffer: Uint8Array, resumes = -1): void {
    const prefix = this.#prefix
    const at = this.#at
    this.#frames.end()
    at.thread = prefix.tid >= 0 ? this.chooser.named(prefix.tid) : this.chooser.bare(resumes)
    at.line = this.lines
    at.time = prefix.stamp === STAMP_NONE ? Number.NaN : this.stamps.read(prefix)
    if (prefix.stamp !== STAMP_NONE) this.stamped++
    if (at.thread.seen(at.time, this.#file)) this.#threads.push(at.thread)
    // -Y: the name behind the pid, in which `<` and `>` are octal.
    if (prefix.nameEnd > 0) at.thread.name = this.#threadNames.get(buffer, prefix.nameStart, prefix.nameEnd)
  }

  #called(buffer: Uint8Array, start: number, body: number, nameEnd: number, end: number): boolean {
    const status = this.#calls.scan(buffer, nameEnd, end)
    if (status === CALL_FOREIGN) return false
    this.#arrive(buffer)
    if (status === CALL_BROKEN) {
      this.#broken.hold(this.#at, buffer, body, end)
      return true
    }
    if (status === CALL_DONE) this.counts.calls++
    else {
      this.counts.unfinished++
      this.#suspendedLine = this.lines
    }
    this.#calls.settle(this.#at, buffer, body, nameEnd)
    this.#plain.learn(this.#prefix, buffer[start] === BRACKET)
    return true
  }

  #resumed(buffer: Uint8Array, body: number, nameEnd: number, end: number): boolean {
    this.#arrive(buffer, this.#prefix.tid >= 0 ? -1 : this.#builder.names.number(buffer, body + 5, nameEnd))
    const status = this.#calls.resumed(this.#at, buffer, body + 5, nameEnd, end)
    if (status === CALL_FOREIGN) return false
    if (status === CALL_BROKEN) this.#broken.hold(this.#at, buffer, body, end)
    else this.counts.resumed++
    return true
  }

  /** Events, messages and summaries. */
  #rare(buffer: Uint8Array, start: number, body: number, end: number): boolean {
    const byte = buffer[body]!
    const event = beginsEvent(byte) ? readEventText(buffer, body, end) : null
    if (event) {
      this.#event(event, buffer)
      return true
    }
    if (body !== start || (byte !== PERCENT && byte !== BLANK && NAME_BYTE[byte] !== 1)) return false
    const text = decodeText(buffer, start, Math.min(end, start + LONGEST_ROW))
    return beginsSummary(text) && this.#summarized(buffer, start, end)
  }

  /** Takes a line of a -c table. */
  #summarized(buffer: Uint8Array, start: number, end: number): boolean {
    const text = decodeText(buffer, start, Math.min(end, start + LONGEST_ROW))
    if (!this.summary.take(text, this.lines)) return false
    this.#frames.end()
    this.counts.summary++
    return true
  }

  #event(event: EventLine, buffer: Uint8Array): void {
    switch (event.kind) {
      case 'message':
      case 'attached':
      case 'detached':
      case 'personality':
        this.#frames.end()
        this.#message(event)
        return
      case 'signal':
      case 'stop':
        this.#arrive(buffer)
        this.#signal(event.text)
        return
      case 'superseded':
        this.#arrive(buffer)
        this.counts.exits++
        this.#calls.superseded(this.#at.thread, event.by)
        return
      case 'exited':
      case 'killed':
        this.#arrive(buffer)
        this.counts.exits++
        this.#calls.abandon(this.#at.thread)
        this.#at.thread.end = event.text
        this.chooser.ended(this.#at.thread)
        return
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

  #message(event: Extract<EventLine, { kind: 'message' | 'attached' | 'detached' | 'personality' }>): void {
    const { calls, unfinished, resumed, messages } = this.counts
    this.counts.messages++
    if (event.kind === 'attached')
      this.chooser.attached(event.pid, calls + unfinished + resumed + messages === 0)
    else if (event.kind === 'detached') {
      if (this.#builder.knows(event.pid)) this.#builder.thread(event.pid).end = 'detached'
      else this.#builder.crossesFiles = true
    } else if (event.kind === 'personality') {
      this.#builder.wordBits = event.bits
      this.#builder.crossesFiles = true
      this.chooser.identified(event.pid)
    } else if (event.kind === 'message') this.#tally.add('strace-message', this.lines, event.text)
  }

  /** Takes off what others put around the line; what is left is strace's, or foreign for good. */
  #unclean(buffer: Uint8Array, start: number, end: number): void {
    const colourless = withoutColours(buffer, start, end)
    const plain = colourless ?? withoutJson(buffer, start, end)
    const bytes = plain ?? buffer
    let from = plain ? 0 : start
    const to = plain ? plain.length : end
    for (let round = 0; round < 4; round++) {
      if ((round > 0 || plain) && this.#read(bytes, from, to)) {
        if (!plain) this.#quoted = true
        this.#tally.add(colourless ? 'strace-colours' : 'strace-foreign-prefix', this.lines)
        return
      }
      const length = foreignPrefix(bytes, from, to)
      if (length === 0) break
      from += length
    }
    const begin = this.#quoted ? start + foreignPrefix(buffer, start, end) : start
    if (this.#suspendedLine === this.lines - 1 && this.#calls.rest(this.#at.thread, buffer, begin, end)) {
      this.counts.joined++
      this.#tally.add('strace-joined-line', this.#suspendedLine)
      return
    }
    this.counts.foreign++
    this.#tally.add('strace-foreign-line', this.lines)
  }
}
