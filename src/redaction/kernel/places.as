// Memory, in order: kinds of bytes, words, their text, text to read, text written.

export const KIND: i32 = 0x1000 // u8 each of 256
export const BITS: i32 = 0x1100
export const WORD_SLOTS: i32 = 0x8000
export const WORD_TABLE: i32 = 0x2000 // i32 a slot: entry + 1
export const MOST_WORDS: i32 = 0x2000
export const WORD_AT: i32 = 0x22000 // i32 each
export const WORD_LENGTH: i32 = 0x2a000 // u8 each
export const WORD_TRAITS: i32 = 0x2c000 // u8 each
export const WORD_POOL: i32 = 0x2e000
export const WORD_POOL_END: i32 = 0xae000
export const LONGEST_WORD: i32 = 128
/** Of the words: names of mappings. */
export const MOST_NAMES: i32 = 0x1000
export const IN: i32 = 0xb0000
export const IN_BYTES: i32 = 0x80000
export const OUT: i32 = IN + IN_BYTES + 64
export const OUT_BYTES: i32 = 0x100000

// What the plain rules say of a word; bits.
/** A call whose strings are data. */
export const DATA_CALL: i32 = 1
/** A call whose arguments hold nothing to hide unless they hold a string. */
export const PLAIN_CALL: i32 = 2
/** A number by name, a flag, a word of strace. */
export const KERNEL_WORD: i32 = 4
/** May be the name of a field. */
export const FIELD: i32 = 64
/** The name of a field, and no name of a secret. */
export const PLAIN_FIELD: i32 = 8
/** What -y says of a descriptor, and nothing in it has to change. */
export const PLAIN_DECORATION: i32 = 16
/** What says what an error means, between brackets. */
export const ERROR_TEXT: i32 = 32
/** The name of a mapping in which nothing has to change. */
export const KEPT_NAME: i32 = 128

// Kinds of bytes in arguments.
export const SKIP: i32 = 1
export const DIGIT: i32 = 2
export const UPPER: i32 = 3
export const LOWER: i32 = 4
export const DOT: i32 = 5
/** Part of what it touches: `-1`, but also `read-write`, which is one word. */
export const SIGN: i32 = 6
export const QUOTE: i32 = 7
export const CLOSE: i32 = 8
export const ANGLE: i32 = 9

// Bits of bytes in words.
export const DECIMAL: i32 = 1
export const HEXADECIMAL: i32 = 2
export const WORD: i32 = 4

export const LONGEST_DECIMAL: i32 = 12
/** Bytes that a token can take. */
export const TOKEN_ROOM: i32 = 40

/** Why `run` returned. */
export const DONE: i32 = 0
export const LINE: i32 = 1
export const NEW_WORD: i32 = 2
export const FULL: i32 = 3
