// Where things lie in the memory of the line kernel, in order: tables, names, texts, tids, threads, rows, arguments, text to
// read, shapes, finished rows, statistics, contexts. Whoever changes a place must keep them apart.

export const KIND: i32 = 0x1000 // u8 each of 256: what ends a run of plain bytes among arguments
export const NAME_BYTE: i32 = 0x1100 // u8 each of 256: 1 for the bytes of a call's name

// Names of calls.
export const NAME_SLOTS: i32 = 2048
export const NAME_TABLE: i32 = 0x2000 // i32 a slot: entry + 1
export const MOST_NAMES: i32 = 1024
export const LONGEST_NAME: i32 = 32
/** What is known by name, of each entry together: the name with zeros behind it, and these. */
export const NAMES: i32 = 0x4000
export const NAME_BYTES: i32 = 48
export const NAME_LENGTH: i32 = LONGEST_NAME // i32
export const NAME_NUMBER: i32 = NAME_LENGTH + 4 // i32
export const NAME_TRAITS: i32 = NAME_NUMBER + 4 // i32

// Traits of a name.
/** The caller needs a row with the arguments. */
export const NEEDS_ROW: i32 = 1
/** The first argument is a descriptor. */
export const TAKES_DESCRIPTOR: i32 = 2
/** Arguments are numbers and flags. */
export const DECODES_ARGUMENTS: i32 = 4
/** A memory call: no thread's last call, and its results are no bytes. */
export const IS_MEMORY: i32 = 8
/** The result is a new descriptor. */
export const MAKES_DESCRIPTOR: i32 = 16
/** A futex: needs a row until enough of the thread's are known. */
export const IS_FUTEX: i32 = 32
/** Its halves need the parser. */
export const WHOLE_ONLY: i32 = 64
/** A call whose rows can be finished here has its number, from 1, in these bits. */
export const FINISHED_SHIFT: i32 = 7
export const MMAP: i32 = 1
export const MUNMAP: i32 = 2
export const MPROTECT: i32 = 3
export const MADVISE: i32 = 4
export const BRK: i32 = 5

// Texts of flags, and what -y says about descriptors.
export const TEXT_SLOTS: i32 = 16384
export const TEXT_TABLE: i32 = 0x18000 // i32 a slot: entry + 1
export const MOST_TEXTS: i32 = 8192
export const TEXT_AT: i32 = 0x28000 // i32 each
export const TEXT_LENGTH: i32 = 0x30000
export const TEXT_POOL: i32 = 0x38000
export const TEXT_POOL_END: i32 = 0xb8000

// Threads by tid.
export const TID_SLOTS: i32 = 0x20000
export const TID_KEY: i32 = 0xc0000 // i32 a slot: tid + 1
export const TID_THREAD: i32 = TID_KEY + TID_SLOTS * 4

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

/** The last context of a few threads: its three parts and its number from 1, each four bytes; 0 where there is none. */
export const LAST_CONTEXTS: i32 = THREAD_STATE + THREADS + APART
export const LAST_CONTEXT_SLOTS: i32 = 256

/** Of each call whose rows can be finished, by its number: what its arguments behind the length were; see memory-lines.as. */
export const TAILS: i32 = LAST_CONTEXTS + LAST_CONTEXT_SLOTS * 16
export const TAIL_BYTES: i32 = 160
/** Forms that rows finished there had lately. */
export const LAST_FORMS: i32 = TAILS + 8 * TAIL_BYTES
export const LAST_FORM_SLOTS: i32 = 256
export const LAST_FORM_BYTES: i32 = 32

/** Pids as lines begin with them: see prefix.as. */
export const PIDS: i32 = LAST_FORMS + LAST_FORM_SLOTS * LAST_FORM_BYTES
export const PID_SLOT_BITS: i32 = 10
export const PID_BYTES: i32 = 16

/** Errors of results: see results.as. */
export const ERRORS: i32 = PIDS + (1 << PID_SLOT_BITS) * PID_BYTES

/** It has printed with its pid and not ended since. */
export const ALIVE: i32 = 1
/** A call is under way that the parser must complete. */
export const BUSY: i32 = 2
/** Enough futexes are known. */
export const FUTEXES_KNOWN: i32 = 4

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
export const MOST_ARGUMENTS: i32 = 16

export const IN: i32 = 0x6e0000
/** Less than LONGEST_LINE of the line scanner: longer ones are cut, which only the parser does. */
export const IN_BYTES: i32 = 0x80000

// Shapes of memory calls: what calls have in common that differ only in when, where and how much.
export const SHAPE_SLOTS: i32 = 65536
export const SHAPE_TABLE: i32 = 0x780000 // i32 a slot: shape + 1
export const MOST_SHAPES: i32 = 32768
export const SHAPE_WIDTH: i32 = 24
export const SHAPE_KEY: i32 = SHAPE_TABLE + SHAPE_SLOTS * 4
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
/** In place of the number of a name: rows of what -y said last about a descriptor of a thread, which count nothing. */
export const TEXT_KEY: i32 = 0x20000000
/** Added to what a futex is known by. */
export const FUTEX_KEY: i32 = 0x40000000

// Kinds of bytes, as in tables/bytes.ts.
export const QUOTE: u32 = 1
export const OPEN: u32 = 2
export const CLOSE: u32 = 3
export const COMMA: u32 = 4
export const ANGLE: u32 = 5
export const SLASH: u32 = 6

// Kinds of prefixes, as in plain-lines.ts.
export const PID_BARE: i32 = 1
export const PID_BRACKETED: i32 = 2
export const STAMP_TIME_OF_DAY: i32 = 1
export const STAMP_UNIX: i32 = 2
/** Of this and what is above it: time since the line before, of which that above is not used. */
export const STAMP_RELATIVE: i32 = 3
