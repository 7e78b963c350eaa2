/**
 * Memory calls in rows of 32 bytes, so that one call is half a cache line wherever threads' calls are merged:
 *   time (48 bits) | place (48 bits) | length | duration | line | context | form
 * Times count from a base, places are the address that the call names or the one that it returned. Whatever has no room
 * there is in the call's form (event-forms.ts). The first word is the time's low half, `HIGHS` holds the high quarters.
 */

/** Words of a row as a power of two. */
export const WORD_BITS = 3
export const PLACE = 1
export const HIGHS = 2
export const LENGTH = 3
export const DURATION = 4
export const LINE = 5
export const CONTEXT = 6
export const FORM = 7

/** What a time or a place has to be below. */
export const ROOM = 2 ** 48
export const WORD = 0x1_0000_0000
