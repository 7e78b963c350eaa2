import { EXIT, type ExitStatus } from './exit-status.ts'

const STATUS = { SIGINT: EXIT.interrupted, SIGTERM: EXIT.terminated, SIGHUP: EXIT.terminated } as const
const cleanups = new Set<() => void>()

/** Something to undo when the run is interrupted; call the result when it is no longer needed. */
export function undoOnSignal(undo: () => void): () => void {
  cleanups.add(undo)
  return () => cleanups.delete(undo)
}

/**
 * Installs the handlers: undo what is half done, then `end` with the signal's status. They stay: a second Ctrl-C would
 * otherwise kill the process in the midst of undoing.
 */
export function onSignal(end: (status: ExitStatus) => void): void {
  for (const [signal, status] of Object.entries(STATUS))
    process.on(signal, () => {
      for (const undo of cleanups) undo()
      end(status)
    })
}
