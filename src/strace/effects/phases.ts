import { callIndex, MEMORY_CALLS, type MemoryCall } from '../../model/trace.ts'

/** The call begins: what it releases is gone from here on. */
export const ENTRY = 0
/** The call returns: what it acquires is there from here on. */
export const EXIT = 1
export type Phase = typeof ENTRY | typeof EXIT

const AT_ENTRY = 1
const AT_EXIT = 2

/**
 * When a call takes effect. A freed address can be given out again only after the release began, and an acquired one
 * is known only when the call returned; merged by these two instants, threads' logs never contradict each other.
 * MAP_FIXED and execve replace in one go, so both halves count when they return.
 */
const PHASES: Partial<Record<MemoryCall, number>> = {
  mmap: AT_EXIT,
  munmap: AT_ENTRY,
  mremap: AT_ENTRY | AT_EXIT,
  brk: AT_ENTRY | AT_EXIT,
  mprotect: AT_ENTRY | AT_EXIT,
  madvise: AT_ENTRY,
  shmat: AT_EXIT,
  shmdt: AT_ENTRY,
  shmget: AT_EXIT,
  map_shadow_stack: AT_EXIT,
  execve: AT_EXIT,
  clone: AT_ENTRY,
  fork: AT_ENTRY,
  vfork: AT_ENTRY,
  exit: AT_ENTRY,
  exit_group: AT_ENTRY,
}

/** By call (index into MEMORY_CALLS): AT_ENTRY, AT_EXIT, both, or 0 for those without an effect. */
export const PHASES_OF = Uint8Array.from(MEMORY_CALLS, (call) => PHASES[call] ?? 0)

export const CALL = Object.fromEntries(MEMORY_CALLS.map((call) => [call, callIndex(call)])) as Record<
  MemoryCall,
  number
>
