import type { DiagnosticKind } from '../diagnostic-kind.ts'

/** Time line and clocks. */
export const TIMELINE_DIAGNOSTICS = {
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
} as const satisfies Record<string, DiagnosticKind>
