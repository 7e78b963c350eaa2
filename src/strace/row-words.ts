/** Words of a row as a power of two, and places of those that refer to something else: see memory-table.ts. */
export const WORD_BITS = 3
export const CONTEXT = 6
export const FORM = 7
