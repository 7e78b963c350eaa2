/** What a quoted argument of a system call is: decides what of it may be shown. */
export type StringKind = 'payload' | 'path' | 'thread' | 'memory-name' | 'address' | 'host'

const ALL_PATHS = `open openat openat2 creat stat lstat stat64 lstat64 newstat newlstat newfstatat fstatat64 oldstat statx
  access faccessat faccessat2 chdir chroot mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat
  symlink symlinkat readlink readlinkat chmod fchmodat fchmodat2 chown lchown fchownat chown32 lchown32 truncate truncate64
  statfs statfs64 utime utimes utimensat futimesat mknod mknodat getcwd getdents getdents64 inotify_add_watch
  fanotify_mark name_to_handle_at mq_open mq_unlink shm_open uselib acct swapon swapoff pivot_root umount umount2
  open_tree move_mount memfd_create mmap mmap2 old_mmap munmap close fstat fstat64 dup dup2 dup3 lseek fcntl fcntl64
  epoll_ctl epoll_wait poll select pselect6 ppoll fsync fdatasync flock ftruncate fallocate fadvise64 msync madvise
  mprotect mremap brk futex`
const FIRST_PATH =
  'execve execveat mount setxattr lsetxattr getxattr lgetxattr removexattr lremovexattr quotactl'

/** Kind of the first string of a call, and of those after it. A call that is not here carries data. */
const BY_CALL = new Map<string, readonly [StringKind, StringKind]>([
  ...split(ALL_PATHS).map((name) => [name, ['path', 'path']] as const),
  ...split(FIRST_PATH).map((name) => [name, ['path', 'payload']] as const),
  ['uname', ['host', 'host']],
])

/** Calls whose arguments are data even where a quote got lost. */
export const DATA_CALLS: ReadonlySet<string> = new Set(
  split(`read write pread64 pwrite64 pread pwrite readv writev preadv pwritev preadv2 pwritev2 send sendto sendmsg
  sendmmsg recv recvfrom recvmsg recvmmsg execve execveat getrandom process_vm_readv process_vm_writev vmsplice
  setsockopt getsockopt keyctl add_key request_key mq_timedsend mq_timedreceive msgsnd msgrcv`),
)

/** Calls of which it is known what their arguments are. */
export const isKnownCall = (call: string): boolean => BY_CALL.has(call) || OTHER_CALLS.has(call)
/** Known by their numbers and flags alone; their strings are data. */
const OTHER_CALLS: ReadonlySet<string> = new Set(
  split(`clone clone3 fork vfork exit exit_group prctl arch_prctl ioctl wait4 waitid kill tgkill rt_sigaction
  rt_sigprocmask rt_sigreturn nanosleep clock_nanosleep socket bind connect accept accept4 listen shutdown shmat shmdt
  shmget pipe pipe2 eventfd2 set_tid_address set_robust_list restart_syscall sched_yield mincore`),
)

/** What string number `index` of `call` is; `before` is the text of the call up to its quote. */
export function stringKind(call: string, index: number, before: string): StringKind {
  if (call === 'prctl') {
    if (/PR_[SG]ET_NAME|^\(?\s*(?:0xf|0x10|15|16)\b/.test(before)) return 'thread'
    if (/PR_SET_VMA|0x53564d41/.test(before)) return 'memory-name'
    return 'payload'
  }
  if (/(?:sun_|\b)path=@?$|(?:UNIX|UNIX-[A-Z]+):\[[^\]]*$/.test(before)) return 'path'
  if (/(?:inet_addr\(|inet_pton\([A-Z0-9_]+, ?)$/.test(before)) return 'address'
  return BY_CALL.get(call)?.[index === 0 ? 0 : 1] ?? 'payload'
}

function split(names: string): string[] {
  return names.split(/\s+/).filter(Boolean)
}
