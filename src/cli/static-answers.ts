import { existsSync, readFileSync } from 'node:fs'
import { VERSION } from '../version.ts'

/** Columns that the build writes the help for. */
const COLUMNS = 110

/** What can be answered without loading anything else; `null` when it is something else that was asked. */
export const staticAnswer = (words: readonly string[], columns: number | undefined): string | null =>
  words.length === 1 && words[0] === '--version' ? `${VERSION}\n` : staticHelp(words, columns)

/**
 * The help as the build has written it beside the command (src/build/build.mjs): reading it takes a fraction of the
 * time that loading the option parser does. `null` when other words were said, when the terminal is narrower, or when
 * nothing is there, as in the source tree.
 */
function staticHelp(words: readonly string[], columns: number | undefined): string | null {
  if (columns !== undefined && columns < COLUMNS) return null
  const [last] = words.slice(-1)
  if ((last !== '--help' && last !== '-h') || words.length > 2) return null
  const command = words.length === 2 ? words[0]! : 'memdossier'
  if (!/^[a-z]+$/.test(command)) return null
  const file = new URL(`./help/${command}.txt`, import.meta.url)
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}
