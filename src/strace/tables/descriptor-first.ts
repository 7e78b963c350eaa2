/**
 * Calls whose first argument is a descriptor (or AT_FDCWD), from strace's syscall tables (TRACE_DESC). A call that is
 * not here and not in the tables beside it counts as having none.
 */
export const DESCRIPTOR_FIRST: ReadonlySet<string> = new Set(
  `_llseek accept accept4 bind cachestat close close_range connect copy_file_range dup dup2 dup3 epoll_ctl epoll_ctl_old
  epoll_pwait epoll_pwait2 epoll_wait epoll_wait_old execveat faccessat faccessat2 fadvise64 fadvise64_64 fallocate
  fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32 fchownat fcntl fcntl64 fdatasync fgetxattr
  file_getattr file_setattr finit_module flistxattr flock fremovexattr fsconfig fsetxattr fsmount fspick fstat fstat64
  fstatat64 fstatfs fstatfs64 fsync ftruncate ftruncate64 futimesat getdents getdents64 getpeername getsockname
  getsockopt inotify_add_watch inotify_rm_watch io_uring_enter io_uring_register ioctl kexec_file_load
  landlock_add_rule landlock_restrict_self linkat listen lseek mkdirat mknodat mount_setattr move_mount
  mq_getsetattr mq_notify mq_timedreceive mq_timedsend name_to_handle_at newfstatat open_by_handle_at open_tree openat
  openat2 pidfd_getfd pidfd_send_signal pread pread64 preadv preadv2 process_madvise process_mrelease
  pwrite pwrite64 pwritev pwritev2 quotactl_fd read readahead readdir readlinkat readv recv recvfrom recvmmsg
  recvmmsg_time64 recvmsg renameat renameat2 send sendfile sendfile64 sendmmsg sendmsg sendto setns setsockopt
  shutdown signalfd signalfd4 splice statx sync_file_range sync_file_range2 syncfs tee timerfd_gettime
  timerfd_gettime64 timerfd_settime timerfd_settime64 unlinkat utimensat utimensat_time64 vmsplice write writev`.split(
    /\s+/,
  ),
)
