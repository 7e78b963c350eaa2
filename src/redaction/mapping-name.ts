import type { Keeper } from './keeper.ts'
import { objectName, redactPath } from './paths.ts'
import { redactText } from './text.ts'

/** How names begin that allocators, language runtimes and the kernel give to their memory (prctl PR_SET_VMA). */
const RUNTIME_NAME =
  /^\s*(?:Go: |dalvik|scudo|glibc|libc_malloc|jemalloc|mimalloc|tcmalloc|v8|cppgc|JS|\.bss|stack_and_tls|thread |linker|partition_alloc|art|jit|bionic|stack|Metaspace|Java|JVM|malloc)/
/** Words such names are made of; any other word in one is the program's. */
const RUNTIME_WORDS = new Set(
  `go dalvik scudo glibc libc malloc libc_malloc jemalloc jemalloc_pg jemalloc_pg_overcommit mimalloc tcmalloc v8 cppgc
  js bss stack stack_and_tls tls thread threads linker linker_alloc linker_alloc_small_objects linker_alloc_vector
  partition_alloc art jit bionic bionic_alloc_small_objects signal guard page pages metaspace java jvm arena arenas
  pthread user loader heap heaps reservation immortal metadata alloc allocator bits profiler hash buckets trace buffer
  index aligned memory main space region zygote non moving large object objects free list linear linearalloc indirect
  ref table code cache data local mark rosalloc map card live bitmap bitmaps sentinel compiler allocspace property
  context nodes primary secondary primary_reserve secondary_reserve reserve cage isolate old new young from to and of
  in extracted global internal init`
    .split(/\s+/)
    .filter(Boolean),
)
const WORD = /(?:w|n)-[0-9a-f]{12}|[A-Za-z0-9_$]+/g

/** Last parts of names that the kernel gives to objects without a file. */
const KERNEL_OBJECT = /^(?:zero|SYSV[0-9a-f]{8}|anon_hugepage)(?: \([delt]*\)?)?$|^memfd:(?: \([delt]*\)?)?$/

/** The name column of smaps: what the kernel invents stays, names that a program chose are text of the customer. */
export function mappingName(name: string, keeper: Keeper): string {
  if (name === '') return name
  const named = /^(\[(?:anon|anon_shmem):)(.*)(\])$/s.exec(name)
  if (named) return named[1] + anonymousName(named[2]!, keeper) + named[3]
  if (name.startsWith('[') && name.endsWith(']')) return redactText(name, keeper)
  if (name.startsWith('/')) return redactPath(name, keeper)
  if (/^(?:anon_inode:|socket:|pipe:|\/\/)/.test(name)) return redactText(name, keeper)
  if (!keeper.strict || KERNEL_OBJECT.test(name)) return redactText(name, keeper)
  // pmap -X prints the last part of a path only, cut to its column.
  const [, kept, own, suffix] = /^(memfd:|)(.*?)( \([delt]*\)?)?$/s.exec(name)!
  return kept + (kept === '' ? redactPath(own!, keeper) : objectName(own!, keeper)) + (suffix ?? '')
}

/** Shared with strace's prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, …, "name"). */
export function anonymousName(name: string, keeper: Keeper): string {
  if (!keeper.strict || keeper.isToken(name)) return redactText(name, keeper)
  // A name that says `jit` is taken for compiled code by the analysis.
  if (!RUNTIME_NAME.test(name) && !/\bjit\b/i.test(name)) return keeper.name('word', name)
  return name.replace(WORD, (word) =>
    RUNTIME_WORDS.has(word.toLowerCase()) || /^\d+$/.test(word) || keeper.isToken(word)
      ? word
      : keeper.name('word', word),
  )
}
