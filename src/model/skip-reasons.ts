/** Why a file is not read, where the reason is no accident: what it is instead, or what it is to another file. */
import { archiveSentence } from './archive-reasons.ts'
import type { Sentence } from './sentence.ts'

export const SKIP_REASONS = {
  empty: { en: 'empty file', zh: '空文件' },
  same: { en: 'the same as ', zh: '内容相同：' },
  nulBytes: {
    en: 'holds only NUL bytes, as a file does that was open when the machine went down',
    zh: '只含 NUL 字节，常见于机器宕机时仍打开的文件',
  },
  elf: { en: 'an ELF file (a program, a library or a core dump)', zh: 'ELF 文件（程序、库或 core dump）' },
  picture: { en: 'a picture', zh: '图片' },
  pdf: { en: 'a PDF document', zh: 'PDF 文档' },
  perf: { en: 'a perf.data file', zh: 'perf.data 文件' },
  binary: { en: 'binary data of no known kind', zh: '类型不明的二进制数据' },
  html: {
    en: 'an HTML page, not smaps, strace or side evidence',
    zh: 'HTML 页面，不是 smaps、strace 或辅助证据',
  },
  json: {
    en: 'JSON or a configuration, not smaps, strace or side evidence',
    zh: 'JSON 或配置文件，不是 smaps、strace 或辅助证据',
  },
  script: { en: 'a script, not smaps, strace or side evidence', zh: '脚本，不是 smaps、strace 或辅助证据' },
  text: {
    en: 'text of no known kind: not smaps, strace or side evidence',
    zh: '类型不明的文本：不是 smaps、strace 或辅助证据',
  },
  denied: {
    en: 'holds only the message that reading was not permitted: collect it as root or as the same user',
    zh: '只含没有读取权限的提示：请以 root 或同一用户重新采集',
  },
  linkOut: { en: 'a symbolic link out of the evidence, not followed', zh: '指向证据之外的符号链接，未跟随' },
  linkInside: {
    en: 'a symbolic link; its target is in the evidence and is read there',
    zh: '符号链接；其目标在证据中，已在原处读取',
  },
  linkRenames: {
    en: "a symbolic link; its target is read under its own name, without the pid or time of the link's",
    zh: '符号链接；其目标按自己的名称读取，不含链接名中的进程号或时间',
  },
  special: { en: 'a pipe, socket or device, not a file', zh: '管道、套接字或设备，不是文件' },
} as const satisfies Record<string, Sentence>

const BY_TEXT = new Map<string, Sentence>(Object.values(SKIP_REASONS).map((reason) => [reason.en, reason]))

/** A reason, or a detail of a diagnostic, in every language; what the system or a library says stays as it is. */
export function reasonSentence(text: string): Sentence {
  const { same } = SKIP_REASONS
  if (text.startsWith(same.en)) return { en: text, zh: same.zh + text.slice(same.en.length) }
  return BY_TEXT.get(text) ?? archiveSentence(text, reasonSentence) ?? { en: text, zh: text }
}
