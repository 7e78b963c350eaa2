/** What a mapping or a mechanism is called for a reader; the kernel's own names stay as they are. */
import type { Mechanism } from '../model/attribution.ts'
import type { MappingKind } from '../model/mapping-kind.ts'
import type { Sentence } from '../model/sentence.ts'

export const KIND_WORDS = {
  'main-heap': { en: '[heap]', zh: '[heap]' },
  'malloc-arena': { en: 'malloc arena', zh: 'malloc arena' },
  'malloc-arena-reserve': { en: 'malloc arena, reserved', zh: 'malloc arena（保留）' },
  'thread-stack': { en: 'thread stack', zh: '线程栈' },
  'stack-guard': { en: 'stack guard', zh: '栈保护页' },
  'main-stack': { en: '[stack]', zh: '[stack]' },
  anonymous: { en: 'anonymous', zh: '匿名映射' },
  'anonymous-reserve': { en: 'anonymous, reserved', zh: '匿名映射（保留）' },
  'named-anonymous': { en: 'anonymous, named', zh: '匿名映射（已命名）' },
  'file-text': { en: 'file, code', zh: '文件（代码）' },
  'file-data': { en: 'file, data', zh: '文件（数据）' },
  'file-private-dirty': { en: 'file, private and written', zh: '文件（私有且已写）' },
  'file-shared': { en: 'file, shared', zh: '文件（共享）' },
  'shared-memory': { en: 'shared memory', zh: '共享内存' },
  'huge-pages': { en: 'huge pages', zh: '大页' },
  jit: { en: 'code made at run time', zh: '运行时生成的代码' },
  'managed-heap': { en: 'managed heap', zh: '托管堆' },
  device: { en: 'device', zh: '设备' },
  kernel: { en: '[vdso] and the like', zh: '[vdso] 等内核映射' },
  rollup: { en: 'all mappings (rollup)', zh: '全部映射（rollup）' },
} as const satisfies Record<MappingKind, Sentence>

export const MECHANISM_WORDS = {
  'main-heap-brk': { en: 'brk, the main heap', zh: 'brk（主堆）' },
  'mmap-anon': { en: 'mmap of anonymous memory', zh: 'mmap 匿名内存' },
  'malloc-arena': { en: 'malloc arena', zh: 'malloc arena' },
  'thread-stack': { en: 'thread stacks', zh: '线程栈' },
  'file-mapping': { en: 'mapped files', zh: '文件映射' },
  'shared-memory': { en: 'shared memory', zh: '共享内存' },
  mremap: { en: 'mremap', zh: 'mremap' },
  'managed-heap': { en: 'managed heap', zh: '托管堆' },
  other: { en: 'other', zh: '其他' },
  reservation: { en: 'address space reserved without access', zh: '以不可访问方式保留的地址空间' },
} as const satisfies Record<Mechanism, Sentence>
