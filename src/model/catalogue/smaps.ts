import type { DiagnosticKind } from '../diagnostic-kind.ts'

/** Snapshots: smaps, smaps_rollup, maps, pmap. */
export const SMAPS_DIAGNOSTICS = {
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
      en: 'a range that cannot be (it ends before it starts, or is larger than any address space); the mapping is left out',
      zh: '不可能的地址范围（终点在起点之前，或大于任何地址空间）；该映射已略去',
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
    message: { en: 'a field without a number that can be', zh: '字段没有可能的完整数值' },
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
} as const satisfies Record<string, DiagnosticKind>
