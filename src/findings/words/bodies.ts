/** What each body of memory and each mechanism is called, and which verb the calls justify. */
import type { Mechanism } from '../../model/attribution.ts'
import type { Sentence } from '../../model/sentence.ts'
import type { BodyName } from '../growth.ts'
import { say } from './say.ts'

export const BODY_NAMES: Readonly<Record<BodyName, Sentence>> = {
  'main-heap': say('[heap]', '[heap]'),
  'malloc-arenas': say('Memory of the malloc arenas', 'malloc arena 的内存'),
  'thread-stacks': say('Address space of thread stacks', '线程栈的地址空间'),
  anonymous: say('Anonymous memory', '匿名内存'),
  'managed-heap': say('The managed heap', '托管堆'),
  'shared-objects': say('Memory of shared mappings', '共享映射占用的内存'),
  'private-files': say('Memory of privately mapped files', '私有文件映射占用的内存'),
  reservations: say('Reserved address space', '保留的地址空间'),
}

/** The same where mapped size is what grew, touched or not. */
export const SPACE_NAMES: Readonly<Record<BodyName, Sentence>> = {
  ...BODY_NAMES,
  'main-heap': say('The size of [heap]', '[heap] 的大小'),
  'malloc-arenas': say('The opened size of the malloc arenas', 'malloc arena 已开放的大小'),
  anonymous: say('Address space of anonymous mappings', '匿名映射的地址空间'),
  'managed-heap': say('Address space of the managed heap', '托管堆的地址空间'),
  'shared-objects': say('Address space of shared mappings', '共享映射的地址空间'),
  'private-files': say('Address space of privately mapped files', '私有文件映射的地址空间'),
}

interface MechanismWords {
  /** `maps memory`: what the thread is seen to do. */
  readonly does: Sentence
  /** What one act of it is called: `mapping`, `mappings`. */
  readonly one: string
  readonly many: string
  readonly zh: string
}

export const MECHANISM_WORDS: Readonly<Record<Mechanism, MechanismWords>> = {
  'main-heap-brk': {
    does: say('extends [heap] by brk', '通过 brk 扩展 [heap]'),
    one: 'extension',
    many: 'extensions',
    zh: '次扩展',
  },
  'mmap-anon': {
    does: say('maps anonymous memory', '映射匿名内存'),
    one: 'mapping',
    many: 'mappings',
    zh: '次映射',
  },
  'malloc-arena': {
    does: say('enlarges its malloc arena by mprotect', '通过 mprotect 扩大其 malloc arena'),
    one: 'enlargement',
    many: 'enlargements',
    zh: '次扩大',
  },
  'thread-stack': {
    does: say('starts the threads whose stacks stay mapped', '启动的线程，其栈一直保持映射'),
    one: 'stack',
    many: 'stacks',
    zh: '个线程栈',
  },
  'file-mapping': {
    does: say('maps files', '映射文件'),
    one: 'mapping',
    many: 'mappings',
    zh: '次映射',
  },
  'shared-memory': {
    does: say('maps shared objects', '映射共享内存对象'),
    one: 'mapping',
    many: 'mappings',
    zh: '次映射',
  },
  reservation: {
    does: say('reserves address space without access', '以不可访问方式保留地址空间'),
    one: 'reservation',
    many: 'reservations',
    zh: '次保留',
  },
  mremap: {
    does: say('enlarges one block by mremap', '通过 mremap 扩大同一块内存'),
    one: 'enlargement',
    many: 'enlargements',
    zh: '次扩大',
  },
  'managed-heap': {
    does: say('maps memory for the managed heap', '为托管堆映射内存'),
    one: 'mapping',
    many: 'mappings',
    zh: '次映射',
  },
  other: {
    does: say('acquires memory', '获取内存'),
    one: 'allocation',
    many: 'allocations',
    zh: '次分配',
  },
}
