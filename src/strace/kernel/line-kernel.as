// Plain lines of strace logs, in one pass over their bytes: whole calls with a known name of a known thread, and the
// halves of calls that are only counted. It counts them by thread, name and descriptor; calls whose arguments matter also
// get a row. AssemblyScript; `node src/strace/kernel/build.mjs` compiles it into line-kernel.wasm.ts, and a test holds
// the two together.
//
//   28328 19:50:36.430732 accept4(14, NULL, NULL, SOCK_NONBLOCK) = 17 <0.000014>
//
// The caller puts text at IN and the classes of bytes at KIND and NAME_BYTE, and says what prefixes look like. `run`
// stops at the first line that is anything but plain: the line-by-line parser takes that one, and both see the same
// threads and counts. The kernel decides nothing that the parser would decide otherwise; when in doubt, it stops.
//
// Memory, in order: tables, names, texts, tids, threads, rows, arguments, text to read, shapes, finished rows, statistics,
// contexts. Whoever changes a place must keep them apart.

export const KIND: i32 = 0x1000 // u8 each of 256: what ends a run of plain bytes among arguments
export const NAME_BYTE: i32 = 0x1100 // u8 each of 256: 1 for the bytes of a call's name

// Names of calls.
const NAME_SLOTS: i32 = 2048
const NAME_TABLE: i32 = 0x2000 // i32 a slot: entry + 1
const MOST_NAMES: i32 = 1024
const NAME_AT: i32 = 0x4000 // i32 each
const NAME_LENGTH: i32 = 0x5000
const NAME_NUMBER: i32 = 0x6000
const NAME_TRAITS: i32 = 0x7000
const NAME_HEAD: i32 = 0x8000 // u64 each
const LONGEST_NAME: i32 = 32
const NAME_POOL: i32 = 0xa000
const NAME_POOL_END: i32 = 0x18000

// Traits of a name.
/** The caller needs a row with the arguments. */
const NEEDS_ROW: i32 = 1
/** The first argument is a descriptor. */
const TAKES_DESCRIPTOR: i32 = 2
/** Arguments are numbers and flags. */
const DECODES_ARGUMENTS: i32 = 4
/** A memory call: no thread's last call, and its results are no bytes. */
const IS_MEMORY: i32 = 8
/** The result is a new descriptor. */
const MAKES_DESCRIPTOR: i32 = 16
/** A futex: needs a row until enough of the thread's are known. */
const IS_FUTEX: i32 = 32
/** Its halves need the parser. */
const WHOLE_ONLY: i32 = 64
/** A call whose rows can be finished here has its number, from 1, in these bits. */
const FINISHED_SHIFT: i32 = 7
const MMAP: i32 = 1
const MUNMAP: i32 = 2
const MPROTECT: i32 = 3
const MADVISE: i32 = 4
const BRK: i32 = 5

// Texts of flags, and what -y says about descriptors.
const TEXT_SLOTS: i32 = 16384
const TEXT_TABLE: i32 = 0x18000 // i32 a slot: entry + 1
const MOST_TEXTS: i32 = 8192
const TEXT_AT: i32 = 0x28000 // i32 each
const TEXT_LENGTH: i32 = 0x30000
const TEXT_POOL: i32 = 0x38000
const TEXT_POOL_END: i32 = 0xb8000

// Threads by tid.
const TID_SLOTS: i32 = 0x20000
const TID_KEY: i32 = 0xc0000 // i32 a slot: tid + 1
const TID_THREAD: i32 = TID_KEY + TID_SLOTS * 4

// Threads.
export const THREADS: i32 = 0x10000
const THREAD_COLUMNS: i32 = 0x1c0000
/** Between columns that are used together: at distances of whole pages they would push each other out of the cache. */
export const APART: i32 = 192
export const LAST_TIME: i32 = THREAD_COLUMNS // f64
export const FIRST_TIME: i32 = LAST_TIME + THREADS * 8 + APART // f64
export const LINES: i32 = FIRST_TIME + THREADS * 8 + APART // i32
export const CALLS: i32 = LINES + THREADS * 4 + APART
export const RECENT: i32 = CALLS + THREADS * 4 + APART // three each, newest first; -1 without
export const SEEN_IN: i32 = RECENT + THREADS * 12 + APART // file in which its lines have been seen
export const HALF_NAME: i32 = SEEN_IN + THREADS * 4 + APART // call under way that the kernel will complete; 0 without
export const HALF_DESCRIPTOR: i32 = HALF_NAME + THREADS * 4 + APART
export const HALF_LINE: i32 = HALF_DESCRIPTOR + THREADS * 4 + APART
export const HALF_TIME: i32 = HALF_LINE + THREADS * 4 + APART // f64
export const THREAD_CONTEXTS: i32 = HALF_TIME + THREADS * 8 + APART // contexts that it has given rise to
export const THREAD_STATE: i32 = THREAD_CONTEXTS + THREADS * 4 + APART // u8: bits below

/** It has printed with its pid and not ended since. */
const ALIVE: i32 = 1
/** A call is under way that the parser must complete. */
const BUSY: i32 = 2
/** Enough futexes are known. */
const FUTEXES_KNOWN: i32 = 4

// Rows for the caller.
export const ROWS: i32 = 4096
const COLUMNS: i32 = 0x5e0000
export const TIME: i32 = COLUMNS
export const VALUE: i32 = TIME + ROWS * 8
export const DURATION: i32 = VALUE + ROWS * 8
export const LINE: i32 = DURATION + ROWS * 8
export const THREAD: i32 = LINE + ROWS * 4
export const NAME: i32 = THREAD + ROWS * 4
export const DESCRIPTOR: i32 = NAME + ROWS * 4
export const ERROR_START: i32 = DESCRIPTOR + ROWS * 4
export const ERROR_END: i32 = ERROR_START + ROWS * 4
export const ARGUMENT: i32 = ERROR_END + ROWS * 4 // first place in the argument columns
export const BEFORE: i32 = ARGUMENT + ROWS * 4 // the thread's last three calls then
export const ARGUMENTS: i32 = BEFORE + ROWS * 12 // u8: how many
export const STATE: i32 = ARGUMENTS + ROWS // u8: bits below
export const SHAPE: i32 = STATE + ROWS // i32: shape whose form is not known yet, from 1; 0 for none
export const FINISHED_BEFORE: i32 = SHAPE + ROWS * 4 // i32: finished rows that come before it

export const FAILED: i32 = 1
/** The descriptor argument carries what -y says about it, which is new. */
export const DECORATED: i32 = 2
/** The arguments' values and texts are there. */
export const DECODED: i32 = 4

// Arguments, of the rows.
export const ARGUMENT_PLACES: i32 = 32768
export const ARGUMENT_START: i32 = 0x640000
export const ARGUMENT_END: i32 = ARGUMENT_START + ARGUMENT_PLACES * 4
/** f64: the number that a decoded argument is, NaN for others. */
export const ARGUMENT_VALUE: i32 = ARGUMENT_END + ARGUMENT_PLACES * 4
/** i32: text of flags, from 1; 0 where there is none, or no room for it. */
export const ARGUMENT_TEXT: i32 = ARGUMENT_VALUE + ARGUMENT_PLACES * 8
const MOST_ARGUMENTS: i32 = 16

export const IN: i32 = 0x6e0000
export const IN_BYTES: i32 = 0x80000
/** As LONGEST_LINE of the line scanner: longer ones are cut, which only the parser does. */
const LONGEST_LINE: i32 = 0x100000

// Shapes of memory calls: what calls have in common that differ only in when, where and how much.
const SHAPE_SLOTS: i32 = 65536
const SHAPE_TABLE: i32 = 0x780000 // i32 a slot: shape + 1
export const MOST_SHAPES: i32 = 32768
const SHAPE_WIDTH: i32 = 24
const SHAPE_KEY: i32 = SHAPE_TABLE + SHAPE_SLOTS * 4
/** i32 each: the caller's number for the form of these calls, from 1; 0 while it is not known. */
export const FORMS: i32 = SHAPE_KEY + MOST_SHAPES * SHAPE_WIDTH

// Finished rows: as memory-table.ts keeps them.
export const FINISHED: i32 = 0x8c0000
export const MOST_FINISHED: i32 = 8192
export const FINISHED_BYTES: i32 = 32

// Statistics: as many rows as the caller has made room for.
export const STATISTICS: i32 = 0x900000
/** Added to the number of a name: rows of calls by the descriptor they made, which count nothing. */
export const MADE: i32 = 0x100000
/** Added to what a futex is known by. */
const FUTEX_KEY: i32 = 0x40000000

// Kinds of bytes, as in tables/bytes.ts.
const QUOTE: u32 = 1
const OPEN: u32 = 2
const CLOSE: u32 = 3
const COMMA: u32 = 4
const ANGLE: u32 = 5
const SLASH: u32 = 6

// Kinds of prefixes, as in plain-lines.ts.
const PID_BARE: i32 = 1
const PID_BRACKETED: i32 = 2
const STAMP_TIME_OF_DAY: i32 = 1
const STAMP_UNIX: i32 = 2

let pidForm: i32 = 0
let stampForm: i32 = 0
let names: i32 = 0
let poolUsed: i32 = NAME_POOL
let argumentsUsed: i32 = 0
let rows: i32 = 0
let stopped: i32 = 0
/** Thread of lines without a pid, -1 for none. */
let soleThread: i32 = -1
let file: i32 = 0
/** Time of the last line, and the midnights passed. */
let lastTime: f64 = NaN
let day: f64 = 0
let hasDurations: bool = false
/** Kinds of lines taken by the last run. */
let wholes: i32 = 0
let halves: i32 = 0
let resumes: i32 = 0
/** The last line taken was a first half, of this thread; else -1. */
let lastHalf: i32 = -1
/** Line on which a call was last completed. */
let lastComplete: i32 = 0

export function setPrefix(pid: i32, stamp: i32, sole: i32, fileNumber: i32): void {
  if (stamp != stampForm) secondKnown = false
  pidForm = pid
  stampForm = stamp
  soleThread = sole
  file = fileNumber
}

export function setTime(last: f64, midnights: f64): void {
  lastTime = last
  day = midnights
}

/** Behind the last line taken. */
export function stop(): i32 { return stopped }
export function time(): f64 { return lastTime }
export function sawDurations(): bool { return hasDurations }
export function wholeLines(): i32 { return wholes }
export function firstHalves(): i32 { return halves }
export function secondHalves(): i32 { return resumes }
export function lastFirstHalf(): i32 { return lastHalf }
export function lastCompleteLine(): i32 { return lastComplete }

const HALF_DAY: f64 = 43200000000

// Statistics. A row is found by thread, name and descriptor. The table of slots is never more than half full, and only
// as large as that takes: what is spread over megabytes is never in the cache.
const FEWEST_SLOTS: i32 = 1024
let capacity: i32 = 0
let statistics: i32 = 0
let tableAt: i32 = 0
let tableMask: i32 = 0
let keyThread: i32 = 0
let keyName: i32 = 0
let keyDescriptor: i32 = 0
let keyText: i32 = 0
let sumCalls: i32 = 0
let sumErrors: i32 = 0
let sumMicros: i32 = 0
let sumResults: i32 = 0

/**
 * Makes room for statistics of `most` rows and for `mostContexts` contexts, powers of two; memory must reach to the place
 * that is returned.
 */
export function setCapacity(most: i32, mostContexts: i32): i32 {
  capacity = most
  contextCapacity = mostContexts
  statistics = 0
  sumCalls = STATISTICS
  sumErrors = sumCalls + most * 8 + APART
  sumMicros = sumErrors + most * 8 + APART
  sumResults = sumMicros + most * 8 + APART
  keyThread = sumResults + most * 8 + APART
  keyName = keyThread + most * 4 + APART
  keyDescriptor = keyName + most * 4 + APART
  keyText = keyDescriptor + most * 4 + APART
  tableAt = keyText + most * 4 + APART
  tableMask = FEWEST_SLOTS - 1
  contextParts = tableAt + most * 8
  contextTable = contextParts + mostContexts * 12
  contextMask = FEWEST_SLOTS - 1
  return contextTable + mostContexts * 8
}

export function statisticsRows(): i32 { return statistics }

// @ts-ignore: decorator
@inline
function hashOfRow(thread: i32, name: i32, fd: i32): u32 {
  const hash: u32 = (<u32>thread * 0x9e3779b1) ^ (<u32>name * 0x85ebca6b) ^ (<u32>fd * 0xc2b2ae35)
  return hash ^ (hash >> 15)
}

/** Doubles the slots of the statistics. */
function growTable(): void {
  tableMask = tableMask * 2 + 1
  memory.fill(tableAt, 0, (tableMask + 1) << 2)
  for (let row = 0; row < statistics; row++) {
    const at = row << 2
    let slot: i32 = hashOfRow(load<i32>(keyThread + at), load<i32>(keyName + at), load<i32>(keyDescriptor + at)) & tableMask
    while (load<i32>(tableAt + (slot << 2)) != 0) slot = (slot + 1) & tableMask
    store<i32>(tableAt + (slot << 2), row + 1)
  }
}

/** Row of this thread, name and descriptor, new when needed; -1 when there is no room. */
export function statisticsRow(thread: i32, name: i32, fd: i32): i32 {
  let slot: i32 = hashOfRow(thread, name, fd) & tableMask
  while (true) {
    const row = load<i32>(tableAt + (slot << 2)) - 1
    if (row < 0) break
    const at = row << 2
    if (load<i32>(keyName + at) == name && load<i32>(keyDescriptor + at) == fd && load<i32>(keyThread + at) == thread) return row
    slot = (slot + 1) & tableMask
  }
  if (statistics == capacity) return -1
  const row = statistics++
  store<i32>(tableAt + (slot << 2), row + 1)
  store<i32>(keyThread + (row << 2), thread)
  store<i32>(keyName + (row << 2), name)
  store<i32>(keyDescriptor + (row << 2), fd)
  store<f64>(sumMicros + (row << 3), NaN)
  if (statistics * 2 > tableMask) growTable()
  return row
}

// @ts-ignore: decorator
@inline
function countCall(row: i32, failed: bool, micros: f64, result: f64): void {
  const at = row << 3
  store<f64>(sumCalls + at, load<f64>(sumCalls + at) + 1)
  if (failed) store<f64>(sumErrors + at, load<f64>(sumErrors + at) + 1)
  else if (result > 0) store<f64>(sumResults + at, load<f64>(sumResults + at) + result)
  if (micros == micros) {
    hasDurations = true
    const sum = load<f64>(sumMicros + at)
    store<f64>(sumMicros + at, sum == sum ? sum + micros : micros)
  }
}

/** The call of this row is the thread's last one. */
// @ts-ignore: decorator
@inline
function remember(thread: i32, row: i32): void {
  const at = RECENT + thread * 12
  store<i32>(at + 8, load<i32>(at + 4))
  store<i32>(at + 4, load<i32>(at))
  store<i32>(at, row)
}

// Contexts: a thread's last three calls, as rows of the statistics, newest first; -1 without. Number 0 is "none known".
let contextCapacity: i32 = 0
let contexts: i32 = 1
let contextParts: i32 = 0
let contextTable: i32 = 0
let contextMask: i32 = 0

/**
 * How many contexts of one, two and three calls a thread may have. One that reads from thousands of descriptors has
 * millions of combinations of three calls: after its first hundreds only those that are known and the last two are told
 * apart, then only the last, then none. Counted by thread, so that the order in which threads are read changes nothing.
 */
export const MOST_OF_ONE: i32 = 512
export const MOST_OF_TWO: i32 = 384
export const MOST_OF_THREE: i32 = 256

/** Place of the first three parts of context 0, and how many contexts there are. */
export function contextsAt(): i32 { return contextParts }
export function contextCount(): i32 { return contexts }

// @ts-ignore: decorator
@inline
function hashOfContext(call1: i32, call2: i32, call3: i32): u32 {
  let hash: u32 = (<u32>call1 * 0x9e3779b1) ^ (<u32>call2 * 0x85ebca6b)
  hash = ((hash ^ (hash >> 15)) * 0xc2b2ae35) ^ <u32>call3
  return hash ^ (hash >> 13)
}

/** Doubles the slots of the contexts. */
function growContexts(): void {
  contextMask = contextMask * 2 + 1
  memory.fill(contextTable, 0, (contextMask + 1) << 2)
  for (let context = 1; context < contexts; context++) {
    const at = contextParts + context * 12
    let slot: i32 = hashOfContext(load<i32>(at), load<i32>(at + 4), load<i32>(at + 8)) & contextMask
    while (load<i32>(contextTable + (slot << 2)) != 0) slot = (slot + 1) & contextMask
    store<i32>(contextTable + (slot << 2), context)
  }
}

/** Number of this context; new when the thread may have one more; -1 when it may not, -2 when there is no room. */
export function findContext(thread: i32, call1: i32, call2: i32, call3: i32, most: i32): i32 {
  let slot: i32 = hashOfContext(call1, call2, call3) & contextMask
  while (true) {
    const context = load<i32>(contextTable + (slot << 2))
    if (context == 0) break
    const at = contextParts + context * 12
    if (load<i32>(at) == call1 && load<i32>(at + 4) == call2 && load<i32>(at + 8) == call3) return context
    slot = (slot + 1) & contextMask
  }
  const own = THREAD_CONTEXTS + (thread << 2)
  if (load<i32>(own) >= most) return -1
  if (contexts == contextCapacity) return -2
  const context = contexts++
  const at = contextParts + context * 12
  store<i32>(at, call1)
  store<i32>(at + 4, call2)
  store<i32>(at + 8, call3)
  store<i32>(contextTable + (slot << 2), context)
  store<i32>(own, load<i32>(own) + 1)
  if (contexts * 2 > contextMask) growContexts()
  return context
}

/** Number of the context of these last calls of a thread; -2 when only the caller can tell, because there is no room. */
function contextOf(thread: i32, call1: i32, call2: i32, call3: i32): i32 {
  if (call1 < 0) return 0
  let context = findContext(thread, call1, call2, call3, MOST_OF_THREE)
  if (context < 0 && contexts == contextCapacity) return -2
  if (context == -1) context = findContext(thread, call1, call2, -1, MOST_OF_TWO)
  if (context == -1) context = findContext(thread, call1, -1, -1, MOST_OF_ONE)
  return context == -1 ? 0 : context
}

/** Makes a thread known by its number. */
export function addTid(tid: i32, thread: i32): void {
  let slot: i32 = (<u32>tid * 0x9e3779b1) >> 15
  while (load<i32>(TID_KEY + (slot << 2)) != 0 && load<i32>(TID_KEY + (slot << 2)) != tid + 1) slot = (slot + 1) & (TID_SLOTS - 1)
  store<i32>(TID_KEY + (slot << 2), tid + 1)
  store<i32>(TID_THREAD + (slot << 2), thread)
}

let lastTid: i32 = -1
let lastTidThread: i32 = -1

/** Thread of this number, -1 when it is not known. */
// @ts-ignore: decorator
@inline
function threadOf(tid: i32): i32 {
  if (tid == lastTid) return lastTidThread
  let slot: i32 = (<u32>tid * 0x9e3779b1) >> 15
  while (true) {
    const key = load<i32>(TID_KEY + (slot << 2))
    if (key == 0) return -1
    if (key == tid + 1) break
    slot = (slot + 1) & (TID_SLOTS - 1)
  }
  lastTid = tid
  lastTidThread = load<i32>(TID_THREAD + (slot << 2))
  return lastTidThread
}

// @ts-ignore: decorator
@inline
function byteAt(at: i32): u32 { return load<u8>(at) }

// @ts-ignore: decorator
@inline
function sameBytes(a: i32, b: i32, length: i32): bool {
  let at = 0
  for (; at + 8 <= length; at += 8) if (load<u64>(a + at) != load<u64>(b + at)) return false
  return at == length || head(a + at, length - at) == head(b + at, length - at)
}

// @ts-ignore: decorator
@inline
function mix(word: u64): u32 {
  const product = word * 0x9e3779b97f4a7c15
  return <u32>(product >> 40)
}

/** The first eight bytes of a text of this length; what lies behind its end is 0. */
// @ts-ignore: decorator
@inline
function head(from: i32, length: i32): u64 {
  const word = load<u64>(from)
  return length < 8 ? word & ((<u64>1 << (<u64>length << 3)) - 1) : word
}

function hashOf(from: i32, to: i32): u32 {
  let hash: u64 = to - from
  for (let at = from; at < to; at += 8) hash = (hash ^ head(at, to - at)) * 0x9e3779b97f4a7c15
  return <u32>(hash >> 40)
}

/** Entry of the name at `[from, from + length)`, -1 when it is not known. */
// @ts-ignore: decorator
@inline
function findName(from: i32, length: i32): i32 {
  const first = head(from, length)
  let slot: i32 = (mix(first) + length) & (NAME_SLOTS - 1)
  while (true) {
    const entry = load<i32>(NAME_TABLE + (slot << 2)) - 1
    if (entry < 0) return -1
    if (load<u64>(NAME_HEAD + (entry << 3)) == first && load<i32>(NAME_LENGTH + (entry << 2)) == length) {
      if (length <= 8 || sameBytes(load<i32>(NAME_AT + (entry << 2)), from, length)) return entry
    }
    slot = (slot + 1) & (NAME_SLOTS - 1)
  }
}

/** Sets the traits of a known name. */
export function setTraits(from: i32, to: i32, traits: i32): void {
  const entry = findName(from, to - from)
  if (entry >= 0) store<i32>(NAME_TRAITS + (entry << 2), traits)
}

/** Makes the name at `[from, to)` known. A name that finds no more room stays unknown. */
export function addName(from: i32, to: i32, number: i32, traits: i32): void {
  const length = to - from
  if (length == 0 || length > LONGEST_NAME) return
  if (names == MOST_NAMES || poolUsed + length > NAME_POOL_END || findName(from, length) >= 0) return
  const first = head(from, length)
  let slot: i32 = (mix(first) + length) & (NAME_SLOTS - 1)
  while (load<i32>(NAME_TABLE + (slot << 2)) != 0) slot = (slot + 1) & (NAME_SLOTS - 1)
  memory.copy(poolUsed, from, length)
  store<i32>(NAME_AT + (names << 2), poolUsed)
  store<i32>(NAME_LENGTH + (names << 2), length)
  store<u64>(NAME_HEAD + (names << 3), first)
  store<i32>(NAME_NUMBER + (names << 2), number)
  store<i32>(NAME_TRAITS + (names << 2), traits)
  poolUsed += length
  names++
  store<i32>(NAME_TABLE + (slot << 2), names)
}

/** Six digits at `at`, the first of eight bytes that are there; -1 when they are not digits. */
// @ts-ignore: decorator
@inline
function sixDigits(at: i32): i32 {
  // The last two of the eight bytes become zeros in front.
  const word = (load<u64>(at) << 16) | 0x3030
  const low = word - 0x3030303030303030
  if (((low | (low + 0x7676767676767676)) & 0x8080808080808080) != 0) return -1
  const pairs = (low * 10) + (low >> 8)
  const sum = (((pairs & 0x000000ff000000ff) * 0x000f424000000064) + (((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001)) >> 32
  return <i32>sum
}

/** How many digits the last `digitRun` found. */
let digitCount: i32 = 0

/** Value of up to eight digits at `at`, of which there may be none; no loop, so that their number costs nothing. */
// @ts-ignore: decorator
@inline
function digitRun(at: i32): i32 {
  const low = load<u64>(at) ^ 0x3030303030303030
  // A carry out of a byte that is no digit can only spoil bytes behind it.
  const others = ((low + 0x7676767676767676) | low) & 0x8080808080808080
  digitCount = others == 0 ? 8 : <i32>(ctz(others) >> 3)
  if (digitCount == 0) return 0
  const digits = low << (64 - (<u64>digitCount << 3))
  const pairs = digits * 10 + (digits >> 8)
  return <i32>((((pairs & 0x000000ff000000ff) * 0x000f424000000064) + (((pairs >> 16) & 0x000000ff000000ff) * 0x0000271000000001)) >> 32)
}

/** Eight hexadecimal digits, NUL counting as 0, packed. */
// @ts-ignore: decorator
@inline
function packHex(text: u64): u64 {
  let digits = (text & 0x0f0f0f0f0f0f0f0f) + ((text >> 6) & 0x0101010101010101) * 9
  digits = ((digits << 4) | (digits >> 8)) & 0x00ff00ff00ff00ff
  digits = ((digits << 8) | (digits >> 16)) & 0x0000ffff0000ffff
  return ((digits << 16) | (digits >> 32)) & 0xffffffff
}

/** Value of the hexadecimal digits at `at`, of which there may be none; with more than sixteen, `digitCount` is 17. */
function hexRun(at: i32): u64 {
  const block = v128.load(at)
  const isDigit = i8x16.lt_u(i8x16.sub(block, i8x16.splat(48)), i8x16.splat(10))
  const isLetter = i8x16.lt_u(i8x16.sub(v128.or(block, i8x16.splat(32)), i8x16.splat(97)), i8x16.splat(6))
  const others = ~i8x16.bitmask(v128.or(isDigit, isLetter))
  digitCount = ctz(others)
  if (digitCount == 0) return 0
  if (digitCount <= 8) return packHex(load<u64>(at) << (64 - (<u64>digitCount << 3)))
  if (digitCount == 16) {
    const next = byteAt(at + 16)
    if (next - 48 < 10 || (next | 32) - 97 < 6) digitCount = 17
  }
  return (packHex(load<u64>(at) << (128 - (<u64>digitCount << 3))) << 32) | packHex(load<u64>(at + digitCount - 8))
}

/** Position behind the blanks at `at`. */
// @ts-ignore: decorator
@inline
function behindBlanks(at: i32): i32 {
  let p = at
  while (true) {
    const others = i8x16.bitmask(i8x16.ne(v128.load(p), i8x16.splat(32)))
    if (others != 0) return p + ctz(others)
    p += 16
  }
}

/** The second last seen: its eight or ten bytes, and what they are in microseconds. */
let secondKnown: bool = false
let second1: u64 = 0
let second2: u32 = 0
let secondMicros: f64 = 0

// @ts-ignore: decorator
@inline
function two(at: i32): i32 {
  const high = byteAt(at) - 48
  const low = byteAt(at + 1) - 48
  return high > 9 || low > 9 ? -1000000 : high * 10 + low
}

function readSecond(at: i32): bool {
  const first = load<u64>(at)
  const rest: u32 = stampForm == STAMP_UNIX ? load<u16>(at + 8) : 0
  if (secondKnown && first == second1 && rest == second2) return true
  if (stampForm == STAMP_TIME_OF_DAY) {
    const hours = two(at)
    const minutes = two(at + 3)
    const seconds = two(at + 6)
    if (byteAt(at + 2) != 58 || byteAt(at + 5) != 58) return false
    if (hours < 0 || minutes < 0 || seconds < 0 || hours > 23 || minutes > 59 || seconds > 60) return false
    secondMicros = <f64>((hours * 60 + minutes) * 60 + seconds) * 1000000
  } else {
    let value: i64 = 0
    for (let digit = 0; digit < 10; digit++) {
      const unit = byteAt(at + digit) - 48
      if (unit > 9) return false
      value = value * 10 + unit
    }
    secondMicros = <f64>value * 1000000
  }
  second1 = first
  second2 = rest
  secondKnown = true
  return true
}

// @ts-ignore: decorator
@inline
function isWord(byte: u32): bool {
  return byte - 48 < 10 || (byte | 32) - 97 < 26
}

/** Behind `<<` or behind a decoration without another one inside; -1 for everything else. */
function skipAngle(from: i32): i32 {
  if (byteAt(from + 1) == 60) return from + 2
  if (!isWord(byteAt(from - 1))) return -1
  for (let at = from + 1; ; at++) {
    const byte = byteAt(at)
    if (byte == 60 || byte == 10) return -1
    if (byte != 62 || byteAt(at - 1) == 45) continue
    const next = byteAt(at + 1)
    const kind: u32 = load<u8>(KIND + next)
    return kind == COMMA || kind == OPEN || kind == CLOSE || next == 32 ? at + 1 : -1
  }
}

/** Behind the quote that closes the string whose first byte is at `from`; -1 when the line ends first. */
// @ts-ignore: decorator
@inline
function skipString(from: i32): i32 {
  let at = from
  while (true) {
    const block = v128.load(at)
    const special = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(block, i8x16.splat(34)), i8x16.eq(block, i8x16.splat(92))),
        i8x16.eq(block, i8x16.splat(10)),
      ),
    )
    if (special == 0) {
      at += 16
      continue
    }
    at += ctz(special)
    const byte = byteAt(at)
    if (byte == 34) return at + 1
    if (byte == 10 || byteAt(at + 1) == 10) return -1
    at += 2
  }
}

let texts: i32 = 0
let textsUsed: i32 = TEXT_POOL

/** Number of the text at `[from, to)`, from 1; 0 when there is no room for a new one. */
function internText(from: i32, to: i32): i32 {
  const length = to - from
  let slot: i32 = hashOf(from, to) & (TEXT_SLOTS - 1)
  while (true) {
    const number = load<i32>(TEXT_TABLE + (slot << 2))
    if (number == 0) break
    const entry = number - 1
    if (load<i32>(TEXT_LENGTH + (entry << 2)) == length && sameBytes(load<i32>(TEXT_AT + (entry << 2)), from, length)) return number
    slot = (slot + 1) & (TEXT_SLOTS - 1)
  }
  if (texts == MOST_TEXTS || textsUsed + length > TEXT_POOL_END) return 0
  memory.copy(textsUsed, from, length)
  store<i32>(TEXT_AT + (texts << 2), textsUsed)
  store<i32>(TEXT_LENGTH + (texts << 2), length)
  textsUsed += length
  texts++
  store<i32>(TEXT_TABLE + (slot << 2), texts)
  return texts
}

/** Reads the argument at place `place`: `NULL`, `0x7f…`, `4096`, `-1` as a number, `PROT_READ|PROT_WRITE` as a text. */
function decodeArgument(place: i32): void {
  let at = load<i32>(ARGUMENT_START + (place << 2))
  const end = load<i32>(ARGUMENT_END + (place << 2))
  let value: f64 = NaN
  let text = 0
  while (at < end && byteAt(at) == 32) at++
  const first = byteAt(at)
  const length = end - at
  if (first == 48 && length > 2 && byteAt(at + 1) == 120) {
    const bits = hexRun(at + 2)
    if (digitCount == length - 2) value = <f64>bits
  } else if (first - 48 < 10 || (first == 45 && length > 1)) {
    const from = first == 45 ? at + 1 : at
    let bits: u64 = digitRun(from)
    let digits = from + digitCount
    if (digitCount == 8) while (digits < end && byteAt(digits) - 48 < 10) bits = bits * 10 + (byteAt(digits++) - 48)
    // A leading zero is octal where flags are meant; the parser knows.
    if (digits == end && length <= 15 && !(byteAt(from) == 48 && length > 1)) value = first == 45 ? -<f64>bits : <f64>bits
  } else if (length == 4 && load<u32>(at) == 0x4c4c554e) { // "NULL"
    value = 0
  } else if (first - 65 < 26) {
    text = internText(at, end)
  }
  store<f64>(ARGUMENT_VALUE + (place << 3), value)
  store<i32>(ARGUMENT_TEXT + (place << 2), text)
}

let descriptor: i32 = 0
let decorated: bool = false

/** The descriptor `[from, to)`: digits, `AT_FDCWD` or `-1`, with or without decoration; false for everything else. */
// @ts-ignore: decorator
@inline
function readDescriptor(from: i32, to: i32): bool {
  let at = from
  let value: i32 = 0
  let digit = byteAt(at) - 48
  while (digit < 10) {
    value = value * 10 + digit
    digit = byteAt(++at) - 48
  }
  if (at > from) {
    if (at - from > 9) return false
    descriptor = value
    decorated = byteAt(at) == 60 && byteAt(to - 1) == 62
    return at == to || byteAt(at) == 60
  }
  decorated = false
  if (to - from == 2 && byteAt(from) == 45 && byteAt(from + 1) == 49) {
    descriptor = -1
    return true
  }
  descriptor = -2
  if (to - from < 8 || load<u64>(from) != 0x44574344465f5441) return false // "AT_FDCWD"
  return to - from == 8 || byteAt(from + 8) == 60
}

/**
 * The bytes among the sixteen at `at` that are no plain text of arguments, one bit each. A byte is special when the
 * tables of its two halves have a bit in common:  0x0a | 0x22 28 29 2c 2f | 0x3c | 0x5b 5d 7b 7d
 */
// @ts-ignore: decorator
@inline
function specialBytes(at: i32): i32 {
  const block = v128.load(at)
  const low = i8x16.swizzle(i8x16(0, 0, 2, 0, 0, 0, 0, 0, 2, 2, 1, 8, 6, 8, 0, 2), v128.and(block, i8x16.splat(15)))
  const high = i8x16.swizzle(i8x16(1, 0, 2, 4, 0, 8, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0), i8x16.shr_u(block, 4))
  return i8x16.bitmask(i8x16.ne(v128.and(low, high), i8x16.splat(0)))
}

// Blocks of 64 bytes, a bit a byte.
let inString: u64 = 0
let isEscaped: u64 = 0

/** Whose bytes are brackets, `<`, `/` or the end of a line, as `specialBytes` without quote and comma. */
// @ts-ignore: decorator
@inline
function bracketMask(block: v128): u64 {
  const low = i8x16.swizzle(i8x16(0, 0, 0, 0, 0, 0, 0, 0, 2, 2, 1, 8, 4, 8, 0, 2), v128.and(block, i8x16.splat(15)))
  const high = i8x16.swizzle(i8x16(1, 0, 2, 4, 0, 8, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0), i8x16.shr_u(block, 4))
  return <u64>i8x16.bitmask(i8x16.ne(v128.and(low, high), i8x16.splat(0)))
}

// @ts-ignore: decorator
@inline
function byteMask(block: v128, byte: i8): u64 {
  return <u64>i8x16.bitmask(i8x16.eq(block, i8x16.splat(byte)))
}

/**
 * Brackets, `<`, `/` among the 64 bytes at `at` that lie outside of strings, and ends of lines anywhere. `inString` (all
 * ones inside) and `isEscaped` (the first byte stands behind a backslash) go from block to block.
 */
function bracketsOutside(at: i32): u64 {
  const a = v128.load(at)
  const b = v128.load(at, 16)
  const c = v128.load(at, 32)
  const d = v128.load(at, 48)
  const quotes = byteMask(a, 34) | (byteMask(b, 34) << 16) | (byteMask(c, 34) << 32) | (byteMask(d, 34) << 48)
  const brackets = bracketMask(a) | (bracketMask(b) << 16) | (bracketMask(c) << 32) | (bracketMask(d) << 48)
  if ((quotes | inString) == 0) {
    isEscaped = 0
    return brackets
  }
  const backslashes = byteMask(a, 92) | (byteMask(b, 92) << 16) | (byteMask(c, 92) << 32) | (byteMask(d, 92) << 48)
  // What stands behind an odd number of backslashes: each that is not escaped itself escapes the next byte.
  const odd: u64 = 0xaaaaaaaaaaaaaaaa
  const first = backslashes & ~isEscaped
  const codes = (((first << 1) | odd) - first) ^ odd
  const escaped = codes ^ (backslashes | isEscaped)
  isEscaped = (codes & backslashes) >> 63
  // From each quote to the next one: the sum of all bits before, without carries.
  let inside = quotes & ~escaped
  inside ^= inside << 1
  inside ^= inside << 2
  inside ^= inside << 4
  inside ^= inside << 8
  inside ^= inside << 16
  inside ^= inside << 32
  inside ^= inString
  inString = <u64>(<i64>inside >> 63)
  const ends = byteMask(a, 10) | (byteMask(b, 10) << 16) | (byteMask(c, 10) << 32) | (byteMask(d, 10) << 48)
  return (brackets & ~inside) | ends
}

/**
 * Closing bracket of the call whose arguments begin at `from`, where there are nothing but brackets and strings before
 * it; 0 where `closingBracket` must look.
 */
// @ts-ignore: decorator
@inline
function plainClosing(from: i32): i32 {
  let open: u32 = 1
  inString = 0
  isEscaped = 0
  let base = from
  while (true) {
    let special = bracketsOutside(base)
    while (special != 0) {
      const p = base + <i32>ctz(special)
      special &= special - 1
      const byte = byteAt(p)
      // `(` 0x28, `)` 0x29, `[` 0x5b, `]` 0x5d, `{` 0x7b, `}` 0x7d: bits 4 to 6 tell their kind.
      const bracket: u32 = byte == 40 || byte == 41 ? 1 : byte < 92 || byte == 93 ? 2 : 3
      if (byte == 41 || byte == 93 || byte == 125) {
        if (bracket != (open & 3)) return 0
        open >>= 2
        if (open == 0) return p
      } else if (byte == 40 || byte == 91 || byte == 123) {
        if (open > 0x0fffffff) return 0
        open = (open << 2) | bracket
      } else return 0
    }
    base += 64
  }
}

/** Arguments that the last scan kept. */
let argumentCount: i32 = 0

/**
 * Closing bracket of the call whose arguments begin at `from`, where only the brackets matter. -1 when it is not plain;
 * minus the place of ` <unfinished ...>` (that of its `<`) when that ends the line with only the call's bracket open.
 */
function closingBracket(from: i32): i32 {
  // Open brackets as two bits each, the innermost lowest: 1 `(`, 2 `[`, 3 `{`.
  let open: u32 = 1
  let base = from
  let special = bracketBytes(base)
  while (true) {
    while (special == 0) {
      base += 16
      special = bracketBytes(base)
    }
    const p = base + ctz(special)
    special &= special - 1
    const byte = byteAt(p)
    if (byte == 41 || byte == 93 || byte == 125) {
      const bracket: u32 = byte == 41 ? 1 : byte == 93 ? 2 : 3
      if (bracket != (open & 3)) return -1
      open >>= 2
      if (open == 0) return p
    } else if (byte == 34 || byte == 60) {
      if (byte == 60 && byteAt(p - 1) == 32) return open == 1 ? -p : -1
      base = byte == 34 ? skipString(p + 1) : skipAngle(p)
      if (base < 0) return -1
      special = bracketBytes(base)
    } else if (byte == 47) {
      if (byteAt(p + 1) == 42) return -1
    } else if (byte == 10) {
      return -1
    } else {
      if (open > 0x0fffffff) return -1
      open = (open << 2) | (byte == 40 ? 1 : byte == 91 ? 2 : 3)
    }
  }
}

/** As `closingBracket`, and keeps the arguments. */
function scanArguments(from: i32, firstArgument: i32): i32 {
  let open: u32 = 1
  let count = 0
  let start = from
  let base = from
  let p = from
  let special = specialBytes(base)
  while (true) {
    while (special == 0) {
      base += 16
      special = specialBytes(base)
    }
    p = base + ctz(special)
    special &= special - 1
    const byte = byteAt(p)
    const kind: u32 = load<u8>(KIND + byte)
    if (kind == COMMA) {
      if (open == 1 && count < MOST_ARGUMENTS) {
        store<i32>(ARGUMENT_START + ((firstArgument + count) << 2), start)
        store<i32>(ARGUMENT_END + ((firstArgument + count) << 2), p)
        count++
        start = p + 1
      }
    } else if (kind == CLOSE) {
      const bracket: u32 = byte == 41 ? 1 : byte == 93 ? 2 : 3
      if (bracket != (open & 3)) return -1
      open >>= 2
      if (open == 0) break
    } else if (kind == OPEN) {
      if (open > 0x0fffffff) return -1
      open = (open << 2) | (byte == 40 ? 1 : byte == 91 ? 2 : 3)
    } else if (kind == QUOTE) {
      base = skipString(p + 1)
      if (base < 0) return -1
      special = specialBytes(base)
    } else if (kind == ANGLE) {
      if (byteAt(p - 1) == 32) {
        argumentCount = count
        return open == 1 ? -p : -1
      }
      base = skipAngle(p)
      if (base < 0) return -1
      special = specialBytes(base)
    } else if (kind == SLASH) {
      if (byteAt(p + 1) == 42) return -1
    } else return -1
  }
  if ((p > start || count > 0) && count < MOST_ARGUMENTS) {
    store<i32>(ARGUMENT_START + ((firstArgument + count) << 2), start)
    store<i32>(ARGUMENT_END + ((firstArgument + count) << 2), p)
    count++
  }
  argumentCount = count
  return p
}

/**
 * Reads the descriptor that begins the arguments at `start`, and keeps it as the first argument: 1, or 0 when there are
 * no arguments, or -1 when it is none that is plain.
 */
// @ts-ignore: decorator
@inline
function firstDescriptor(start: i32, place: i32): i32 {
  const first = byteAt(start) - 48
  const second = byteAt(start + 1) - 48
  let end = start
  decorated = false
  if (first < 10 && (second == -4 || second == -7)) {
    descriptor = first
    end = start + 1
  } else if (first < 10 && second < 10 && (byteAt(start + 2) == 44 || byteAt(start + 2) == 41)) {
    descriptor = first * 10 + second
    end = start + 2
  } else {
    if (byteAt(start) == 41) return 0
    while (true) {
      const byte = byteAt(end)
      if (byte == 44 || byte == 41 || byte == 10) break
      if (byte == 60) {
        end = skipAngle(end)
        if (end < 0) return -1
      } else end++
    }
    if (byteAt(end) == 10 || !readDescriptor(start, end)) return -1
  }
  store<i32>(ARGUMENT_START + (place << 2), start)
  store<i32>(ARGUMENT_END + (place << 2), end)
  return 1
}

/** The `)` that ends the text of an error, -1 when something else comes first. */
// @ts-ignore: decorator
@inline
function errorTextEnd(from: i32): i32 {
  let at = from
  while (true) {
    const block = v128.load(at)
    const special = i8x16.bitmask(
      v128.or(
        v128.or(i8x16.eq(block, i8x16.splat(41)), i8x16.eq(block, i8x16.splat(40))),
        v128.or(i8x16.eq(block, i8x16.splat(34)), i8x16.eq(block, i8x16.splat(10))),
      ),
    )
    if (special != 0) {
      at += ctz(special)
      return byteAt(at) == 41 ? at : -1
    }
    at += 16
  }
}

const RESUMED_1: u64 = 0x64656d7573657220 // " resumed"

/** Whether `<unfinished ...>` and the end of the line stand at `at`; returns where the next line begins, else -1. */
function unfinishedEnd(at: i32): i32 {
  // "<unfini" "shed ..." ">"
  if (load<u64>(at) != 0x73696e69666e753c || load<u64>(at + 8) != 0x3e2e2e2e20646568) return -1
  let p = at + 16
  if (byteAt(p) == 13) p++
  return byteAt(p) == 10 ? p + 1 : -1
}

/** As `specialBytes` without the comma. */
// @ts-ignore: decorator
@inline
function bracketBytes(at: i32): i32 {
  const block = v128.load(at)
  const low = i8x16.swizzle(i8x16(0, 0, 2, 0, 0, 0, 0, 0, 2, 2, 1, 8, 4, 8, 0, 2), v128.and(block, i8x16.splat(15)))
  const high = i8x16.swizzle(i8x16(1, 0, 2, 4, 0, 8, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0), i8x16.shr_u(block, 4))
  return i8x16.bitmask(i8x16.ne(v128.and(low, high), i8x16.splat(0)))
}

/** One line that begins at `from` and has this number; where the next begins, -1 when it is not plain. */
function plainLine(from: i32, line: i32): i32 {
  let p = from
  let thread = soleThread
  if (pidForm != 0) {
    if (pidForm == PID_BRACKETED) {
      if (load<u32>(p) != 0x6469705b || byteAt(p + 4) != 32) return -1 // "[pid"
      p += 5
      while (byteAt(p) == 32) p++
    }
    const tid = digitRun(p)
    if (digitCount == 0) return -1
    p += digitCount
    if (pidForm == PID_BRACKETED && byteAt(p++) != 93) return -1
    if (byteAt(p) != 32) return -1
    p = behindBlanks(p)
    thread = threadOf(tid)
  }
  if (thread < 0) return -1
  const state: i32 = load<u8>(THREAD_STATE + thread)
  if ((state & BUSY) != 0 || load<i32>(SEEN_IN + (thread << 2)) != file) return -1
  if (pidForm != 0 && (state & ALIVE) == 0) return -1

  let time: f64 = NaN
  if (stampForm != 0) {
    if (!readSecond(p)) return -1
    p += stampForm == STAMP_TIME_OF_DAY ? 8 : 10
    if (byteAt(p) != 46 || byteAt(p + 7) != 32) return -1
    const micros = sixDigits(p + 1)
    if (micros < 0) return -1
    time = day + secondMicros + <f64>micros
    if (!(time >= lastTime && time < lastTime + HALF_DAY && time >= load<f64>(FIRST_TIME + (thread << 3)))) return -1
    p += 8
  }

  const half = load<i32>(HALF_NAME + (thread << 2))
  let traits: i32 = 0
  let number: i32 = 0
  if (byteAt(p) == 60) {
    // `<... NAME resumed>`
    if (half == 0 || (load<u32>(p) & 0xffffff) != 0x2e2e3c || byteAt(p + 3) != 46 || byteAt(p + 4) != 32) return -1
    p += 5
    const length = nameLength(p, 32)
    if (length < 0 || load<u64>(p + length) != RESUMED_1 || byteAt(p + length + 8) != 62) return -1
    const entry = findName(p, length)
    if (entry < 0) return -1
    number = load<i32>(NAME_NUMBER + (entry << 2))
    if (number != half) return -1
    traits = load<i32>(NAME_TRAITS + (entry << 2))
    p += length + 8
  } else {
    if (half != 0) return -1
    // The name ends at the first bracket, and is one that is known.
    const length = nameLength(p, 40)
    if (length < 0) return -1
    const entry = findName(p, length)
    if (entry < 0) return -1
    number = load<i32>(NAME_NUMBER + (entry << 2))
    traits = load<i32>(NAME_TRAITS + (entry << 2))
    p += length
  }

  const firstArgument = argumentsUsed
  const start = ++p
  const isLight = (traits & NEEDS_ROW) == 0 && ((traits & IS_FUTEX) == 0 || (state & FUTEXES_KNOWN) != 0)
  argumentCount = 0
  if (isLight) {
    p = plainClosing(start)
    if (p == 0) p = closingBracket(start)
  } else p = scanArguments(p, firstArgument)
  if (p < 0) {
    if (p == -1 || half != 0) return -1
    return firstHalf(thread, number, traits, state, time, line, -p, isLight, start, firstArgument)
  }

  // `)`, blanks, `=`, blanks
  if (load<u32>(p) == 0x203d2029 && byteAt(p + 4) != 32) p += 4 // ") = "
  else {
    p = behindBlanks(p + 1)
    if (byteAt(p) != 61) return -1
    p = behindBlanks(p + 1)
  }
  let byte = byteAt(p)
  let value: f64 = 0
  let result: i32 = 0
  let errorStart = 0
  let errorEnd = 0
  if (byte == 48 && byteAt(p + 1) == 120) {
    p += 2
    value = <f64>hexRun(p)
    if (digitCount == 0 || digitCount > 16) return -1
    p += digitCount
    byte = byteAt(p)
  } else {
    const negative = byte == 45
    if (negative) byte = byteAt(++p)
    let bits: u64 = digitRun(p)
    if (digitCount == 0) return -1
    p += digitCount
    byte = byteAt(p)
    if (digitCount == 8) {
      const first = p
      while (byte - 48 < 10) {
        bits = bits * 10 + (byte - 48)
        byte = byteAt(++p)
      }
      if (p - first > 7) return -1
    }
    value = <f64>bits
    if (negative) {
      value = -value
      if (value < 0 && value > -4096) result = FAILED
      if (byte == 32 && byteAt(p + 1) - 65 < 26) {
        if (result == 0) return -1
        errorStart = ++p
        while (load<u8>(NAME_BYTE + byteAt(p)) != 0) p++
        errorEnd = p
        byte = byteAt(p)
        if (byte == 32 && byteAt(p + 1) == 40) {
          p = errorTextEnd(p + 2)
          if (p < 0) return -1
          byte = byteAt(++p)
        }
      }
    }
  }

  let duration: f64 = NaN
  if (byte == 32 && result == 0 && byteAt(p + 1) == 40) {
    p = skipRemark(p + 1)
    if (p < 0) return -1
    byte = byteAt(p)
  }
  if (byte == 32) {
    let seconds = 0
    if (load<u32>(p) == 0x2e303c20) p += 3 // " <0."
    else {
      if (byteAt(p + 1) != 60) return -1
      p += 2
      seconds = digitRun(p)
      p += digitCount
      if (digitCount == 0 || byteAt(p) != 46) return -1
    }
    // Six digits behind the point, as every -T before 5.6 and by default; others are rare.
    const fraction = sixDigits(p + 1)
    if (fraction < 0) return -1
    p += 7
    if (byteAt(p) != 62) return -1
    duration = <f64>seconds * 1000000 + <f64>fraction
    byte = byteAt(++p)
  }
  if (p - from > LONGEST_LINE) return -1
  if (byte == 13) byte = byteAt(++p)
  if (byte != 10) return -1

  let fd = half != 0 ? load<i32>(HALF_DESCRIPTOR + (thread << 2)) : -1
  let isNamed = false
  if (half == 0 && (traits & TAKES_DESCRIPTOR) != 0) {
    if (isLight) {
      argumentCount = firstDescriptor(start, firstArgument)
      if (argumentCount < 0) return -1
    } else if (argumentCount > 0) {
      if (!readDescriptor(load<i32>(ARGUMENT_START + (firstArgument << 2)), load<i32>(ARGUMENT_END + (firstArgument << 2)))) return -1
    }
    if (argumentCount > 0) {
      fd = descriptor
      isNamed = decorated && fd >= 0
    }
  }
  const row = statisticsRow(thread, number, fd)
  if (row < 0) return -1
  let made = -1
  if ((traits & MAKES_DESCRIPTOR) != 0 && value >= 0) {
    if (value > 0x7ffffff) return -1
    made = statisticsRow(thread, number + MADE, <i32>value)
    if (made < 0) return -1
  }

  // Nothing can keep the line from being taken any more.
  const needsRow =
    half == 0 &&
    ((traits & NEEDS_ROW) != 0 ||
      ((traits & IS_FUTEX) != 0 && !knowsFutex(thread, firstArgument, argumentCount, state)) ||
      (isNamed && isNewText(row, firstArgument)))
  if (needsRow) {
    if (isNamed) result |= DECORATED
    addRow(thread, number, traits, time, line, value, duration, fd, result, errorStart, errorEnd, firstArgument, argumentCount)
  }
  if (half != 0) {
    store<i32>(HALF_NAME + (thread << 2), 0)
    resumes++
  } else {
    store<i32>(CALLS + (thread << 2), load<i32>(CALLS + (thread << 2)) + 1)
    wholes++
  }
  countCall(row, (result & FAILED) != 0, duration, (traits & IS_MEMORY) != 0 ? 0 : value)
  if ((traits & IS_MEMORY) == 0) remember(thread, made >= 0 ? made : row)
  arrive(thread, time)
  lastHalf = -1
  lastComplete = line
  return p + 1
}

/** Length of the name that ends at the first byte of this kind; -1 when it is too long. */
// @ts-ignore: decorator
@inline
function nameLength(from: i32, end: i8): i32 {
  let length = ctz(i8x16.bitmask(i8x16.eq(v128.load(from), i8x16.splat(end))))
  if (length > 16) length = 16 + ctz(i8x16.bitmask(i8x16.eq(v128.load(from, 16), i8x16.splat(end))))
  return length > LONGEST_NAME ? -1 : length
}

/**
 * Whether the thread has used this futex in this way before, so that the caller knows of it. `place` is that of the first
 * argument. An address of 48 bits and a text fit the key of a row that counts nothing.
 */
function knowsFutex(thread: i32, place: i32, count: i32, state: i32): bool {
  if ((state & FUTEXES_KNOWN) != 0) return true
  if (count < 2) return false
  decodeArgument(place)
  decodeArgument(place + 1)
  const address = load<f64>(ARGUMENT_VALUE + (place << 3))
  const text = load<i32>(ARGUMENT_TEXT + ((place + 1) << 2))
  if (!(address >= 0 && address < 281474976710656) || text == 0) return false
  const bits = <u64>address
  const before = statistics
  const row = statisticsRow(thread, FUTEX_KEY + (text << 16) + <i32>(bits >> 32), <i32>(bits & 0xffffffff))
  return row >= 0 && statistics == before
}

/** Behind `([{fd=3, revents=POLLIN}])`, `(Timeout)`, `(flags O_RDWR)` at `at`; -1 for what else stands in brackets there. */
function skipRemark(at: i32): i32 {
  const first = byteAt(at + 1)
  if (first != 91 && first != 84 && first != 102) return -1
  let depth = 0
  let p = at
  while (true) {
    const byte = byteAt(p)
    if (byte == 10) return -1
    if (byte == 34) {
      p = skipString(p + 1)
      if (p < 0) return -1
      continue
    }
    p++
    if (byte == 40) depth++
    else if (byte == 41 && --depth == 0) return p
  }
}

/** Thread and clock have arrived at a line. */
// @ts-ignore: decorator
@inline
function arrive(thread: i32, time: f64): void {
  store<i32>(LINES + (thread << 2), load<i32>(LINES + (thread << 2)) + 1)
  if (time == time) {
    lastTime = time
    const last = load<f64>(LAST_TIME + (thread << 3))
    if (!(last >= time)) store<f64>(LAST_TIME + (thread << 3), time)
  }
}

/** ` <unfinished ...>` at `at` behind the arguments: the call goes on later. Where the next line begins, or -1. */
function firstHalf(
  thread: i32, number: i32, traits: i32, state: i32, time: f64, line: i32, at: i32, isLight: bool, start: i32,
  firstArgument: i32,
): i32 {
  const next = unfinishedEnd(at)
  if (next < 0 || (traits & WHOLE_ONLY) != 0) return -1
  if ((traits & IS_FUTEX) != 0 && !knowsFutex(thread, firstArgument, argumentCount, state)) {
    // The parser tells the caller of it now; next time it is known.
    return -1
  }
  let fd = -1
  if ((traits & TAKES_DESCRIPTOR) != 0) {
    if (!isLight || firstDescriptor(start, firstArgument) != 1 || decorated) return -1
    fd = descriptor
  }
  store<i32>(HALF_NAME + (thread << 2), number)
  store<i32>(HALF_DESCRIPTOR + (thread << 2), fd)
  store<i32>(HALF_LINE + (thread << 2), line)
  store<f64>(HALF_TIME + (thread << 3), time)
  store<i32>(CALLS + (thread << 2), load<i32>(CALLS + (thread << 2)) + 1)
  arrive(thread, time)
  halves++
  lastHalf = thread
  return next
}

/** Whether -y says something else about the descriptor of this row of the statistics than last time. */
function isNewText(row: i32, place: i32): bool {
  const text = internText(load<i32>(ARGUMENT_START + (place << 2)), load<i32>(ARGUMENT_END + (place << 2)))
  if (text != 0 && load<i32>(keyText + (row << 2)) == text) return false
  store<i32>(keyText + (row << 2), text)
  return true
}

let shapes: i32 = 0

/** Number of the shape with this key of six words, new when needed; -1 when there is no room. */
function shapeOf(thread: i32, call: i32, protection: i32, flags: i32, fd: i32): i32 {
  let hash: u32 = (<u32>thread * 0x9e3779b1) ^ (<u32>call * 0x85ebca6b) ^ (<u32>protection * 0xc2b2ae35)
  hash = ((hash ^ (hash >> 15)) + <u32>flags) * 0x9e3779b1
  hash = ((hash ^ (hash >> 13)) + <u32>fd + (<u32>file << 8)) * 0x85ebca6b
  let slot: i32 = (hash >> 16) & (SHAPE_SLOTS - 1)
  while (true) {
    const shape = load<i32>(SHAPE_TABLE + (slot << 2)) - 1
    if (shape < 0) break
    const at = SHAPE_KEY + shape * SHAPE_WIDTH
    if (
      load<i32>(at) == thread && load<i32>(at + 4) == call && load<i32>(at + 8) == protection && load<i32>(at + 12) == flags &&
      load<i32>(at + 16) == fd && load<i32>(at + 20) == file
    ) return shape
    slot = (slot + 1) & (SHAPE_SLOTS - 1)
  }
  if (shapes == MOST_SHAPES) return -1
  const shape = shapes++
  const at = SHAPE_KEY + shape * SHAPE_WIDTH
  store<i32>(at, thread)
  store<i32>(at + 4, call)
  store<i32>(at + 8, protection)
  store<i32>(at + 12, flags)
  store<i32>(at + 16, fd)
  store<i32>(at + 20, file)
  store<i32>(SHAPE_TABLE + (slot << 2), shape + 1)
  return shape
}

/** Time that finished rows count from; NaN when none can be finished. */
let base: f64 = NaN
let finished: i32 = 0
/** Shape of the row that could not be finished, from 1, because its form is not known; else 0. */
let unknownShape: i32 = 0

const PLACES: f64 = 281474976710656 // 2 ** 48
const WORDS: f64 = 4294967296

export function setBase(time: f64): void { base = time }
export function finishedRows(): i32 { return finished }

/** Flags of a decoded argument as part of a shape's key: a text's number, or less than 0 for a number; 0 for neither. */
// @ts-ignore: decorator
@inline
function flagsKey(place: i32): i32 {
  const value = load<f64>(ARGUMENT_VALUE + (place << 3))
  if (value == value) return value >= 0 && value < 0x3fffffff ? -1 - <i32>value : 0
  return load<i32>(ARGUMENT_TEXT + (place << 2))
}

/** Finishes the row of a memory call that succeeded and whose numbers have room in it; false when that cannot be done. */
function finishRow(
  thread: i32, number: i32, call: i32, time: f64, line: i32, value: f64, duration: f64, first: i32, count: i32,
): bool {
  unknownShape = 0
  const since = time - base
  if (!(since >= 0 && since < PLACES)) return false
  if (count != (call == MMAP ? 6 : call == MUNMAP ? 2 : call == BRK ? 1 : 3)) return false
  const address = load<f64>(ARGUMENT_VALUE + (first << 3))
  const length: f64 = call == BRK ? 0 : load<f64>(ARGUMENT_VALUE + ((first + 1) << 3))
  if (!(address >= 0 && address < PLACES && length >= 0 && length < WORDS)) return false
  let protection = 0
  let flags = 0
  let fd = -1
  if (call == MMAP || call == MPROTECT) {
    protection = flagsKey(first + 2)
    if (protection == 0) return false
  }
  if (call == MMAP) {
    flags = flagsKey(first + 3)
    const descriptorValue = load<f64>(ARGUMENT_VALUE + ((first + 4) << 3))
    if (flags == 0 || !(descriptorValue >= -1 && descriptorValue < 2147483648)) return false
    if (load<f64>(ARGUMENT_VALUE + ((first + 5) << 3)) != 0) return false
    fd = <i32>descriptorValue
  } else if (call == MADVISE) {
    flags = flagsKey(first + 2)
    if (flags == 0) return false
  } else if (call == BRK && address > 0 && value != address) return false

  const isAddress = address > 0
  const place = isAddress ? address : value
  const isResult = place == value
  if (!(place >= 0 && place < PLACES) || !(isResult || value == 0)) return false
  const isTimed = duration == duration
  if (isTimed && duration >= WORDS) return false
  const shape = shapeOf(thread, (number << 3) | (isAddress ? 1 : 0) | (isResult ? 2 : 0) | (isTimed ? 4 : 0), protection, flags, fd)
  if (shape < 0) return false
  const form = load<i32>(FORMS + (shape << 2))
  if (form == 0) {
    unknownShape = shape + 1
    return false
  }
  const recent = RECENT + thread * 12
  const context = contextOf(thread, load<i32>(recent), load<i32>(recent + 4), load<i32>(recent + 8))
  if (context < 0) return false
  const at = FINISHED + finished++ * FINISHED_BYTES
  const sinceBits = <u64>since
  const placeBits = <u64>place
  store<u32>(at, <u32>sinceBits)
  store<u32>(at + 4, <u32>placeBits)
  store<u32>(at + 8, <u32>(sinceBits >> 32) | (<u32>(placeBits >> 32) << 16))
  store<u32>(at + 12, <u32>length)
  store<u32>(at + 16, isTimed ? <u32>duration : 0)
  store<i32>(at + 20, line)
  store<i32>(at + 24, context)
  store<i32>(at + 28, form - 1)
  return true
}

function addRow(
  thread: i32, number: i32, traits: i32, time: f64, line: i32, value: f64, duration: f64, fd: i32, result: i32,
  errorStart: i32, errorEnd: i32, firstArgument: i32, count: i32,
): void {
  let shape = 0
  if ((traits & DECODES_ARGUMENTS) != 0) {
    for (let index = 0; index < count; index++) decodeArgument(firstArgument + index)
    const call = traits >> FINISHED_SHIFT
    if (call != 0 && (result & FAILED) == 0) {
      if (finishRow(thread, number, call, time, line, value, duration, firstArgument, count)) return
      shape = unknownShape
    }
    result |= DECODED
  }
  // Whoever takes the row asks for its context again: made now, it counts in the order of the lines.
  const recent = RECENT + thread * 12
  if ((traits & IS_MEMORY) != 0) contextOf(thread, load<i32>(recent), load<i32>(recent + 4), load<i32>(recent + 8))
  const row = rows++
  argumentsUsed += count
  store<i32>(SHAPE + (row << 2), shape)
  store<i32>(FINISHED_BEFORE + (row << 2), finished)
  store<f64>(TIME + (row << 3), time)
  store<f64>(VALUE + (row << 3), value)
  store<f64>(DURATION + (row << 3), duration)
  store<i32>(LINE + (row << 2), line)
  store<i32>(THREAD + (row << 2), thread)
  store<i32>(NAME + (row << 2), number)
  store<i32>(DESCRIPTOR + (row << 2), fd)
  store<i32>(ERROR_START + (row << 2), errorStart)
  store<i32>(ERROR_END + (row << 2), errorEnd)
  store<i32>(ARGUMENT + (row << 2), firstArgument)
  memory.copy(BEFORE + row * 12, recent, 12)
  store<u8>(ARGUMENTS + row, count)
  store<u8>(STATE + row, result)
}

/** Position behind the next end of a line, from `from` on. There is one. */
export function lineEnd(from: i32): i32 {
  let at = from
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(10)))
    if (found != 0) return at + ctz(found) + 1
    at += 16
  }
}

/**
 * Takes lines of `[from, limit)`, which ends behind the end of a line, up to one that is not plain; `line` is the number
 * of the first. Returns how many rows there are.
 */
export function run(from: i32, limit: i32, line: i32): i32 {
  let at = from
  let number = line
  argumentsUsed = 0
  rows = 0
  finished = 0
  wholes = 0
  halves = 0
  resumes = 0
  lastHalf = -1
  while (at < limit && rows < ROWS && finished < MOST_FINISHED && argumentsUsed < ARGUMENT_PLACES - MOST_ARGUMENTS) {
    const next = plainLine(at, number)
    if (next < 0 || next > limit) break
    at = next
    number++
  }
  stopped = at
  return rows
}
