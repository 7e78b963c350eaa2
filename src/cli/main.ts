#!/usr/bin/env node
/** The command. It alone ends the process, and every way out has its own status. */
import { EXIT, type ExitStatus, UsageError } from './exit-status.ts'
import { lackOf, messageOf, reasonOf } from './refusals.ts'
import { onSignal } from './signals.ts'
import { staticAnswer } from './static-answers.ts'
// Not loaded when it is needed: by then there may be no descriptor left to load it with.
import { shown, terminal, terminalColumns } from './terminal.ts'

// A reader that has seen enough (`| head`) is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? EXIT.done)
  terminal.note(`memdossier: cannot write to the standard output: ${shown(reasonOf(error))}`)
  process.exit(EXIT.usage)
})
// There is nowhere left to say it, and the status is worth more than the words.
process.stderr.on('error', () => {})

onSignal((status) => process.exit(status))
// Everything is written by then: to take the heap down as well, page by page, would only take time.
process.on('beforeExit', () => process.exit(process.exitCode ?? EXIT.fault))

async function main(words: readonly string[]): Promise<ExitStatus> {
  try {
    const answer = staticAnswer(words, terminalColumns())
    if (answer !== null) {
      process.stdout.write(answer)
      return EXIT.done
    }
    const { runCommandLine } = await import('./command-line.ts')
    return await runCommandLine(words)
  } catch (error) {
    return explain(error)
  }
}

/** One line a person can act on; never a stack, unless it is asked for. */
function explain(error: unknown): ExitStatus {
  const mendable = error instanceof UsageError ? error.message : lackOf(error)
  if (mendable !== null) terminal.note(`memdossier: ${shown(mendable)}`)
  else {
    terminal.note(`memdossier: a fault in the program itself: ${shown(messageOf(error))}`)
    terminal.note('Please report it with the command line; MEMDOSSIER_DEBUG=1 shows where it happened.')
  }
  if (process.env.MEMDOSSIER_DEBUG && error instanceof Error) terminal.note(error.stack ?? '')
  return mendable !== null ? EXIT.usage : EXIT.fault
}

process.exitCode = await main(process.argv.slice(2))
