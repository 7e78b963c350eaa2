import type { MappingKind } from '../model/mapping-kind.ts'

/**
 * Kinds that the name alone settles; the first row that matches wins. Only the whole name decides: `/tmp/[heap]` is a
 * file. Names: fs/proc/task_mmu.c (`get_vma_name`), glibc sysdeps/unix/sysv/linux/setvmaname.h, Go runtime
 * mem_linux.go, bionic pthread_create.cpp, ART mem_map.cc. pmap prints only the last part of a path.
 */
export interface NameRule {
  readonly kind: MappingKind
  readonly pattern: RegExp
  /** Mappings without any access get this kind instead. */
  readonly inaccessible?: MappingKind
  /** Holds only for MAP_SHARED (`shared`) or MAP_PRIVATE (`private`) mappings. */
  readonly only?: 'shared' | 'private'
  /** The name is a convention, not a certainty. */
  readonly guess?: true
}

export const NAME_RULES: readonly NameRule[] = [
  { kind: 'rollup', pattern: /^\[rollup\]$/ },
  { kind: 'main-heap', pattern: /^\[heap\]$/ },
  { kind: 'main-stack', pattern: /^\[stack\]$/ },
  { kind: 'thread-stack', pattern: /^\[stack:\d+\]$/, inaccessible: 'stack-guard' },
  {
    kind: 'thread-stack',
    pattern: /^\[anon: ?glibc: pthread (?:user )?stack\b.*\]$/,
    inaccessible: 'stack-guard',
  },
  { kind: 'stack-guard', pattern: /^\[anon:thread (?:signal )?stack guard(?: page)?\]$/ },
  {
    kind: 'thread-stack',
    pattern: /^\[anon:(?:stack_and_tls:.*|thread signal stack)\]$/,
    inaccessible: 'stack-guard',
  },
  {
    kind: 'malloc-arena',
    pattern: /^\[anon: ?glibc: malloc arena\]$/,
    inaccessible: 'malloc-arena-reserve',
  },
  { kind: 'jit', pattern: /^\[anon:[^\]]*\bjit\b.*\]$/i },
  { kind: 'jit', pattern: /^\/(?:memfd:|dev\/ashmem\/)(?:[^/]*jit|doublemapper)/i },
  { kind: 'managed-heap', pattern: /^\[anon: Go: .*\]$/, inaccessible: 'anonymous-reserve' },
  {
    kind: 'managed-heap',
    pattern: /^(?:\[anon:|\/dev\/ashmem\/)dalvik-/,
    inaccessible: 'anonymous-reserve',
  },
  { kind: 'managed-heap', pattern: /^\[anon:v8\b.*\]$/i, inaccessible: 'anonymous-reserve' },
  { kind: 'shared-memory', pattern: /^\[anon_shmem:.*\]$/ },
  { kind: 'named-anonymous', pattern: /^\[anon:.*\]$/, inaccessible: 'anonymous-reserve' },
  { kind: 'kernel', pattern: /^\[(?:vdso(?:32)?|vvar(?:_vclock)?|vsyscall|vectors|sigpage|uprobes|gate)\]$/ },
  { kind: 'kernel', pattern: /^\[[^\]]*\]$/, guess: true },
  { kind: 'huge-pages', pattern: /^\/?anon_hugepage\b/ },
  { kind: 'huge-pages', pattern: /^\/(?:dev|mnt|run)\/huge(?:pages|tlbfs)?[^/]*\// },
  { kind: 'shared-memory', pattern: /^\/?SYSV[0-9a-f]{8}\b/, only: 'shared' },
  { kind: 'shared-memory', pattern: /^\/(?:dev|run)\/shm\//, only: 'shared' },
  { kind: 'shared-memory', pattern: /^\/?memfd:/, only: 'shared' },
  { kind: 'shared-memory', pattern: /^\/dev\/ashmem\// },
  { kind: 'shared-memory', pattern: /^(?:\/dev\/)?zero(?: \(deleted\))?$/, only: 'shared' },
  { kind: 'anonymous', pattern: /^(?:\/dev\/)?zero(?: \(deleted\))?$/, only: 'private' },
  { kind: 'anonymous', pattern: /^\/\/anon$/, inaccessible: 'anonymous-reserve' },
  { kind: 'device', pattern: /^\/(?:dev\/(?!shm\/)|dmabuf:|drm mm object|i915\b)/ },
  { kind: 'device', pattern: /^(?:anon_inode|socket|pipe):/ },
]

/** Kinds of file mappings: by sharing and access. Private and writable means that written pages are the process's own. */
export function fileKind(shared: boolean, writable: boolean, executable: boolean): MappingKind {
  if (shared) return 'file-shared'
  if (writable) return 'file-private-dirty'
  return executable ? 'file-text' : 'file-data'
}
