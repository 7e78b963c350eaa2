import type { Argv } from 'yargs'
import type { ExitStatus } from '../exit-status.ts'
import type { Terminal } from '../terminal.ts'

export type Arguments = Readonly<Record<string, unknown>>

export interface Surroundings {
  readonly environment: NodeJS.ProcessEnv
  readonly terminal: Terminal
}

/** One command of the tool. */
export interface Command {
  readonly name: string
  /** As yargs writes it; the first is shown in the help. */
  readonly usage: readonly string[]
  readonly describe: string
  /** Long names of its options, for the nearest known one. */
  readonly options: readonly string[]
  build(argv: Argv): Argv
  run(given: Arguments, around: Surroundings): Promise<ExitStatus>
}

/** For suggestions; the commands themselves are listed in command-line.ts. */
export const COMMAND_NAMES = ['report', 'render', 'verify', 'diff', 'rules', 'recipe'] as const
