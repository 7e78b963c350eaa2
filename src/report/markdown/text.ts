/** Text from evidence inside Markdown: no markup of its own, no HTML, no links, no mentions. */

/** Only what would be taken for markup where it stands: `a_b` and `(c)` are read as they are. */
const SPECIAL = /[\\`*[\]|<>~&$]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g

const ENTITIES: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' }

/** What makes a heading, a list or a rule, but only at the start of a line. */
const LINE_MARK = /^(?:#{1,6}|[-+]|\d+[.)])(?=\s|$)|^(?:-{2,}|={2,})(?=\s*$)/

const plain = (text: string): string =>
  text
    .replace(SPECIAL, (character) => ENTITIES[character] ?? `\\${character}`)
    // An entity in place of the colon or the dot: the renderer finds no address to make a link of.
    .replace(/\b(https?|ftp|file):/gi, '$1&#58;')
    .replace(/\bwww\./gi, (www) => `${www.slice(0, 3)}&#46;`)
    .replace(LINE_MARK, (mark: string) => `${mark.slice(0, -1)}\\${mark.slice(-1)}`)

/**
 * `text` on one line as Markdown that renders as itself. `<`, `>` and `&` become entities, because some renderers
 * take an escaped `<` for markup; `@name` becomes code, so that nobody is called by a thread's name.
 */
export const markdownText = (text: string): string =>
  text
    .split(/(@[\w-]+)/)
    .map((part, index) => (index % 2 === 1 ? `\`${part}\`` : plain(part)))
    .join('')

/** A fence longer than any run of backticks in the text, so that the text cannot close it. */
export function fenced(lines: readonly string[], language = 'text'): string[] {
  const longest = Math.max(2, ...lines.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)))
  const fence = '`'.repeat(longest + 1)
  return [`${fence}${language}`, ...lines, fence]
}

/** Inline code that may itself hold backticks. */
export function inlineCode(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length))
  const ticks = '`'.repeat(longest + 1)
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${ticks}${pad}${text}${pad}${ticks}`
}

/** A GitHub table; cells are escaped here, so that no bar or line end of theirs breaks a row. */
export function tableLines(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.map(markdownText).join(' | ')} |`
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)]
}
