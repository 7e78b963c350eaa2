/** What a reader calls each kind of mapping. */
import type { MappingKind } from '../../model/mapping-kind.ts'
import type { Sentence } from '../../model/sentence.ts'
import { say } from './say.ts'

export const KIND_NAMES: Readonly<Record<MappingKind, Sentence>> = {
  'main-heap': say('[heap]', '[heap]'),
  'malloc-arena': say('malloc arenas', 'malloc arena'),
  'malloc-arena-reserve': say('reserve of malloc arenas', 'malloc arena 的保留区'),
  'thread-stack': say('thread stacks', '线程栈'),
  'stack-guard': say('stack guards', '线程栈保护页'),
  'main-stack': say('the main stack', '主线程栈'),
  anonymous: say('anonymous mappings', '匿名映射'),
  'anonymous-reserve': say('reserved anonymous mappings', '保留的匿名映射'),
  'named-anonymous': say('named anonymous mappings', '命名匿名映射'),
  'file-text': say('program text', '程序代码段'),
  'file-data': say('read-only file data', '只读文件数据'),
  'file-private-dirty': say('private copies of file pages', '文件页的私有副本'),
  'file-shared': say('shared file mappings', '共享文件映射'),
  'shared-memory': say('shared memory', '共享内存'),
  'huge-pages': say('huge pages', '大页'),
  jit: say('compiled code', '即时编译代码'),
  'managed-heap': say('the managed heap', '托管堆'),
  device: say('device mappings', '设备映射'),
  kernel: say('kernel pages', '内核页'),
  rollup: say('all mappings together', '全部映射合计'),
}
