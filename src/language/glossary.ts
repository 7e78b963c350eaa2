/** The words of the page that a reader may not know: the kernel's and strace's own, explained once. */
import type { Sentence } from '../model/sentence.ts'

export const GLOSSARY = {
  Snapshot: {
    en: 'One copy of /proc/PID/smaps: every mapping of a process at one moment.',
    zh: '/proc/PID/smaps 的一份副本：某一时刻进程的全部映射。',
  },
  Mapping: {
    en: 'One range of addresses that the kernel keeps for a process (a VMA), with one owner: a file, the heap, a stack, or nothing (anonymous).',
    zh: '内核为进程保留的一段地址（VMA），归属于文件、堆、栈，或不归属任何文件（匿名）。',
  },
  Lineage: {
    en: 'The history of one mapping over all snapshots: appeared, grew, split, merged, moved, unmapped.',
    zh: '一个映射在所有快照中的历史：出现、增长、拆分、合并、移动、解除。',
  },
  Size: {
    en: 'Address space that is reserved. It need not be memory.',
    zh: '保留的地址空间，不一定占用内存。',
  },
  Rss: {
    en: 'Resident set size: what is in memory now, shared pages counted in full.',
    zh: '驻留大小：当前在内存中的部分，共享页全额计入。',
  },
  Pss: {
    en: 'Proportional set size: as Rss, but a page shared by n processes counts 1/n.',
    zh: '按比例驻留大小：同 Rss，但 n 个进程共享的页按 1/n 计。',
  },
  USS: {
    en: 'Unique set size: Private_Clean + Private_Dirty, what would be freed if the process ended.',
    zh: '独占大小：Private_Clean + Private_Dirty，进程结束后会释放的部分。',
  },
  brk: {
    en: 'The call that moves the end of [heap], the heap of the main arena of malloc.',
    zh: '移动 [heap]（malloc 主分配区的堆）末端的系统调用。',
  },
  mmap: {
    en: 'The call that makes a mapping; munmap takes it away, mremap resizes or moves it.',
    zh: '建立映射的系统调用；munmap 解除映射，mremap 调整大小或移动。',
  },
  'malloc arena': {
    en: 'A heap of its own that glibc gives to threads, 64 MiB of reserved addresses each; only the part made writable is in use.',
    zh: 'glibc 为线程提供的独立堆，每个保留 64 MiB 地址；只有变为可写的部分在使用。',
  },
  Replay: {
    en: 'The address space rebuilt from the calls in a trace, and compared with the snapshots.',
    zh: '由跟踪中的调用重建的地址空间，并与快照对照。',
  },
  Onset: { en: 'The moment at which the judged growth begins.', zh: '所判断的增长开始的时刻。' },
  Confidence: {
    en: 'How sure a statement is, 0 to 100. It is capped when a fact is missing that would settle it.',
    zh: '结论的把握程度，0 到 100。缺少可定论的事实时会有上限。',
  },
  Certain: { en: 'The replay proves it, by address.', zh: '回放可按地址证明。' },
  Likely: {
    en: 'Inferred from what the calls and the snapshots have in common.',
    zh: '由调用与快照的共同之处推断。',
  },
} as const satisfies Record<string, Sentence>
