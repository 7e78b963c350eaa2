import { FAILED, type MemoryEvents, UNFINISHED } from '../../model/trace.ts'
import { CALL } from './phases.ts'

const CLONE_VM = 0x100
const CLONE_THREAD = 0x10000

/** How a thread or process came into being inside the trace. */
export interface Birth {
  readonly event: number
  readonly parent: number
  readonly child: number
  /** `shared`: a process that uses its parent's memory until it calls execve (vfork, posix_spawn). */
  readonly kind: 'thread' | 'process' | 'shared'
}

/** Whether a call may make a thread or a process. */
export const isMaker = (call: number): boolean =>
  call === CALL.clone || call === CALL.fork || call === CALL.vfork

/** What a successful clone, fork or vfork made; `null` for every other event. */
export function birthOf(events: MemoryEvents, event: number): Birth | null {
  const call = events.call(event)
  if (!isMaker(call)) return null
  const child = events.result(event)
  if ((events.state(event) & (FAILED | UNFINISHED)) !== 0 || !(child > 0)) return null
  // Where the log does not show the flags, a stack of its own tells a thread from a fork.
  const written = events.flags(event)
  const flags = Number.isNaN(written) ? (events.address(event) > 0 ? CLONE_THREAD | CLONE_VM : 0) : written
  const kind =
    call === CALL.clone && (flags & CLONE_THREAD) !== 0
      ? 'thread'
      : call === CALL.vfork || (call === CALL.clone && (flags & CLONE_VM) !== 0)
        ? 'shared'
        : 'process'
  return { event, parent: events.tid(event), child, kind }
}
