/** Bytes by what they mean in a line of strace. */

const tableOf = (kinds: Readonly<Record<string, number>>): Uint8Array => {
  const table = new Uint8Array(256)
  for (const [characters, kind] of Object.entries(kinds))
    for (const character of characters) table[character.charCodeAt(0)] = kind
  return table
}

export const PLAIN = 0
export const QUOTE = 1
export const OPEN = 2
export const CLOSE = 3
export const COMMA = 4
const ANGLE = 5
export const SLASH = 6
export const LINE_END = 7

/** What ends a run of plain bytes among the arguments of a call. */
export const ARGUMENT_KIND = tableOf({
  '"': QUOTE,
  '([{': OPEN,
  ')]}': CLOSE,
  ',': COMMA,
  '<': ANGLE,
  '/': SLASH,
  '\n': LINE_END,
})

/** 1 for the bytes of a call's name: `mmap2`, `readv#64`, `???`. */
export const NAME_BYTE = tableOf({ 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_#?': 1 })
