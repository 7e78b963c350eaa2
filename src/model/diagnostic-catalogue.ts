import type { DiagnosticKind } from './diagnostics.ts'

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
      en: 'Name its target on the command line if it is evidence.',
      zh: '如果目标文件是证据，请在命令行中直接给出其路径。',
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
      en: 'the start of a range lies above its end; mended by Size',
      zh: '区间起点大于终点，已按 Size 修正',
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
  'smaps-foreign-section': {
    severity: 'info',
    message: { en: 'a part of another /proc file, left out', zh: '其他 /proc 文件的内容，已略去' },
    remedy: { en: 'Nothing.', zh: '无需处理。' },
  },
  // Time line and clocks (src/timeline)
  'snapshot-without-time': {
    severity: 'data-loss',
    message: { en: 'no time stamp, so it has no place on the time line', zh: '没有时间戳,无法放入时间线' },
    remedy: {
      en: 'Name snapshots smaps_<pid>_<YYYYmmddHHMMSS>.',
      zh: '请将快照命名为 smaps_<pid>_<YYYYmmddHHMMSS>。',
    },
  },
  'snapshot-without-pid': {
    severity: 'data-loss',
    message: {
      en: 'no pid, so it belongs to no process of the time line',
      zh: '没有进程号,无法归入任何进程',
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
      zh: '映射历史过多,变化最小的已略去',
    },
    remedy: { en: 'Nothing: totals and kinds count them all.', zh: '无需处理:合计与分类仍包含全部映射。' },
  },
  'lineage-points-thinned': {
    severity: 'info',
    message: { en: 'mapping histories are thinned out', zh: '映射历史已抽稀' },
    remedy: { en: 'Split the capture for every point.', zh: '如需全部数据点,请拆分采集。' },
  },
  'changes-omitted': {
    severity: 'info',
    message: {
      en: 'more changes than are kept; the smallest of each pair are only summed up',
      zh: '变化过多,每对快照中最小的变化仅计入合计',
    },
    remedy: { en: 'Nothing: the sums hold.', zh: '无需处理:合计仍然成立。' },
  },
  'trace-clock-unknown': {
    severity: 'data-loss',
    message: { en: 'the trace cannot be placed in time', zh: '无法确定该跟踪日志的时间位置' },
    remedy: {
      en: 'Give --strace-date, or trace with -ttt while snapshots are taken.',
      zh: '请给出 --strace-date,或在采集快照期间用 -ttt 跟踪。',
    },
  },
  'trace-clock-set-back': {
    severity: 'data-loss',
    message: {
      en: 'time runs backwards in the trace: the clock was set back',
      zh: '跟踪日志中时间倒退:时钟曾被回拨',
    },
    remedy: { en: 'Order across threads is not certain around it.', zh: '该处前后各线程之间的次序不确定。' },
  },
  'option-not-understood': {
    severity: 'error',
    message: { en: 'the option is not understood and was left out', zh: '无法理解该选项,已忽略' },
    remedy: {
      en: 'Dates are YYYY-MM-DD, zones are Area/City or +HH:MM.',
      zh: '日期格式为 YYYY-MM-DD,时区格式为 Area/City 或 +HH:MM。',
    },
  },
} as const satisfies Record<string, DiagnosticKind>

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CATALOGUE
