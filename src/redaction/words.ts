import type { Keeper } from './keeper.ts'

/** What a cut or damaged line of strace may keep: numbers, addresses, the words of the kernel and of strace. */
const KERNEL_WORD =
  /^(?:0[xX][0-9a-fA-F]+|[0-9a-f]{1,16}-[0-9a-f]{1,16}|[-+]?\d{1,12}(?:[.:]\d{1,9})*|0[0-7]{1,6}|(?:E[A-Z]{2,14}|SIG[A-Z]{2,9}|(?:PROT|MAP|MREMAP|MADV|CLONE|FUTEX|O|AT|PR|POLL|EPOLL|SOL|SO|MSG|AF|SOCK|CLOCK|IPPROTO|TCP|SA|S|CLD|SEGV|ARCH|MS|RLIMIT|MFD|SHM|IPC|SEEK|F|FD)_[A-Z0-9_]{2,}|NULL|INJECTED|DELAYED|POLLIN|POLLOUT))$/
const STRACE_WORD = new Set(
  `unfinished resumed detached attached exited killed stopped superseded suspended by with in for to of from
  strace Process process pid threads mode bit runs changed core dumped interrupt quit resuming interrupted call
  mmap mmap2 old_mmap munmap mremap brk mprotect madvise shmat shmdt shmget execve clone clone3 fork vfork exit
  exit_group restart_syscall read write flags child_tid child_tidptr parent_tid parent_tidptr tls stack stack_size
  exit_signal child_stack iov_base iov_len msg_name msg_namelen msg_iov msg_iovlen msg_control msg_controllen
  msg_flags sa_family sin_port sin_addr sin6_port sin6_addr sin6_flowinfo sin6_scope_id sun_path htons htonl
  inet_addr inet_pton vars cmsg_len cmsg_level cmsg_type cmsg_data mask now`
    .split(/\s+/)
    .filter(Boolean),
)
const RUN = /[^\s"'(){}<>[\],;=|&*!?\x00-\x1f]+/g

/** A number, an address, a flag, a word of strace. */
export const isKernelWord = (word: string): boolean => KERNEL_WORD.test(word) || STRACE_WORD.has(word)

/** Replaces every word that is not one of the kernel's or strace's own: for text that no grammar explains. */
export function keepKernelWords(text: string, rule: string, keeper: Keeper): string {
  return text.replace(RUN, (run, offset: number) => {
    const word = run.replace(/^[.:]+|[.:]+$/g, '')
    if (!/[A-Za-z0-9]/.test(word) || isKernelWord(word)) return run
    // The name of a struct's field.
    if (/^[a-z_][a-z0-9_]*$/.test(word) && text[offset + run.length] === '=') return run
    if (isInsideToken(text, offset, run) || keeper.isToken(run)) return run
    return keeper.payload(rule, run)
  })
}

/** `32:9f8e7d6c5b4a` between brackets is a token already. */
const isInsideToken = (text: string, offset: number, run: string): boolean =>
  text[offset - 1] === '[' && text[offset + run.length] === ']' && /^\d+:[0-9a-f]{12}$/.test(run)
