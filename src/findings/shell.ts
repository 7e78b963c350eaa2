/** Words for sh(1): quoting, file names from program names, percent signs for crontab(5). */

/** Bare where sh takes it literally, in single quotes elsewhere. */
export const quoted = (word: string): string =>
  /^[A-Za-z0-9_./:@+=,-]+$/.test(word) && !word.startsWith('-') ? word : `'${word.replaceAll("'", `'\\''`)}'`

/** A program's name as part of a file name: no slash, no dot in front, nothing a shell or strace would read. */
export function fileWord(program: string | null): string {
  const word = (program ?? '').replace(/[^A-Za-z0-9_.+-]/g, '_').replace(/^[.-]+/, '')
  return word === '' ? 'process' : word
}

/** In a crontab an unescaped `%` ends the command and starts its standard input (crontab(5)). */
export const forCrontab = (command: string): string => command.replaceAll('%', '\\%')
