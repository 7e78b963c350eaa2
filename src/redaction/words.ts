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
/** In a call that is whole every word before `=` is the name of a field. */
export const ANY_FIELD = /^[a-z_][a-z0-9_]*$/
const RUN = /[^\s"'(){}<>[\],;=|&*!?\x00-\x1f]+/g

/** A number, an address, a flag, a word of strace. */
export const isKernelWord = (word: string): boolean => KERNEL_WORD.test(word) || STRACE_WORD.has(word)

/** Replaces every word that is not one of the kernel's or strace's own: for text that no grammar explains. */
export function keepKernelWords(text: string, rule: string, keeper: Keeper, fields = FIELD_NAME): string {
  return text.replace(RUN, (run, offset: number) => {
    const word = run.replace(/^[.:]+|(?<![.:])[.:]+$/g, '')
    if (!/[A-Za-z0-9]/.test(word) || isKernelWord(word)) return run
    if (text[offset + run.length] === '=' && fields.test(word)) return run
    if (isInsideToken(text, offset, run) || keeper.isToken(run)) return run
    return keeper.payload(rule, run)
  })
}

/** The same for text that a program wrote itself: its numbers are data as well. */
export function hideWords(text: string, rule: string, keeper: Keeper): string {
  return text.replace(RUN, (run, offset: number) =>
    !/[A-Za-z0-9]/.test(run) || isInsideToken(text, offset, run) || keeper.isToken(run)
      ? run
      : keeper.payload(rule, run),
  )
}

/** `32:9f8e7d6c5b4a` between brackets is a token already. */
const isInsideToken = (text: string, offset: number, run: string): boolean =>
  text[offset - 1] === '[' && text[offset + run.length] === ']' && /^\d+:[0-9a-f]{12}$/.test(run)
