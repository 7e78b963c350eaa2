import type { LineMarks } from '../base/line-marks.ts'
import type { StringTable } from '../base/string-table.ts'
import type { Micros, Tid } from '../base/units.ts'
import type { EvidenceReference } from './evidence.ts'

/** System calls whose arguments are decoded, because they change the address space or the set of threads. */
export const MEMORY_CALLS = [
  'mmap',
  'munmap',
  'mremap',
  'brk',
  'mprotect',
  'madvise',
  'shmat',
  'shmdt',
  'shmget',
  'remap_file_pages',
  'map_shadow_stack',
  'execve',
  'clone',
  'fork',
  'vfork',
  'exit',
  'exit_group',
  'set-name',
  'set-vma-name',
] as const
export type MemoryCall = (typeof MEMORY_CALLS)[number]
export const callIndex = (call: MemoryCall): number => MEMORY_CALLS.indexOf(call)

/** Bits of `MemoryEvents.state`. */
export const FAILED = 1
/** strace made the result up (`(INJECTED)`): the kernel never did it when the result is an error. */
export const INJECTED = 2
/** The call never returned in this log (`<unfinished ...>` at the end, `= ?`, detached). */
export const UNFINISHED = 4
/** Only the `<... resumed>` half is in this log: arguments are unknown. */
export const RESUMED_ONLY = 8

/** Part of one memory or thread call, as in MemoryEvents. */
export interface CallAtHand {
  readonly event: number
  /** Number of its form. */
  readonly form: number
  readonly tid: number
  readonly call: number
  readonly state: number
  readonly address: number
  readonly length1: number
  readonly result: number
  readonly protection: number
  readonly flags: number
  readonly context: number
}

/**
 * What calls have in common that differ only in when, where and how much, in columns by the number of their form: a
 * program makes millions of calls of a few dozen forms. The columns mean what they mean in MemoryEvents.
 */
export interface CallForms {
  readonly length: number
  readonly tid: Int32Array
  readonly call: Uint8Array
  readonly state: Uint8Array
  readonly protection: Uint32Array
  readonly flags: Float64Array
  readonly name: Uint32Array
  /** What of each call its row holds: bits of event-forms.ts. */
  readonly inRow: Uint8Array
  readonly time: Float64Array
  readonly duration: Float64Array
}

/** Consecutive events of one thread: `[start, end)`, and the thread's number in the survey. */
export interface EventRun {
  readonly start: number
  readonly end: number
  readonly thread: number
}

/** Each thread's events in order. */
export interface EventLinks {
  /** The next event of the same thread, -1 behind its last. */
  next(event: number): number
}

/** What one look at all events tells; threads are numbered in the order in which they appear. */
export interface EventSurvey {
  /** First event of each thread. */
  readonly heads: readonly number[]
  /** All events in runs of one thread; `null` where they are too many to be worth a list, as in an interleaved log. */
  readonly runs: readonly EventRun[] | null
  /** Where there is no list of runs. */
  readonly links: EventLinks | null
  /** Where a thread's own times run backwards by a second or more. */
  readonly setBacks: readonly SetBack[]
}

/** A step back in a thread's own times, and how many more like it its file has. */
export interface SetBack {
  readonly event: number
  /** Microseconds. */
  readonly by: number
  readonly times: number
}

/** `count` calls from `from` on; the row of the first begins at `word`. */
export type RowsVisitor = (words: Int32Array, word: number, from: number, count: number) => void

/**
 * Memory and thread calls of one trace by number, in file order per file (not merged across threads).
 * NaN means that the log does not tell. `name` is an id into `Trace.strings`: the thread name of set-name,
 * the path of execve, the file behind the descriptor with -y, the name of set-vma-name.
 */
export interface MemoryEvents {
  readonly length: number
  /** What a replay asks of every call, at once; the same object each time, valid until the next is asked for. */
  at(event: number): CallAtHand
  /**
   * Copies the words of consecutive calls' rows (row-words.ts); `at` is the place of the first. Times in rows count from
   * `rowBase`, and their contexts have other numbers where `rowContexts` has these; what a row does not hold is in the
   * call's form.
   */
  readRows(from: number, count: number, into: Int32Array, at: number): void
  /**
   * The same of a call and those that are linked behind it, at most so many, each with its number in place of its line;
   * returns how many.
   */
  readLinked(from: number, most: number, links: EventLinks, into: Int32Array, at: number): number
  /** By number of a context in rows, the one that it has now; `null` when it is the same. */
  readonly rowContexts: Uint32Array | null
  readonly rowBase: number
  readonly forms: CallForms
  /** Taken when it is first asked for. */
  readonly survey: EventSurvey
  /** Number of a call's form. */
  form(event: number): number
  /** Reads the forms of calls from `from` on, as many as there are and have room; returns how many. */
  readForms(from: number, into: Int32Array): number
  /** Visits the words of all calls' rows in order, some at a time: see `readRows`. */
  visitRows(visit: RowsVisitor): void
  tid(event: number): number
  /** Index into MEMORY_CALLS. */
  call(event: number): number
  /** Entry, microseconds on the trace's own clock (add `TraceClock.offset`, chosen by timeline/clock.ts). */
  time(event: number): number
  /** `-T`, microseconds. */
  duration(event: number): number
  /** First argument: address (mmap hint, munmap, mremap old, brk new break, mprotect, madvise, shmat hint, shmdt; clone: child stack base). */
  address(event: number): number
  /** Length as written, not rounded (mremap: old size; clone: stack size; shmget: size). */
  length1(event: number): number
  /** mremap: new size. Else NaN. */
  length2(event: number): number
  /** mremap MREMAP_FIXED: new address. shmat: shmid. Else NaN. */
  extra(event: number): number
  /** Return value (mmap: address, brk: break, clone: new tid). */
  result(event: number): number
  /** PROT_* bits of mmap, mprotect. */
  protection(event: number): number
  /** MAP_*, MREMAP_*, CLONE_* bits; the MADV_* number of madvise. */
  flags(event: number): number
  fd(event: number): number
  offset(event: number): number
  state(event: number): number
  error(event: number): number
  name(event: number): number
  /** Index into `Trace.files`. */
  file(event: number): number
  line(event: number): number
  /** Index into `Trace.contexts`: what the thread did just before. */
  context(event: number): number
  /** Id into `Trace.strings`: `-k` frames joined by newline; 0 without. */
  stack(event: number): number
}

/**
 * What a thread did just before an event: its last calls that were not memory calls, newest first, at most three.
 * `fd` is -1 when the call has no descriptor argument, -2 for AT_FDCWD.
 */
export interface CallContext {
  readonly calls: readonly { readonly name: string; readonly fd: number }[]
}

/** Calls by thread, name and descriptor; `fd` -1 where the call takes none. Rows are unique by (tid, name, fd). */
export interface CallStatistics {
  readonly length: number
  readonly tid: Int32Array
  /** Id into `Trace.strings`. */
  readonly name: Uint32Array
  readonly fd: Int32Array
  readonly calls: Float64Array
  readonly errors: Float64Array
  /** Sum of `-T`, seconds; NaN when the log has no -T. */
  readonly seconds: Float64Array
  /** Sum of positive results (bytes of read and write). */
  readonly resultSum: Float64Array
}

export const DESCRIPTOR_OPS = [
  'open',
  'close',
  'dup',
  'socket',
  'accept',
  'connect',
  'pipe',
  'other',
] as const
export type DescriptorOp = (typeof DESCRIPTOR_OPS)[number]

/** Calls that give a descriptor its meaning, in file order. `text` (id into `Trace.strings`) is path, peer or kind. */
export interface DescriptorEvents {
  readonly length: number
  readonly tid: Int32Array
  readonly time: Float64Array
  /** Index into DESCRIPTOR_OPS. */
  readonly op: Uint8Array
  readonly fd: Int32Array
  /** dup: the old descriptor; pipe, socketpair: the second one; else -1. */
  readonly fd2: Int32Array
  readonly text: Uint32Array
}

export type ClockKind = 'time-of-day' | 'unix' | 'relative' | 'none'

/** How a log tells time. `time-of-day` already counts on past midnight; the day itself is unknown. */
export interface TraceClock {
  readonly kind: ClockKind
  /** Digits after the point as a width: 1 s, 1 ms, 1 µs. */
  readonly resolution: Micros
}

export interface TraceThread {
  readonly tid: Tid
  /** Last name seen in the log itself (prctl, -Y), `null` when the log never says. */
  readonly name: string | null
  readonly firstTime: number
  readonly lastTime: number
  readonly lines: number
  readonly calls: number
  /** `exited`, `killed by SIGKILL`, `detached`, `superseded`; `null` when the log just ends. */
  readonly end: string | null
  readonly files: readonly number[]
  /** Addresses of private futexes used: threads of one process share them. At most 64, sorted. */
  readonly futexes: readonly number[]
}

/** What one thread's file or one interleaved file held that is neither call nor known event. */
export interface TraceFile {
  readonly path: string
  readonly bytes: number
  readonly lines: number
  /** Suffix of `NAME.<tid>`, `null` for an interleaved file. */
  readonly tid: Tid | null
  /** Where its lines are. */
  readonly marks?: LineMarks
}

/** One run of strace: an interleaved log, or all `NAME.<tid>` of one `-ff -o NAME`. */
export interface Trace {
  /** `NAME` with its folder, unique in the capture. */
  readonly name: string
  readonly form: 'per-thread' | 'interleaved' | 'single'
  readonly files: readonly TraceFile[]
  readonly clock: TraceClock
  readonly hasDurations: boolean
  readonly hasStacks: boolean
  readonly hasDescriptorNames: boolean
  /** `memory` when nothing but memory calls was traced (`-e trace=memory`), `some` when a filter shows, else `all`. */
  readonly coverage: 'all' | 'memory' | 'some'
  /** First and last stamp on the trace's own clock; NaN without stamps. */
  readonly firstTime: number
  readonly lastTime: number
  readonly threads: ReadonlyMap<number, TraceThread>
  /** `-p` attach: threads that were there before the log began. `null` = cannot tell. */
  readonly attached: boolean | null
  readonly events: MemoryEvents
  readonly contexts: readonly CallContext[]
  readonly statistics: CallStatistics
  readonly descriptors: DescriptorEvents
  readonly strings: StringTable
  /** 32 or 64; what addresses are masked to. */
  readonly wordBits: 32 | 64
  readonly signals: readonly {
    readonly tid: number
    readonly time: number
    readonly text: string
    readonly reference: EvidenceReference
  }[]
}

/** A `strace -c` table. */
export interface SummaryTable {
  readonly file: string
  readonly title: string | null
  readonly rows: readonly {
    readonly name: string
    readonly calls: number | null
    readonly errors: number | null
    readonly seconds: number | null
    readonly percent: number | null
    readonly line: number
  }[]
}
