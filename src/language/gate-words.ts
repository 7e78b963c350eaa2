/** What gates asked and what they found: the lines that say why the exit status is not 0. */
import type { Sentence } from '../model/sentence.ts'

export const GATE_WORDS = {
  noProblem: { en: 'no finding of severity problem', zh: '没有“问题”级别的发现' },
  noWarning: { en: 'no finding of severity warning or problem', zh: '没有“警告”或“问题”级别的发现' },
  noNewProblem: { en: 'no new finding of severity problem', zh: '没有新的“问题”级别的发现' },
  noNewWarning: {
    en: 'no new finding of severity warning or problem',
    zh: '没有新的“警告”或“问题”级别的发现',
  },
  none: { en: 'none', zh: '无' },
  noneNew: { en: 'none new, {n} known from the baseline', zh: '没有新的，{n} 项已见于基线' },
  noneUnexpected: { en: 'none but what is expected: {findings}', zh: '只有预期之内的：{findings}' },
  finding: { en: '{rule} ({severity}, {process})', zh: '{rule}（{severity}，{process}）' },
  acceptedUntil: { en: 'accepted until {until} ({reason})', zh: '接受至 {until}（{reason}）' },
  accepted: { en: 'accepted ({reason})', zh: '已接受（{reason}）' },
  foundExpected: { en: 'found {found}, expected {expected}', zh: '实际 {found}，要求 {expected}' },
  findingHead: {
    en: '{severity}, confidence {confidence} of 100, pid {pid}',
    zh: '{severity}，置信度 {confidence}/100，进程 {pid}',
  },
  stillFound: { en: 'still found after that day', zh: '在该日之后仍然发现' },
  noLongerFound: {
    en: 'no longer found: remove it from the configuration',
    zh: '不再发现：请从配置中删除该项',
  },
  aVerdict: { en: 'a verdict other than inconclusive', zh: '能够得出结论（不是 inconclusive）' },
  allRead: { en: 'all evidence read, nothing skipped or damaged', zh: '全部证据已读取，无跳过或损坏' },
  lost: {
    en: '{skipped} skipped, {n} sign of damage|{skipped} skipped, {n} signs of damage',
    zh: '跳过 {skipped} 个文件，损坏 {n} 处',
  },
  lostFirst: { en: '{lost}; first {file}: {reason}', zh: '{lost}；首先是 {file}：{reason}' },
  atMost: { en: 'at most {most}', zh: '不超过 {most}' },
  atLeast: { en: 'at least {least}', zh: '至少 {least}' },
  bytes: { en: '{n} bytes', zh: '{n} 字节' },
  notMeasured: { en: 'not measured: {reason}', zh: '未能测量：{reason}' },
  noProcess: { en: 'no process {program}', zh: '没有进程 {program}' },
  noProcessAtAll: { en: 'no process', zh: '没有进程' },
  moreProcesses: {
    en: '{count} more processes are not in this report; --pid chooses',
    zh: '另有 {count} 个进程不在本报告中；可用 --pid 选择',
  },
  noTrend: { en: 'no trend of {quantity} in this evidence', zh: '证据中没有 {quantity} 的趋势' },
  trendsLeftOut: {
    en: 'not all trends of this process are in this report; --pid chooses',
    zh: '该进程的趋势未全部列入本报告；可用 --pid 选择',
  },
  noMappings: { en: 'smaps_rollup has no mappings', zh: 'smaps_rollup 中没有映射' },
  noSnapshot: { en: 'no snapshot', zh: '没有快照' },
  noSnapshotWithRss: { en: 'no snapshot with Rss', zh: '没有含 Rss 的快照' },
  windowsLeftOut: {
    en: '{count} more window is not in this report|{count} more windows are not in this report',
    zh: '另有 {count} 个对照区间不在本报告中',
  },
  noTrace: { en: 'no trace of this process', zh: '没有该进程的跟踪' },
  noWindow: { en: 'no two snapshots inside a trace', zh: '跟踪时段内没有两个快照' },
} as const satisfies Record<string, Sentence>
