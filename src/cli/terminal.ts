import { visibleText } from '../base/visible-text.ts'

/** Where words go: results to stdout, everything else to stderr. Nothing else in the program prints. */
export interface Terminal {
  /** A line of the result. */
  result(line: string): void
  /** A line beside the result: progress, diagnostics, errors. */
  note(line: string): void
}

export const terminal: Terminal = {
  result: (line) => void process.stdout.write(`${line}\n`),
  note: (line) => void process.stderr.write(`${line}\n`),
}

/** Width of the terminal behind stdout; undefined where there is none, and where it tells 0 because nobody has set it. */
export const terminalColumns = (): number | undefined =>
  process.stdout.isTTY && process.stdout.columns > 0 ? process.stdout.columns : undefined

/** What a CI server takes out of a log for a command: `::error::` at the beginning of a line, `##[group]` and `##vso[` anywhere. */
const CI_COMMAND = /^\s*:(?=:)|#(?=#(?:\[|vso\[))/gi

/** Words from outside on one line, safe to print. */
export const shown = (text: string): string =>
  visibleText(text).replace(CI_COMMAND, (sign) =>
    sign.replace(/\S/, (one) => (one === ':' ? '\\x3a' : '\\x23')),
  )

export type ColorChoice = 'auto' | 'always' | 'never'

/** `--color`, then NO_COLOR and CI, then whether the stream is a terminal that can. */
export function wantsColor(
  choice: ColorChoice,
  environment: NodeJS.ProcessEnv,
  stream: { readonly isTTY?: boolean },
): boolean {
  if (choice !== 'auto') return choice === 'always'
  if (environment.NO_COLOR) return false
  if (environment.CI || environment.TERM === 'dumb') return false
  return stream.isTTY === true
}
