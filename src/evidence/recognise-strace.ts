import type { Head } from './head.ts'

/**
 * Recognises what strace (syscall.c, strace.c) prints, whatever its options put in front of a call. It only decides
 * what a file is; reading it is the strace folder's work.
 */

/**
 * pid, `[pid N]`, -Y name, SELinux context, time of any kind, relative time, call number, instruction pointer. Every
 * part begins differently and ends in a blank, so that no line can be matched in more than one way.
 */
const PREFIX = '(?:(?:\\[[^\\]]*\\]|:?\\d[\\d:]*(?:\\.\\d+)?(?:<[^>]*>)?|\\(\\+ *[\\d.]+\\)) +){0,8}'
const CALL = new RegExp(
  `^\\s*${PREFIX}(?:[a-z_?][a-z0-9_?]*(?:#\\d+)?)\\(.*(?:\\)\\s*= ?(?:-?\\d|0x[0-9a-f]|\\?)|<unfinished \\.\\.\\.>|<detached \\.\\.\\.>|<pid changed to \\d+ \\.\\.\\.>)`,
)
const EVENT = new RegExp(
  `^\\s*${PREFIX}(?:<\\.\\.\\. \\w+ resumed>|\\+\\+\\+ (?:exited with \\d+|killed by SIG\\w+(?: \\(core dumped\\))?|superseded by execve in pid \\d+) \\+\\+\\+|--- (?:SIG\\w+|\\{si_signo=|stopped by SIG))`,
)
const ATTACH =
  /^strace: Process \d+ (?:attached|detached)|^(?:strace: )?\[ Process PID=\d+ runs in (?:32|64) bit mode\. \]/
/** A call cut before its result, or broken by other output: only names that no prose begins with. */
const OPEN_CALL = new RegExp(
  `^\\s*${PREFIX}(?:mmap2?|munmap|mremap|mprotect|madvise|brk|openat|read|write|close|futex|execve|poll|ppoll|clone3?|newfstatat|fstat|epoll_wait|rt_sig\\w+|restart_syscall|nanosleep|clock_nanosleep|writev|recvmsg|sendmsg|get\\w*id|prctl)\\(`,
)
/** A frame of -k under a call. It is no sign by itself: debuggers print the like. */
const FRAME = /^ > (?:\S.* \[0x[0-9a-f]+\]|\S+:\(\+0x[0-9a-f]+\))/
const TABLE = /^% time\s+(?:seconds|[a-z])/

interface StraceSigns {
  /** Lines that only strace prints. */
  readonly strong: number
  /** Lines that begin like a call. */
  readonly weak: number
  readonly filled: number
}

const isStrong = (line: string): boolean => CALL.test(line) || EVENT.test(line) || ATTACH.test(line)

function straceSigns(head: Head): StraceSigns {
  let strong = 0
  let weak = 0
  let filled = 0
  for (const [at, line] of head.lines.entries()) {
    if (line.trim() === '' || FRAME.test(line)) continue
    filled++
    // As it stands first: a time of day in front of a call is strace's own, and looks like an editor's line number.
    if (isStrong(line) || isStrong(head.bareLine(at))) strong++
    else if (OPEN_CALL.test(line) || OPEN_CALL.test(head.bareLine(at))) weak++
  }
  return { strong, weak, filled }
}

/** Most of the file is strace's: whatever else it holds is the program's own output. */
export function sniffStrace(head: Head): string | null {
  const { strong, filled } = straceSigns(head)
  return strong > 0 && strong * 2 >= filled ? `${strong} of its first ${filled} lines are system calls` : null
}

/** Some of it is: calls among prose, wrapped by a mailer, broken by debug text, cut after the first line. */
export function sniffDamagedStrace(head: Head): string | null {
  const { strong, weak, filled } = straceSigns(head)
  const few = strong + weak
  if (strong > 0 && few * 10 >= filled) return `${few} of its first ${filled} lines are system calls`
  if (weak > 1 && weak * 3 >= filled) return `${weak} of its first ${filled} lines begin like system calls`
  // One broken line: the name has to say that this is a log.
  if (weak > 0 && /\.\d+$|strace|trace/.test(head.path))
    return 'begins like a system call, and is named like a log'
  return null
}

export function sniffSummary(head: Head): string | null {
  return head.lines.some((line, at) => TABLE.test(line) || TABLE.test(head.bareLine(at)))
    ? 'the column names of strace -c'
    : null
}
