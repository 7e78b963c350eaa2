import type { DiagnosticKind } from '../diagnostic-kind.ts'

/** Logs of strace and its tables. */
export const STRACE_DIAGNOSTICS = {
  'strace-nothing-read': {
    severity: 'error',
    message: { en: 'no line of the log is strace output', zh: '日志中没有一行是 strace 输出' },
    remedy: {
      en: 'Check that this is the file that strace wrote with -o.',
      zh: '请确认这是 strace 用 -o 写出的文件。',
    },
  },
  'strace-foreign-line': {
    severity: 'data-loss',
    message: { en: 'lines that strace did not write, left out', zh: '不是 strace 写出的行，已略去' },
    remedy: {
      en: 'Write the log with -o FILE, so that no other output gets between.',
      zh: '请用 -o FILE 写日志，避免混入其他输出。',
    },
  },
  'strace-cut-line': {
    severity: 'data-loss',
    message: {
      en: 'calls that are cut off: counted, result unknown',
      zh: '系统调用被截断：已计数，结果未知',
    },
    remedy: {
      en: 'Copy the log whole; a file still being written ends in the middle of a call.',
      zh: '请完整复制日志；仍在写入的文件会在调用中间结束。',
    },
  },
  'strace-ends-mid-line': {
    severity: 'data-loss',
    message: { en: 'the log ends in the middle of a call', zh: '日志在一个调用中间结束' },
    remedy: { en: 'Copy the log again after strace has ended.', zh: '请在 strace 结束后重新复制日志。' },
  },
  'strace-joined-line': {
    severity: 'info',
    message: {
      en: 'lines broken by messages or wrapping, joined again',
      zh: '被消息或折行打断的行，已重新拼接',
    },
    remedy: {
      en: 'Nothing: the calls are whole. With -o FILE it does not happen.',
      zh: '无需处理：调用是完整的。使用 -o FILE 可避免。',
    },
  },
  'strace-foreign-prefix': {
    severity: 'info',
    message: {
      en: 'text in front of lines (mail, container, editor), taken off',
      zh: '行首的外来文本（邮件、容器、编辑器），已去除',
    },
    remedy: { en: 'Nothing: the lines behind it were read.', zh: '无需处理：其后的内容已读取。' },
  },
  'strace-colours': {
    severity: 'info',
    message: { en: 'terminal colours, taken off', zh: '终端颜色代码，已去除' },
    remedy: { en: 'Nothing: the lines were read.', zh: '无需处理：各行已读取。' },
  },
  'strace-line-too-long': {
    severity: 'data-loss',
    message: {
      en: 'lines longer than 1 MiB, not read',
      zh: '超过 1 MiB 的行，未读取',
    },
    remedy: { en: 'Trace with a smaller -s.', zh: '请用更小的 -s 跟踪。' },
  },
  'strace-unfinished': {
    severity: 'info',
    message: { en: 'calls that never returned in the log', zh: '在日志中从未返回的调用' },
    remedy: {
      en: 'Nothing: they were under way when the log or the thread ended.',
      zh: '无需处理：日志或线程结束时它们仍在进行。',
    },
  },
  'strace-resumed-only': {
    severity: 'info',
    message: { en: 'calls of which only the return is in the log', zh: '日志中只有返回部分的调用' },
    remedy: {
      en: 'Nothing: they began before the log. Lengths of such mappings are unknown.',
      zh: '无需处理：它们在日志之前开始；此类映射的长度未知。',
    },
  },
  'strace-impossible-number': {
    severity: 'data-loss',
    message: {
      en: 'results or durations that cannot be, taken as unknown',
      zh: '不可能的返回值或耗时，按未知处理',
    },
    remedy: { en: 'Copy the file again.', zh: '请重新复制该文件。' },
  },
  'strace-unknown-flag': {
    severity: 'info',
    message: { en: 'flag names that are not known', zh: '未知的标志名' },
    remedy: {
      en: 'Nothing: the other flags of the call were read.',
      zh: '无需处理：该调用的其他标志已读取。',
    },
  },
  'strace-message': {
    severity: 'info',
    message: { en: 'messages of strace itself', zh: 'strace 自身的消息' },
    remedy: {
      en: 'Read them: they may say what strace could not do.',
      zh: '请阅读：其中可能说明 strace 未能做到什么。',
    },
  },
  'strace-signals-omitted': {
    severity: 'info',
    message: { en: 'signals beyond the first 10,000, counted only', zh: '超出前 10000 个的信号，仅计数' },
    remedy: { en: 'Nothing: signals do not move memory.', zh: '无需处理：信号不影响内存。' },
  },
  'strace-thread-unclear': {
    severity: 'data-loss',
    message: {
      en: 'lines without a pid while several threads were traced: their thread is a guess',
      zh: '跟踪多个线程时没有 pid 的行：所属线程为推测',
    },
    remedy: { en: 'Trace with -o FILE, or with -ff.', zh: '请用 -o FILE 或 -ff 跟踪。' },
  },
  'strace-tid-unknown': {
    severity: 'info',
    message: { en: 'the log does not name its thread (shown as 0)', zh: '日志没有给出线程号（显示为 0）' },
    remedy: {
      en: 'Trace with -f or -ff, so that every line has its thread.',
      zh: '请用 -f 或 -ff 跟踪，使每行都带线程号。',
    },
  },
  'strace-rotated': {
    severity: 'info',
    message: {
      en: 'taken for an older part of the log beside it, not for the log of a thread',
      zh: '视为旁边日志的较早部分，而不是某个线程的日志',
    },
    remedy: {
      en: 'Nothing, when logs were rotated; else give the two runs of strace different names.',
      zh: '若日志经过轮转则无需处理；否则请为两次 strace 使用不同的名称。',
    },
  },
  'strace-copy': {
    severity: 'info',
    message: {
      en: 'its calls are in another log of the evidence as well; counted once',
      zh: '其中的调用也在证据的另一份日志中，只计一次',
    },
    remedy: { en: 'Nothing.', zh: '无需处理。' },
  },
  'strace-overlap': {
    severity: 'data-loss',
    message: {
      en: 'some of its calls seem to be in another log as well, and count twice',
      zh: '部分调用似乎也在另一份日志中，被计了两次',
    },
    remedy: {
      en: 'Leave out one of the two logs, or cut what both hold.',
      zh: '请去掉其中一份日志，或删去两者共有的部分。',
    },
  },
  'strace-clock-back': {
    severity: 'info',
    message: { en: 'time steps back in the log', zh: '日志中时间出现回退' },
    remedy: {
      en: 'Nothing, when runs were appended with -A; else the clock was set back.',
      zh: '若用 -A 追加了多次运行则无需处理；否则时钟曾被回拨。',
    },
  },
  'strace-relative-only': {
    severity: 'data-loss',
    message: {
      en: '-r with -ff: times of different threads cannot be compared',
      zh: '-r 与 -ff 同用：不同线程的时间无法比较',
    },
    remedy: { en: 'Trace with -ttt.', zh: '请用 -ttt 跟踪。' },
  },
  'strace-page-offsets': {
    severity: 'info',
    message: {
      en: 'mmap2 offsets printed in pages by an old strace, turned into bytes',
      zh: '旧版 strace 以页为单位输出 mmap2 偏移，已换算为字节',
    },
    remedy: {
      en: 'Nothing: strace 4.8 and later print bytes.',
      zh: '无需处理：strace 4.8 及以后版本输出字节。',
    },
  },
  'strace-summary-cut': {
    severity: 'info',
    message: { en: 'a table of strace -c ends before its total', zh: 'strace -c 的表在合计之前结束' },
    remedy: { en: 'Nothing: its rows were read.', zh: '无需处理：表中各行已读取。' },
  },
  'trace-clock-unknown': {
    severity: 'data-loss',
    message: { en: 'the trace cannot be placed in time', zh: '无法确定该跟踪日志的时间位置' },
    remedy: {
      en: 'Give --strace-date, or trace with -ttt while snapshots are taken.',
      zh: '请给出 --strace-date，或在采集快照期间用 -ttt 跟踪。',
    },
  },
  'trace-clock-set-back': {
    severity: 'data-loss',
    message: {
      en: 'time runs backwards in the trace: the clock was set back',
      zh: '跟踪日志中时间倒退：时钟曾被回拨',
    },
    remedy: {
      en: 'Nothing mends it: around there the order across threads is not certain.',
      zh: '无法补救：该处前后各线程之间的次序不确定。',
    },
  },
  'option-not-understood': {
    severity: 'error',
    message: { en: 'the option is not understood and was left out', zh: '无法理解该选项，已忽略' },
    remedy: {
      en: 'Dates are YYYY-MM-DD, zones are Area/City or +HH:MM.',
      zh: '日期格式为 YYYY-MM-DD，时区格式为 Area/City 或 +HH:MM。',
    },
  },
} as const satisfies Record<string, DiagnosticKind>
