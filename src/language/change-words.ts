/** What happened to a mapping, and to a process, in a reader's words; the codes of report.json stay as they are. */
import type { Sentence } from '../model/sentence.ts'
import type { ChangeKind, TimelineEvent } from '../model/timeline.ts'

export const CHANGE_WORDS = {
  appeared: { en: 'appeared', zh: '出现' },
  grew: { en: 'grew', zh: '增长' },
  shrank: { en: 'shrank', zh: '缩小' },
  split: { en: 'split', zh: '拆分' },
  merged: { en: 'merged', zh: '合并' },
  reprotected: { en: 'reprotected', zh: '权限改变' },
  moved: { en: 'moved', zh: '移动' },
  unmapped: { en: 'unmapped', zh: '解除映射' },
  touched: { en: 'touched', zh: '页被触碰' },
} as const satisfies Record<ChangeKind, Sentence>

export const EVENT_WORDS = {
  restart: { en: 'restart', zh: '重启' },
  start: { en: 'start', zh: '启动' },
  end: { en: 'end', zh: '结束' },
  absent: { en: 'absent', zh: '不在' },
  gap: { en: 'gap', zh: '缺口' },
  'cut-snapshot': { en: 'cut snapshot', zh: '快照不完整' },
  kill: { en: 'kill', zh: '被杀死' },
  'clock-step': { en: 'clock step', zh: '时钟跳变' },
} as const satisfies Record<TimelineEvent['kind'], Sentence>
