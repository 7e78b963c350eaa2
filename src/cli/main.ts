#!/usr/bin/env node
/** The command. It alone ends the process, and every way out has its own status. */
import { EXIT, type ExitStatus, UsageError } from './exit-status.ts'
import { onSignal } from './signals.ts'
import { staticHelp } from './static-help.ts'

// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.done)
  throw error
})

onSignal((status) => process.exit(status))

async function main(words: readonly string[]): Promise<ExitStatus> {
  try {
    const help = staticHelp(words, process.stdout.columns)
    if (help !== null) {
      process.stdout.write(help)
      return EXIT.done
    }
    const { runCommandLine } = await import('./command-line.ts')
    return await runCommandLine(words)
  } catch (error) {
    return explain(error)
  }
}

/** One line a person can act on; never a stack, unless it is asked for. */
async function explain(error: unknown): Promise<ExitStatus> {
  const { shown, terminal } = await import('./terminal.ts')
  if (error instanceof UsageError) {
    terminal.note(`memdossier: ${shown(error.message)}`)
    return EXIT.usage
  }
  const words = error instanceof Error ? error.message : String(error)
  terminal.note(`memdossier: a fault in the program itself: ${shown(words)}`)
  terminal.note('Please report it with the command line; MEMDOSSIER_DEBUG=1 shows where it happened.')
  if (process.env.MEMDOSSIER_DEBUG && error instanceof Error) terminal.note(error.stack ?? '')
  return EXIT.fault
}

process.exitCode = await main(process.argv.slice(2))
