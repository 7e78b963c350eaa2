import type { DiagnosticKind } from '../diagnostic-kind.ts'

/** Replay of the address space. */
export const REPLAY_DIAGNOSTICS = {
  'replay-contradicts-snapshots': {
    severity: 'data-loss',
    message: {
      en: 'log and snapshots of a process contradict each other, so its calls say nothing about its memory',
      zh: '进程的日志与快照相互矛盾，因此其调用无法说明其内存',
    },
    remedy: {
      en: 'Take both at once, of the same process and all its threads (strace -f), by the same clock.',
      zh: '请对同一进程及其所有线程（strace -f）、以同一时钟同时采集两者。',
    },
  },
  'replay-conflicts': {
    severity: 'info',
    message: {
      en: 'calls that do not fit what was mapped before: some are missing from the log, or out of order',
      zh: '与此前映射状态不符的调用：日志缺少某些调用，或次序有误',
    },
    remedy: {
      en: 'Trace all threads with -f and -T; the threads named here are less certain.',
      zh: '请用 -f 和 -T 跟踪所有线程;此处指认的线程确定性较低。',
    },
  },
  'replay-untold-calls': {
    severity: 'data-loss',
    message: { en: 'memory calls whose effect the log does not tell', zh: '日志未说明其效果的内存调用' },
    remedy: {
      en: 'Nothing: they are cut off or never returned, and the next snapshot puts the replay right.',
      zh: '无需处理：它们被截断或从未返回，下一个快照会校正重放。',
    },
  },
  'replay-entry-order': {
    severity: 'info',
    message: { en: 'calls are ordered by entry only', zh: '调用只能按进入时间排序' },
    remedy: { en: 'Trace with -T to order them by effect.', zh: '请用 -T 跟踪，以便按生效时间排序。' },
  },
  'thread-without-process': {
    severity: 'data-loss',
    message: { en: 'a thread cannot be given to a process', zh: '无法确定线程所属的进程' },
    remedy: {
      en: 'Add the output of ps -eLo pid,tid,comm, or trace one process at a time.',
      zh: '请附上 ps -eLo pid,tid,comm 的输出,或每次只跟踪一个进程。',
    },
  },
  'thread-number-reused': {
    severity: 'data-loss',
    message: { en: 'a thread number was used twice in the trace', zh: '跟踪期间线程号被重复使用' },
    remedy: {
      en: 'With -ff the first thread’s log is overwritten; a single file (-f) keeps both.',
      zh: '使用 -ff 时第一个线程的日志会被覆盖;单个文件(-f)可保留两者。',
    },
  },
} as const satisfies Record<string, DiagnosticKind>
