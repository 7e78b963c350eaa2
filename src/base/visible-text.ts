/**
 * Text that came from evidence, made safe to look at: every character that a reader could not see, or that would
 * change how its neighbours are shown, is written as an escape (`\x1b`, `\u202e`). What is left is inert in a
 * terminal and honest in a page; markup is another matter, which the writer of each format escapes itself.
 *
 * The list is written out by code point, not by Unicode property: the same evidence must give the same bytes under
 * every version of the runtime's Unicode tables.
 */

/** First and last code point of what is never shown as it is. */
const HIDDEN: readonly (readonly [number, number])[] = [
  [0x00, 0x1f], // C0 controls: line ends, tabs, terminal escapes
  [0x7f, 0x9f], // DEL and the C1 controls (0x9b is CSI to some terminals)
  [0xad, 0xad], // soft hyphen
  [0x034f, 0x034f], // combining grapheme joiner
  [0x061c, 0x061c], // Arabic letter mark
  [0x115f, 0x1160], // Hangul fillers: blank letters
  [0x17b4, 0x17b5], // Khmer inherent vowels: blank
  [0x180b, 0x180f], // Mongolian variation selectors and vowel separator
  [0x200b, 0x200f], // zero width space, joiners, left-to-right and right-to-left marks
  [0x2028, 0x202e], // line and paragraph separators, bidirectional embeddings and overrides
  [0x2060, 0x206f], // word joiner, invisible operators, bidirectional isolates
  [0x2800, 0x2800], // blank Braille pattern
  [0x3164, 0x3164], // Hangul filler
  [0xd800, 0xdfff], // a surrogate without its other half
  [0xe000, 0xf8ff], // private use: means nothing outside one font
  [0xfe00, 0xfe0f], // variation selectors
  [0xfeff, 0xfeff], // byte order mark
  [0xffa0, 0xffa0], // halfwidth Hangul filler
  [0xfff0, 0xfffc], // interlinear annotations and specials
  [0xfffe, 0xffff],
  [0x1bca0, 0x1bca3], // shorthand format controls
  [0x1d173, 0x1d17a], // musical format controls
  [0xe0000, 0xe0fff], // tags and more variation selectors
  [0xf0000, 0x10ffff], // supplementary private use
]

const classOf = (ranges: typeof HIDDEN): string =>
  ranges.map(([from, to]) => `\\u{${from.toString(16)}}-\\u{${to.toString(16)}}`).join('')

const HIDDEN_CHARACTER = new RegExp(`[${classOf(HIDDEN)}]`, 'gu')

const spell = (character: string): string => {
  const code = character.codePointAt(0)!
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}

/** `text` on one line, with every hidden, control or direction-changing character spelled out. */
export const visibleText = (text: string): string => text.replace(HIDDEN_CHARACTER, spell)

/** Whether `visibleText` leaves it as it is. */
export const isVisible = (text: string): boolean => text.search(HIDDEN_CHARACTER) < 0
