import type { Keeper } from './keeper.ts'

/** What a cut or damaged line of strace may keep: numbers, addresses, the words of the kernel and of strace. */
const KERNEL_WORD =
  /^(?:0[xX][0-9a-fA-F]{1,16}|[0-9a-f]{8,16}-[0-9a-f]{8,16}|[-+]?\d{1,12}(?:\.\d{1,9})?|\d{1,2}:\d\d(?::\d\d(?:\.\d{1,9})?)?|0[0-7]{1,6}|x32|(?:E[A-Z]{2,14}|SIG[A-Z]{2,9}|(?:PROT|MAP|MREMAP|MADV|CLONE|FUTEX|O|AT|PR|POLL|EPOLL|SOL|SO|MSG|AF|SOCK|CLOCK|IPPROTO|TCP|SA|S|CLD|SEGV|ARCH|MS|RLIMIT|MFD|SHM|IPC|SEEK|F|FD)_[A-Z0-9_]{2,}|NULL|INJECTED|DELAYED|POLLIN|POLLOUT))$/
const STRACE_WORD = new Set(
  `unfinished resumed detached attached exited killed stopped superseded suspended by with in for to of from
  strace Process process PID pid threads mode bit runs changed core dumped interrupt quit resuming interrupted call
  waiting parent ready
  mmap mmap2 old_mmap munmap mremap brk mprotect madvise shmat shmdt shmget execve clone clone3 fork vfork exit
  exit_group restart_syscall read write flags child_tid child_tidptr parent_tid parent_tidptr tls stack stack_size
  exit_signal child_stack iov_base iov_len msg_name msg_namelen msg_iov msg_iovlen msg_control msg_controllen
  msg_flags sa_family sin_port sin_addr sin6_port sin6_addr sin6_flowinfo sin6_scope_id sun_path htons htonl
  inet_addr inet_pton vars cmsg_len cmsg_level cmsg_type cmsg_data mask now`
    .split(/\s+/)
    .filter(Boolean),
)
/** Fields of structs as strace prints them: `sa_family=`, `iov_base=`, and those without a prefix. */
const FIELD_NAME =
  /^(?:[a-z]{1,6}\d?_[a-z0-9_]{1,24}|fds?|events|revents|data|u32|u64|ptr|flags|mode|len|type|cmd|size|offset|sysname|nodename|release|version|machine|domainname|path|args|pid|tid|stack|tls|pidfd|cgroup|name|addr|entries)$/
/** What strerror() of glibc, musl and bionic and strsignal() say, and strace behind a result, word by word. */
const ERROR_WORD = new Set(
  `.lib Aborted Accessing Address Advertise Alarm Argument Attempting Bad Block Broken Bus CPU CSI Can Cannot
  Channel Child Communication Connection Continued DELAYED Destination Device Directory Disk Exchange Exec File
  Floating Function Hangup Host I/O INJECTED IPC Identifier Illegal Inappropriate Input/output Interrupt
  Interrupted Invalid Is Key Killed Level Link Machine Memory Message Multihop Name Network No Not Numerical
  Object Operation Out Owner Package Permission Power Profiling Protocol Quit RF-kill RFS Read-only Real-time
  Remote Required Resource SA_RESTART Segmentation Socket Software Srmount Stack Stale State Stopped Streams
  Structure Terminated Text Timeout Timer To Too Trace/breakpoint Transport Try Unknown Urgent User Value Virtual
  Window Wrong XENIX a.out abort access address after again allocate allowed already anode argument assign
  attached attempted available avoided bad be been buffer busy by call canceled cannot caused changed character
  child cleaning clock code condition connected connection corrupted cross-device data deadlock defined denied
  descriptor desired device died directly directory domain down driver dropped due empty endpoint errno error
  exceeded exception exchange exec exists exited expired failure family fault file files flags font for format
  found full halted handle hardware has host if implemented in incomplete input installed instruction ioctl is key
  large left levels libraries library limit link links list locks long many mask medium memory message multibyte
  name named needed needs network non-socket not now number of on open operation or out output page peer permitted
  pipe point possible process processes progress protocol quota range recoverable references refused rejected
  remote removed request requested required reset resource resources restarted result revoked route section seek
  semaphore semaphores send service set severed shared should shutdown signal size slot socket space specific
  splice state stream streams structure such supported symbolic synchronized system temporarily the time timed
  timeout timer to too transport trap tty type unavailable unique unreachable use users was wide wrong a`
    .split(/\s+/)
    .filter(Boolean),
)
/** Lower-case words that strace prints beside flags: helpers of its notation, siginfo's, termios', its comments. */
const CALL_WORD = new Set(
  `makedev major minor htons htonl ntohs ntohl inet_addr inet_pton inet6_addr if_nametoindex sin6_addr s
  c_cc opost isig icanon echo or vars entries empty unknown resuming interrupted restart unfinished detached changed
  to pid parent_tid child_tid tid bytes in buffer args wait
  futex poll ppoll select pselect6 nanosleep clock_nanosleep epoll_wait epoll_pwait wait4 waitid`
    .split(/\s+/)
    .filter(Boolean),
)
/** Headings of the tables of -c, and what it prints of a process that ends. */
const EVENT_WORD = new Set(
  `time seconds usecs/call calls errors syscall total System usage summary for bit mode exited with killed by core
  dumped superseded execve stopped pid in`
    .split(/\s+/)
    .filter(Boolean),
)
/** A constant of the kernel's headers; a name of a secret's form was replaced before. */
const CONSTANT = /^~?[A-Z_][A-Z0-9_]*$/
/** Numbers in every notation of strace, also with signs, scales and colons: times, devices, hardware addresses. */
const NUMBER =
  /^[-+~]?(?:0x[0-9a-f]+|[0-9a-f]{8,16}|\d+(?:\.\d+)?|[0-9a-f]{2}(?::[0-9a-f]{2})+|\d+(?::\d+)+(?:\.\d+)?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:[-+]\d{4}|Z)?)$/
/** In a call that is whole every word before `=` is the name of a field. */
export const ANY_FIELD = /^[a-z_][a-z0-9_]*$/
/** Letters of other scripts are bytes above ASCII. */
export const MAY_BE_WORD = /[A-Za-z0-9\x80-\xff]/
const RUN = /[^\s"'(){}<>[\],;=|&*!?\x00-\x1f]+/g

/** Whether a word is one of those that say what an error or a signal means. */
export const isErrorText = (text: string): boolean =>
  text.split(/[ ()]/).every((word) => word === '' || ERROR_WORD.has(word) || NUMBER.test(word))

/** A number, an address, a flag, a word of strace. */
export const isKernelWord = (word: string): boolean => KERNEL_WORD.test(word) || STRACE_WORD.has(word)

/** A run of word characters without the stops and colons around it. */
const withoutStops = (run: string): string => run.replace(/^[.:]+|(?<![.:])[.:]+$/g, '')

/** Replaces every word that is not one of the kernel's or strace's own: for text that no grammar explains. */
export function keepKernelWords(text: string, rule: string, keeper: Keeper, fields = FIELD_NAME): string {
  return text.replace(RUN, (run, offset: number) => {
    const word = withoutStops(run)
    if (!MAY_BE_WORD.test(word) || isKernelWord(word)) return run
    if (text[offset + run.length] === '=' && fields.test(word)) return run
    if (isInsideToken(text, offset, run) || keeper.isToken(run)) return run
    return keeper.payload(rule, run)
  })
}

/** What stands unquoted in a call: numbers, flags, names of fields, and the few words of strace's notation. */
export function keepCallWords(text: string, keeper: Keeper): string {
  return keepCallsOwn(text, keeper, () => false)
}

/** The same behind a result, where errors are explained. */
export const keepResultWords = (text: string, keeper: Keeper): string =>
  keepCallsOwn(text, keeper, (word) => ERROR_WORD.has(word))

/** The same for signals, exits and tables. */
export const keepEventWords = (text: string, keeper: Keeper): string =>
  keepCallsOwn(text, keeper, (word) => ERROR_WORD.has(word) || EVENT_WORD.has(word))

const isConstant = (part: string): boolean => part === '' || CONSTANT.test(part) || NUMBER.test(part)

function keepCallsOwn(text: string, keeper: Keeper, also: (word: string) => boolean): string {
  return text.replace(RUN, (run, offset: number) => {
    const word = withoutStops(run)
    if (!MAY_BE_WORD.test(word) || also(word) || CALL_WORD.has(word) || isKernelWord(word)) return run
    // `SIGCHLDstrace: Process 11936 attached`: a message broke in.
    const own = word.replace(/(?:strace|Process)$/, '')
    if (NUMBER.test(own) || own.split(/[-+*~/]/).every(isConstant)) return run
    const next = text[offset + run.length]
    if ((next === '=' || next === '[') && ANY_FIELD.test(word)) return run
    if (isInsideToken(text, offset, run) || keeper.startsWithToken(run)) return run
    return keeper.payload('argument', run)
  })
}

/** The same for text that a program wrote itself: its numbers are data as well. */
export const hideWords = (text: string, rule: string, keeper: Keeper): string =>
  replaceWords(text, keeper, (run) => keeper.payload(rule, run))

/**
 * The same with names in place of words: what stands in brackets could be taken for a part of strace's own prefix, but a
 * name with a parenthesis behind it, or what the call begins with, for a call.
 */
export const hidePrefix = (text: string, keeper: Keeper): string =>
  replaceWords(text, keeper, (run, next) =>
    next === '(' || next === undefined ? keeper.payload('line-prefix', run) : keeper.name('word', run),
  )

function replaceWords(
  text: string,
  keeper: Keeper,
  hide: (run: string, next: string | undefined) => string,
): string {
  return text.replace(RUN, (run, offset: number) =>
    !MAY_BE_WORD.test(run) || isInsideToken(text, offset, run) || keeper.isToken(run)
      ? run
      : hide(run, text[offset + run.length]),
  )
}

/** A number that no sign of strace separates from what stands before it. */
const LOOSE_NUMBER = /[^\s,=>({[|*&~<"] +[-+~]?\d/
/**
 * Whether output of a program stands in what should be arguments or a result: a word that is none of strace's, or a
 * number behind a blank alone. Then its other numbers may be output too.
 */
export function holdsOutput(text: string): boolean {
  if (LOOSE_NUMBER.test(text)) return true
  for (const { 0: run, index } of text.matchAll(RUN)) {
    const next = text[index + run.length]
    const word = withoutStops(run)
    if (
      /[a-z\x80-\xff]/.test(word) &&
      next !== '(' &&
      !isKernelWord(word) &&
      !(next === '=' && ANY_FIELD.test(word))
    )
      if (!ERROR_WORD.has(word) && !CALL_WORD.has(word) && !isInsideToken(text, index, run)) return true
  }
  return false
}

/** `32:9f8e7d6c5b4a` between brackets is a token already. */
const isInsideToken = (text: string, offset: number, run: string): boolean =>
  text[offset - 1] === '[' && text[offset + run.length] === ']' && /^\d+:[0-9a-f]{12}$/.test(run)
