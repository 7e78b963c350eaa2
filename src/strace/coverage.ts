import type { Trace } from '../model/trace.ts'
import type { ThreadState } from './threads.ts'

/** strace's `%memory` class, and what comes along with it whatever the filter: thread calls and events. */
const MEMORY_CLASS = new Set([
  ...['brk', 'mmap', 'mmap2', 'old_mmap', 'munmap', 'mremap', 'mprotect', 'pkey_mprotect', 'madvise'],
  ...['mlock', 'mlock2', 'munlock', 'mlockall', 'munlockall', 'mincore', 'msync', 'mbind', 'migrate_pages'],
  ...[
    'move_pages',
    'set_mempolicy',
    'get_mempolicy',
    'remap_file_pages',
    'shmat',
    'shmdt',
    'process_madvise',
  ],
  ...['map_shadow_stack', 'mseal', 'io_destroy', 'io_setup'],
])
const BESIDE_MEMORY = new Set(['clone', 'clone3', 'fork', 'vfork', 'execve', 'exit', 'exit_group', 'prctl'])
/** Whatever starts a program opens and closes its libraries; whatever serves reads, writes or waits. */
const COMMON = new Set(
  'close read write openat open futex poll ppoll epoll_wait epoll_pwait select pselect6 recvfrom recvmsg sendto nanosleep clock_nanosleep wait4 ioctl restart_syscall'.split(
    ' ',
  ),
)
/** Fewer calls than these are too few to miss one. */
const ENOUGH_CALLS = 64

/** Whether a filter (-e trace=…) shows in which calls there are. */
export function coverageOf(threads: readonly ThreadState[], names: readonly string[]): Trace['coverage'] {
  const seen = names.filter((name) => name !== '')
  const memory = seen.some((name) => MEMORY_CLASS.has(name))
  if (memory && seen.every((name) => MEMORY_CLASS.has(name) || BESIDE_MEMORY.has(name))) return 'memory'
  const calls = threads.reduce((sum, thread) => sum + thread.calls, 0)
  const started = threads.some((thread) => thread.firstCall === 'execve' || thread.firstCall === 'brk')
  const common = seen.filter((name) => COMMON.has(name)).length
  if (started && calls >= 16 && !seen.includes('close')) return 'some'
  return calls >= ENOUGH_CALLS && common <= 1 && seen.length <= 4 ? 'some' : 'all'
}

/** Whether strace attached to running threads (-p); `null` when the log does not show it. `made`: tids that calls in it returned. */
export function wasAttached(
  threads: readonly ThreadState[],
  made: ReadonlySet<number>,
  coverage: Trace['coverage'],
): boolean | null {
  if (threads.some((thread) => thread.firstCall === 'restart_syscall')) return true
  const first = threads.find((thread) => thread.calls > 0)
  if (!first) return null
  if (first.firstCall === 'execve') return false
  const roots = threads.filter((thread) => thread.calls > 0 && !made.has(thread.tid))
  // With a filter the clone calls may be missing, but the loader's first brk shows.
  if (coverage !== 'all') return first.firstCall === 'brk' ? false : null
  return roots.length > 1 ? true : null
}
