/** JSON that can stand inside a script element: nothing in it can end the element or start a comment. */

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** The same JSON value, spelled so that HTML and old JavaScript parsers see only letters. */
export const escapeJson = (json: string): string =>
  json.replace(/[<>&\u2028\u2029]/g, (character) => ESCAPES[character]!)
