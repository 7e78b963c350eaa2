import { callIndex, FAILED, INJECTED, RESUMED_ONLY, UNFINISHED } from '../model/trace.ts'
import {
  type CallName,
  HANDLE_DESCRIPTOR,
  HANDLE_FUTEX,
  HANDLE_MEMORY,
  HANDLE_OWN_ID,
  HANDLE_PRCTL,
  HANDLE_WRITE,
  traitsOf,
} from './call-names.ts'
import { DESCRIPTOR_KINDS, OTHER_OP } from './descriptor-calls.ts'
import { MEMORY_KINDS, MemoryDecoder, type ScannedCall, SET_NAME } from './memory-calls.ts'
import { MemoryRow } from './memory-row.ts'
import type { Tally } from './tally.ts'
import type { ThreadState } from './threads.ts'
import type { TraceBuilder } from './trace-builder.ts'
import { AT_FDCWD, readDescriptor, readNumber, readString } from './values.ts'

/** Results of a 32-bit process that a 64-bit strace up to 4.10 sign-extended. */
const SIGN_EXTENDED = 0xffff_ffff_0000_0000
const PAGE = 4096
const EXECVE = callIndex('execve')
/** Addresses whose private futexes count: PRIVATE in the name, or FUTEX_PRIVATE_FLAG in a raw number. */
const FUTEX_PRIVATE_FLAG = 128
const WRITE = Buffer.from('write', 'latin1')
const COMM = /^\/proc\/(?:self|\d+)\/task\/(\d+)\/comm$/

/** Where a call began, and what is missing of it. */
export interface CallPlace {
  thread: ThreadState
  name: number
  time: number
  line: number
  /** Row that was added when the call began, -1 for none. */
  row: number
  /** Descriptor argument read from the first half; FD_UNREAD when the arguments at hand are all of them. */
  fd: number
  /** UNFINISHED, RESUMED_ONLY or 0. */
  state: number
  /** The thread's last three calls before this one: rows of the statistics, newest first; -1 without. */
  before1: number
  before2: number
  before3: number
}

/** The arguments at hand begin with the first. */
export const FD_UNREAD = -9

/** Puts scanned calls into the columns of a trace: counts all, decodes memory, thread and descriptor calls. */
export class CallRecorder {
  readonly #builder: TraceBuilder
  readonly #file: number
  readonly #tally: Tally
  readonly decoder: MemoryDecoder
  readonly #row = new MemoryRow()
  readonly #fdTexts = new Map<number, number>()
  /** Descriptors of threads' comm files, by thread. */
  readonly #commFds = new Map<number, number>()
  /** Memory row of the call last recorded, -1 when it was another call: stack frames belong to it. */
  lastRow = -1

  constructor(builder: TraceBuilder, file: number, tally: Tally) {
    this.#builder = builder
    this.#file = file
    this.#tally = tally
    this.decoder = new MemoryDecoder(
      (text) => builder.strings.intern(text),
      (buffer, start, end) => builder.interner.intern(buffer, start, end),
      (name) => tally.add('strace-unknown-flag', this.#row.line, name),
    )
  }

  newPlace(): CallPlace {
    return {
      thread: null as unknown as ThreadState,
      name: 0,
      time: Number.NaN,
      line: 0,
      row: -1,
      fd: FD_UNREAD,
      state: 0,
      before1: -1,
      before2: -1,
      before3: -1,
    }
  }

  /** Records one call whose arguments (as far as there are any) and result lie in `call`. */
  record(place: CallPlace, call: ScannedCall): void {
    const builder = this.#builder
    const name = builder.names.get(place.name)
    const { result, scanned } = call
    const { thread } = place
    const isWhole = place.fd === FD_UNREAD && place.state !== RESUMED_ONLY
    let fd = isWhole ? -1 : Math.max(place.fd, AT_FDCWD)
    if (isWhole && name.takesDescriptor && scanned.count > 0) fd = this.descriptor(call, place)
    if (!Number.isNaN(result.duration)) builder.hasDurations = true
    const isMemory = name.handle === HANDLE_MEMORY
    const row = builder.statistics.row(thread.index, place.name, fd)
    builder.statistics.count(row, result.failed, result.duration, isMemory ? 0 : result.value)
    this.lastRow = -1
    if (isMemory) {
      this.lastRow = this.takeMemory(place, call)
      return
    }
    if (isWhole && this.takeSpecial(place, call)) return
    const made = name.makesDescriptor && result.value >= 0
    thread.remember(made ? builder.statistics.madeRow(thread.index, place.name, result.value) : row)
  }

  /** Adds the row of a call that releases memory when it begins, before it has returned. */
  begin(place: CallPlace, call: ScannedCall): number {
    const name = this.#builder.names.get(place.name)
    const row = this.#fill(place, name, call)
    row.state = UNFINISHED
    return this.#builder.events.append(place.thread.index, row)
  }

  /** Adds the event of a memory call; returns its row. */
  takeMemory(place: CallPlace, call: ScannedCall): number {
    const { events } = this.#builder
    const name = this.#builder.names.get(place.name)
    const row = this.#fill(place, name, call)
    if (place.row >= 0) events.write(place.row, row)
    const at = place.row >= 0 ? place.row : events.append(place.thread.index, row)
    if (place.state === RESUMED_ONLY && place.thread.supersededBy !== null && row.call === EXECVE) {
      this.#builder.resumedExecves.set(place.thread.supersededBy, at)
      place.thread.supersededBy = null
    }
    if (name.makesThread) this.#builder.makerRows.push(at)
    if (name.pageOffsets && row.offset > 0) {
      this.#builder.pageOffsetRows.push(at)
      if (row.offset % PAGE !== 0) this.#builder.pageOffsets = true
    }
    return at
  }

  #fill(place: CallPlace, name: CallName, call: ScannedCall): MemoryRow {
    const row = this.#common(place, call)
    row.call = name.memory
    MEMORY_KINDS[name.name]!.decode(this.decoder, call, row)
    if (place.state === RESUMED_ONLY) this.#forgetArguments(row, name)
    return row
  }

  /** Only clone's arguments say what they are, so only they can be read from a second half alone. */
  #forgetArguments(row: MemoryRow, name: CallName): void {
    row.state &= ~FAILED
    if (row.result < 0) row.state |= FAILED
    if (name.name.startsWith('clone')) return
    row.address = Number.NaN
    row.length1 = Number.NaN
    row.length2 = Number.NaN
    row.extra = Number.NaN
    row.flags = Number.NaN
    row.offset = Number.NaN
    row.protection = 0
    row.fd = -1
    row.name = 0
  }

  #common(place: CallPlace, call: ScannedCall): MemoryRow {
    const row = this.#row
    const { result } = call
    row.clear()
    row.time = place.time
    row.duration = result.duration
    row.line = place.line
    row.file = this.#file
    row.state = result.unknown ? place.state | UNFINISHED : place.state
    row.context = this.#builder.contexts.of(place.thread, place.before1, place.before2, place.before3)
    row.result = result.value
    if (this.#builder.wordBits === 32 && row.result >= SIGN_EXTENDED) row.result -= SIGN_EXTENDED
    if (result.injected) row.state |= INJECTED
    if (result.errorEnd > result.errorStart)
      row.error = this.#builder.interner.intern(call.buffer, result.errorStart, result.errorEnd)
    return row
  }

  /** Futexes, thread names, descriptor events. Returns true when the call counts as a memory call (prctl names). */
  takeSpecial(place: CallPlace, call: ScannedCall): boolean {
    const { thread } = place
    const name = this.#builder.names.get(place.name)
    switch (name.handle) {
      case HANDLE_FUTEX:
        this.futex(thread, call)
        return false
      case HANDLE_DESCRIPTOR:
        this.#descriptorEvent(place, name, call)
        return false
      case HANDLE_WRITE:
        this.#writeName(place, call)
        return false
      case HANDLE_OWN_ID:
        if (thread.tid === 0 && call.result.value > 0) this.#builder.rename(thread, call.result.value)
        return false
      case HANDLE_PRCTL:
        return this.#prctl(place, call)
      default:
        return false
    }
  }

  #prctl(place: CallPlace, call: ScannedCall): boolean {
    const row = this.#common(place, call)
    if (!this.decoder.prctl(call, row)) return false
    if (row.call === SET_NAME && (row.state & FAILED) === 0)
      place.thread.name = this.#builder.strings.get(row.name)
    this.lastRow = this.#builder.events.append(place.thread.index, row)
    return true
  }

  /** Notes the address of a private futex. */
  futex(thread: ThreadState, { buffer, scanned }: ScannedCall): void {
    if (scanned.count < 2) return
    const start = scanned.starts[1]!
    const end = scanned.ends[1]!
    let isPrivate = false
    for (let at = start; at < end && !isPrivate; at++)
      isPrivate = buffer[at] === 80 && buffer[at + 1] === 82 && buffer[at + 2] === 73 && buffer[at + 3] === 86
    if (!isPrivate && buffer[start + 1]! < 65)
      isPrivate = (readNumber(buffer, start, end) & FUTEX_PRIVATE_FLAG) !== 0
    if (!isPrivate) return
    const known = scanned.decoded ? scanned.values[0]! : Number.NaN
    thread.addFutex(Number.isNaN(known) ? readNumber(buffer, scanned.starts[0]!, scanned.ends[0]!) : known)
  }

  #descriptorEvent(place: CallPlace, name: CallName, call: ScannedCall): void {
    if (call.result.failed && name.name !== 'connect') return
    const event = DESCRIPTOR_KINDS[name.name]!.read(call)
    if (!event || event.fd < 0) return
    const { descriptors, strings } = this.#builder
    const names = COMM.exec(event.text)
    if (names || this.#commFds.size > 0) this.#watchNames(event.fd, names ? Number(names[1]) : null)
    descriptors.append(
      place.thread.index,
      place.time,
      event.op,
      event.fd,
      event.fd2,
      strings.intern(event.text),
    )
  }

  /** Descriptor `fd` now is the comm of this thread, or of none: the kernel must hand over what is written, or need not. */
  #watchNames(fd: number, tid: number | null): void {
    if (tid === null) this.#commFds.delete(fd)
    else this.#commFds.set(fd, tid)
    const { kernel, names } = this.#builder
    const number = names.number(WRITE, 0, WRITE.length)
    kernel.setTraits(WRITE, traitsOf(names.get(number), this.#commFds.size > 0))
  }

  /** `write(3, "worker", 6)` to another thread's comm: that thread's name from now on. */
  #writeName(place: CallPlace, call: ScannedCall): void {
    if (this.#commFds.size === 0 || call.scanned.count < 2) return
    const { buffer, scanned } = call
    const target = this.#commFds.get(readDescriptor(buffer, scanned.starts[0]!, scanned.ends[0]!))
    const text = readString(buffer, scanned.starts[1]!, scanned.ends[1]!)
    if (target === undefined || text === null || call.result.failed) return
    const thread = this.#builder.thread(target)
    const row = this.#common(place, call)
    row.call = SET_NAME
    row.name = this.#builder.strings.intern(text)
    thread.name = text
    this.#builder.events.append(thread.index, row)
  }

  /** Number of the first argument's descriptor; what -y says about it becomes an event when it is new. */
  descriptor({ buffer, scanned }: ScannedCall, place: CallPlace): number {
    const start = scanned.starts[0]!
    const end = scanned.ends[0]!
    const fd = readDescriptor(buffer, start, end)
    if (buffer[end - 1] !== 62 || fd < 0) return fd
    const text = this.decoder.decorated(buffer, start, end)
    this.#builder.hasDescriptorNames = true
    const key = place.thread.index * 0x8000_0000 + fd
    if (text === 0 || this.#fdTexts.get(key) === text) return fd
    this.#fdTexts.set(key, text)
    this.#builder.kernel.call.forgetText(place.thread.index, fd)
    this.#builder.descriptors.append(place.thread.index, place.time, OTHER_OP, fd, -1, text)
    return fd
  }

  /** Completes an execve whose other half stood in the file of the thread that it made this one. */
  completeMoved(place: CallPlace, call: ScannedCall, row: number): void {
    const name = this.#builder.names.get(place.name)
    const filled = this.#fill(place, name, call)
    filled.result = 0
    filled.duration = this.#builder.events.duration(row)
    this.#builder.events.write(row, filled)
  }

  /** Counts a call of which only the beginning is there. */
  unfinished(place: CallPlace, call: ScannedCall): void {
    this.#tally.add('strace-unfinished', place.line)
    call.result.read(NOTHING, 0, 0)
    if (place.row >= 0) {
      this.#builder.statistics.count(
        this.#builder.statistics.row(place.thread.index, place.name, place.fd),
        false,
        Number.NaN,
        0,
      )
      this.lastRow = -1
      return
    }
    place.state |= UNFINISHED
    this.record(place, call)
  }
}

const NOTHING = new Uint8Array(0)
