/** Memory that a thread takes for each connection it accepts, while as many connections stay open as blocks stay mapped. */
import type { Pid, Tid } from '../base/units.ts'
import type { Attribution, Mechanism, ThreadAttribution } from '../model/attribution.ts'
import { saidOf } from './said.ts'

/** What is opened and closed beside the connections makes the two differ a little. */
const NEARLY = 0.1
const ACCEPTS: readonly string[] = ['accept', 'accept4']

export interface OpenConnections {
  readonly count: number
  /** Whether closing is in the log: else as many were accepted, and it does not tell which are open. */
  readonly isKnown: boolean
}

/** The connections that are open, or may be, where they answer for what this thread keeps; else `null`. */
export function openConnections(
  attribution: Attribution,
  pid: Pid,
  tid: Tid,
  mechanisms: readonly Mechanism[],
): OpenConnections | null {
  const { threads, windows } = saidOf(attribution, pid)
  const keeping = threads
    .filter((thread) => thread.tid === tid)
    .flatMap(({ activities }) => activities)
    .filter(({ mechanism, never }) => mechanisms.includes(mechanism) && never > 0)
  const kept = keeping.reduce((sum, { never }) => sum + never, 0)
  const accepted = keeping
    .filter(({ sequence }) => ACCEPTS.includes(nameOf(sequence.at(-2))))
    .reduce((sum, { never }) => sum + never, 0)
  if (kept === 0 || accepted * 2 < kept) return null
  const closed = succeeded(threads, ['close'])
  // Where no thread closes anything, or some are not traced, others may have closed them.
  const isKnown = closed > 0 && windows.every(({ untracedThreads }) => untracedThreads === 0)
  const count = succeeded(threads, ACCEPTS) - closed
  return count > 0 && Math.abs(count - kept) <= NEARLY * kept ? { count, isKnown } : null
}

/** `accept4` of `accept4(3)`. */
const nameOf = (call: string | undefined): string => call?.replace(/\(.*/, '') ?? ''

const succeeded = (threads: readonly ThreadAttribution[], names: readonly string[]): number =>
  threads
    .flatMap(({ syscalls }) => syscalls)
    .filter(({ name }) => names.includes(name))
    .reduce((sum, { calls, errors }) => sum + calls - errors, 0)
