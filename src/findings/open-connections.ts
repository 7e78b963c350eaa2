/** Memory that a thread takes for each connection it accepts, while as many connections stay open as blocks stay mapped. */
import type { Pid, Tid } from '../base/units.ts'
import type { Attribution, Mechanism, ThreadAttribution } from '../model/attribution.ts'
import { saidOf } from './said.ts'

/** What is opened and closed beside the connections makes the two differ a little. */
const NEARLY = 0.1
const ACCEPTS: readonly string[] = ['accept', 'accept4']
/** Every server waits; where not one of these is in a trace, it is of chosen calls, and `close` may not be among them. */
const WAITS =
  'epoll_wait epoll_pwait poll ppoll select pselect6 futex nanosleep clock_nanosleep restart_syscall'.split(
    ' ',
  )

/** How many of its connections are open, where they answer for what this thread keeps; else `null`. */
export function openConnections(
  attribution: Attribution,
  pid: Pid,
  tid: Tid,
  mechanisms: readonly Mechanism[],
): number | null {
  const { threads } = saidOf(attribution, pid)
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
  const isCloseTraced = closed > 0 || made(threads, WAITS).length > 0
  if (!isCloseTraced) return null
  const open = succeeded(threads, ACCEPTS) - closed
  return open > 0 && Math.abs(open - kept) <= NEARLY * kept ? open : null
}

/** `accept4` of `accept4(3)`. */
const nameOf = (call: string | undefined): string => call?.replace(/\(.*/, '') ?? ''

const made = (
  threads: readonly ThreadAttribution[],
  names: readonly string[],
): ThreadAttribution['syscalls'][number][] =>
  threads.flatMap(({ syscalls }) => syscalls).filter(({ name }) => names.includes(name))

const succeeded = (threads: readonly ThreadAttribution[], names: readonly string[]): number =>
  made(threads, names).reduce((sum, { calls, errors }) => sum + calls - errors, 0)
