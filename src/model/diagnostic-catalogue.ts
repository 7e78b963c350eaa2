import type { DiagnosticKind } from './diagnostic-kind.ts'

/**
 * Every diagnostic of the tool, by code: what was seen, and what to do about it. Codes are stable: scripts match them.
 * Sorted by subject: evidence, smaps, strace, clock, replay.
 */
export const DIAGNOSTIC_CATALOGUE = {
  // Evidence: finding files and telling what they are.
  'evidence-unreadable': {
    severity: 'error',
    message: { en: 'cannot be read', zh: '无法读取' },
    remedy: { en: 'Check the permissions and run again.', zh: '请检查权限后重试。' },
  },
  'evidence-unknown': {
    severity: 'info',
    message: { en: 'not evidence of a known kind, skipped', zh: '不是已知类型的证据，已跳过' },
    remedy: {
      en: 'Nothing, unless it should be a snapshot or a log: then look at its first lines.',
      zh: '一般无需处理；如果它本应是快照或日志，请查看文件开头几行。',
    },
  },
  'evidence-other-tool': {
    severity: 'data-loss',
    message: { en: "another tool's output, refused", zh: '其他工具的输出，不予读取' },
    remedy: {
      en: 'Trace with strace itself: strace -ff -ttt -T -y -p PID -o NAME.',
      zh: '请直接使用 strace 采集：strace -ff -ttt -T -y -p PID -o NAME。',
    },
  },
  'evidence-link': {
    severity: 'info',
    message: { en: 'symbolic link, not followed', zh: '符号链接，未跟随' },
    remedy: {
      en: 'Nothing where its target was read; else name the target on the command line if it is evidence.',
      zh: '若目标已被读取则无需处理；否则，如果目标是证据，请在命令行中直接给出其路径。',
    },
  },
  'evidence-not-regular': {
    severity: 'info',
    message: { en: 'not a regular file, skipped', zh: '不是普通文件，已跳过' },
    remedy: { en: 'Nothing.', zh: '无需处理。' },
  },
  'evidence-changed': {
    severity: 'data-loss',
    message: { en: 'changed while it was read', zh: '读取过程中文件发生了变化' },
    remedy: {
      en: 'Run again on a copy, or after strace and cron have finished.',
      zh: '请对副本运行，或等 strace 与 cron 结束后再运行。',
    },
  },
  'evidence-two-pids': {
    severity: 'info',
    message: {
      en: 'the name holds several numbers that could be the pid; the first was taken',
      zh: '文件名中有多个可能的进程号，取第一个',
    },
    remedy: {
      en: 'Name snapshots smaps_PID_STAMP with one pid each.',
      zh: '请将快照命名为 smaps_PID_时间，每个文件一个进程号。',
    },
  },
  'evidence-duplicate': {
    severity: 'info',
    message: {
      en: 'the same file is in the evidence twice; read once',
      zh: '证据中有相同的文件，只读取一次',
    },
    remedy: { en: 'Nothing.', zh: '无需处理。' },
  },
  'side-evidence-empty': {
    severity: 'info',
    message: { en: 'recognised, but holds nothing of use here', zh: '可识别，但没有可用的内容' },
    remedy: { en: 'Nothing.', zh: '无需处理。' },
  },
  'evidence-archive-refused': {
    severity: 'data-loss',
    message: { en: 'not unpacked', zh: '未解包' },
    remedy: {
      en: 'Look at the archive, unpack it by hand into a folder, and give that folder.',
      zh: '请检查该归档，手动解压到目录后再指定该目录。',
    },
  },
  'evidence-archive-damaged': {
    severity: 'data-loss',
    message: {
      en: 'damaged archive: what was read before the damage is used',
      zh: '归档损坏：仅使用损坏处之前的内容',
    },
    remedy: { en: 'Copy the archive again from where it was made.', zh: '请从原处重新复制该归档。' },
  },

  // Snapshots: smaps, smaps_rollup, maps, pmap.
  'smaps-empty': {
    severity: 'info',
    message: {
      en: 'no mapping in it: the process was not there, or smaps was not readable',
      zh: '其中没有任何映射：进程不存在，或 smaps 不可读',
    },
    remedy: {
      en: 'Nothing for a process that had ended; else collect as the same user or as root.',
      zh: '如果进程已退出则无需处理；否则请以同一用户或 root 采集。',
    },
  },
  'smaps-cut': {
    severity: 'data-loss',
    message: {
      en: 'ends inside a mapping: its sums are lower bounds and no trend uses them',
      zh: '文件在某个映射中间结束：合计值只是下限，不用于趋势',
    },
    remedy: {
      en: 'Copy the file again, or leave it out: the other snapshots stand.',
      zh: '请重新复制该文件，或将其去掉：其他快照不受影响。',
    },
  },
  'smaps-fields-without-header': {
    severity: 'data-loss',
    message: { en: 'fields whose mapping has no header line', zh: '有字段但缺少所属映射的首行' },
    remedy: {
      en: 'Collect whole files: cat /proc/PID/smaps, not tail or grep.',
      zh: '请采集完整文件：用 cat /proc/PID/smaps，而不是 tail 或 grep。',
    },
  },
  'smaps-damaged-header': {
    severity: 'data-loss',
    message: { en: 'the first line of a mapping is not whole', zh: '映射的首行不完整' },
    remedy: {
      en: 'Copy the file again without an editor or mailer between.',
      zh: '请重新复制文件，不要经过编辑器或邮件。',
    },
  },
  'smaps-wrapped-header': {
    severity: 'info',
    message: {
      en: 'the first line of a mapping was wrapped, joined again',
      zh: '映射的首行被折行，已重新拼接',
    },
    remedy: { en: 'Nothing.', zh: '无需处理。' },
  },
  'smaps-range-mended': {
    severity: 'data-loss',
    message: {
      en: 'an address lost its first digits; mended by Size or by the end of the range',
      zh: '地址丢失了开头的数字，已按 Size 或区间终点修正',
    },
    remedy: { en: 'Copy the file again.', zh: '请重新复制该文件。' },
  },
  'smaps-bad-range': {
    severity: 'data-loss',
    message: {
      en: 'the start of a range lies above its end; the mapping is left out',
      zh: '区间起点大于终点，该映射被略去',
    },
    remedy: { en: 'Copy the file again.', zh: '请重新复制该文件。' },
  },
  'smaps-size-mismatch': {
    severity: 'data-loss',
    message: { en: 'Size and range of a mapping disagree', zh: '映射的 Size 与地址区间不一致' },
    remedy: { en: 'Copy the file again.', zh: '请重新复制该文件。' },
  },
  'smaps-bad-value': {
    severity: 'data-loss',
    message: { en: 'a field without a whole number', zh: '字段没有完整的数值' },
    remedy: { en: 'Copy the file again.', zh: '请重新复制该文件。' },
  },
  'smaps-field-missing': {
    severity: 'data-loss',
    message: { en: 'a field that the other mappings have is missing', zh: '缺少其他映射都有的字段' },
    remedy: { en: 'Copy the file again.', zh: '请重新复制该文件。' },
  },
  'smaps-duplicate-field': {
    severity: 'info',
    message: {
      en: 'a field twice in one mapping with different values, the last was taken',
      zh: '同一映射中某字段出现两次且数值不同，取最后一个',
    },
    remedy: { en: 'Nothing.', zh: '无需处理。' },
  },
  'smaps-too-many-fields': {
    severity: 'data-loss',
    message: {
      en: 'more kinds of fields than any kernel prints, the rest left out',
      zh: '字段种类多于任何内核的输出，其余略去',
    },
    remedy: { en: 'Copy the file again.', zh: '请重新复制该文件。' },
  },
  'smaps-block-without-fields': {
    severity: 'data-loss',
    message: { en: 'a mapping without any field', zh: '某个映射没有任何字段' },
    remedy: { en: 'Copy the file again.', zh: '请重新复制该文件。' },
  },
  'smaps-unreadable-line': {
    severity: 'data-loss',
    message: { en: 'neither a mapping nor a field, skipped', zh: '既不是映射也不是字段，已跳过' },
    remedy: {
      en: 'Nothing, where it is prose; else copy the file again.',
      zh: '如果是说明文字则无需处理；否则请重新复制该文件。',
    },
  },
  'smaps-line-too-long': {
    severity: 'data-loss',
    message: { en: 'a line too long for smaps, skipped', zh: '行过长，不可能是 smaps 内容，已跳过' },
    remedy: {
      en: 'Look at the file: it is damaged or something else.',
      zh: '请检查该文件：它已损坏或不是 smaps。',
    },
  },
  'smaps-unsorted': {
    severity: 'info',
    message: { en: 'mappings not in order of addresses, sorted', zh: '映射未按地址排序，已排序' },
    remedy: { en: 'Nothing.', zh: '无需处理。' },
  },
  'smaps-read-twice': {
    severity: 'info',
    message: {
      en: 'a mapping was read twice while it grew; the wider, later one was taken',
      zh: '映射在增长过程中被读到两次，取较大的后一次',
    },
    remedy: { en: 'Nothing.', zh: '无需处理。' },
  },
  'smaps-overlap': {
    severity: 'data-loss',
    message: { en: 'ranges overlap in part, both kept', zh: '地址区间部分重叠，均予保留' },
    remedy: { en: 'Copy the file again.', zh: '请重新复制该文件。' },
  },
  'smaps-several-processes': {
    severity: 'info',
    message: { en: 'another process begins without a banner', zh: '未见分隔标题即开始另一个进程' },
    remedy: {
      en: 'Collect one file a process, so that each keeps its pid and time.',
      zh: '请每个进程单独采集一个文件，以保留进程号和时间。',
    },
  },
  'smaps-text-after-flags': {
    severity: 'info',
    message: { en: 'text behind VmFlags, left out', zh: 'VmFlags 之后有多余文字，已略去' },
    remedy: { en: 'Nothing.', zh: '无需处理。' },
  },
  'pmap-doubled-rows': {
    severity: 'info',
    message: {
      en: 'rows printed twice, the second time with zeros; those left out',
      zh: '行被重复输出且第二次全为零，已略去',
    },
    remedy: {
      en: 'Nothing: this pmap does so on newer kernels.',
      zh: '无需处理：该版本 pmap 在较新内核上即如此。',
    },
  },
  'smaps-foreign-section': {
    severity: 'info',
    message: { en: 'a part of another /proc file, left out', zh: '其他 /proc 文件的内容，已略去' },
    remedy: { en: 'Nothing.', zh: '无需处理。' },
  },
  // Time line and clocks (src/timeline)
  'snapshot-without-time': {
    severity: 'data-loss',
    message: { en: 'no time stamp, so it has no place on the time line', zh: '没有时间戳，无法放入时间线' },
    remedy: {
      en: 'Name snapshots smaps_<pid>_<YYYYmmddHHMMSS>.',
      zh: '请将快照命名为 smaps_<pid>_<YYYYmmddHHMMSS>。',
    },
  },
  'snapshot-without-pid': {
    severity: 'data-loss',
    message: {
      en: 'the name tells no pid (shown as 0)',
      zh: '文件名没有给出进程号（显示为 0）',
    },
    remedy: {
      en: 'Name snapshots smaps_<pid>_<YYYYmmddHHMMSS>.',
      zh: '请将快照命名为 smaps_<pid>_<YYYYmmddHHMMSS>。',
    },
  },
  'snapshots-same-time': {
    severity: 'info',
    message: { en: 'two snapshots of one pid carry the same stamp', zh: '同一进程的两个快照时间戳相同' },
    remedy: { en: 'Use stamps with seconds.', zh: '请使用精确到秒的时间戳。' },
  },
  'lineages-omitted': {
    severity: 'info',
    message: {
      en: 'more mapping histories than are kept; those that changed least are left out',
      zh: '映射历史过多，变化最小的已略去',
    },
    remedy: { en: 'Nothing: totals and kinds count them all.', zh: '无需处理：合计与分类仍包含全部映射。' },
  },
  'lineage-points-thinned': {
    severity: 'info',
    message: { en: 'mapping histories are thinned out', zh: '映射历史已抽稀' },
    remedy: { en: 'Split the capture for every point.', zh: '如需全部数据点，请拆分采集。' },
  },
  'changes-omitted': {
    severity: 'info',
    message: {
      en: 'more changes than are kept; the smallest of each pair are only summed up',
      zh: '变化过多，每对快照中最小的变化仅计入合计',
    },
    remedy: { en: 'Nothing: the sums hold.', zh: '无需处理：合计仍然成立。' },
  },
  // strace
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
      en: 'lines longer than 1 MiB: the call counts, its result is unknown',
      zh: '超过 1 MiB 的行：调用已计数，结果未知',
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
  // Replay of the address space (src/attribution)
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

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CATALOGUE
