/** What a page says, without how it looks: one line a block, tags and scripts gone. For golden files that people read. */

const BLOCK =
  /<\/?(?:p|h[1-6]|li|tr|div|dt|dd|section|article|summary|caption|figcaption|figure|pre|details|table|form|header|footer|nav|ul|ol|dl|option|br)\b[^>]*>/g

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#x27': "'",
  '#x60': '`',
  '#x3D': '=',
}

export const pageText = (html: string): string =>
  html
    .replace(/<(script|style|svg)\b[\s\S]*?<\/\1>/g, '')
    .replace(/<img [^>]*alt="([^"]*)"[^>]*>/g, '[image: $1]')
    .replace(/<\/t[dh]>/g, ' | ')
    .replace(BLOCK, '\n')
    .replace(/<[^>]+>/g, '')
    .replace(/&(amp|lt|gt|quot|#x27|#x60|#x3D);/g, (_, name: string) => ENTITIES[name]!)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && line !== '|')
    .join('\n')
    .concat('\n')
