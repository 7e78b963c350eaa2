import type { DiagnosticKind } from '../diagnostic-kind.ts'

/** Finding files and telling what they are. */
export const EVIDENCE_DIAGNOSTICS = {
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
  'evidence-leftover': {
    severity: 'info',
    message: {
      en: 'left there by a desktop, an editor or git, skipped',
      zh: '桌面系统、编辑器或 git 留下的文件，已跳过',
    },
    remedy: { en: 'Nothing.', zh: '无需处理。' },
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
      en: 'Name its target on the command line if it is evidence; where only the name of the link tells pid or time, run on a copy of the links made by cp -L.',
      zh: '如果其目标是证据，请在命令行中直接给出其路径；如果只有链接名包含进程号或时间，请用 cp -L 复制这些链接，再对副本运行。',
    },
  },
  'evidence-link-inside': {
    severity: 'info',
    message: { en: 'symbolic link into the evidence, not followed', zh: '指向证据内部的符号链接，未跟随' },
    remedy: { en: 'Nothing: its target was read.', zh: '无需处理：其目标已被读取。' },
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
      en: 'damaged archive: only what stands before the damage can be read',
      zh: '归档损坏：只能读取损坏处之前的内容',
    },
    remedy: { en: 'Copy the archive again from where it was made.', zh: '请从原处重新复制该归档。' },
  },
} as const satisfies Record<string, DiagnosticKind>
