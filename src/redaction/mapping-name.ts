import type { Keeper } from './keeper.ts'
import { redactPath } from './paths.ts'
import { redactText } from './text.ts'

/** Names that allocators, language runtimes and the kernel give to their memory (prctl PR_SET_VMA). */
const RUNTIME_NAME =
  /^\s*(?:Go: |dalvik|scudo|glibc|libc_malloc|jemalloc|mimalloc|tcmalloc|v8|cppgc|JS|\.bss|stack_and_tls|thread |linker|partition_alloc|art|jit|bionic|stack|thread signal stack|Metaspace|Java|JVM|malloc|\.)[\w :.,()/-]*$/

/** The name column of smaps: what the kernel invents stays, names that a program chose are text of the customer. */
export function mappingName(name: string, keeper: Keeper): string {
  if (name === '') return name
  const named = /^(\[(?:anon|anon_shmem):)(.*)(\])$/s.exec(name)
  if (named) return named[1] + anonymousName(named[2]!, keeper) + named[3]
  if (name.startsWith('[') && name.endsWith(']')) return redactText(name, keeper)
  if (name.startsWith('/')) return redactPath(name, keeper)
  if (/^(?:anon_inode:|socket:|pipe:|\/\/)/.test(name)) return redactText(name, keeper)
  return keeper.strict ? redactPath(name, keeper) : redactText(name, keeper)
}

/** Shared with strace's prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, …, "name"). */
export function anonymousName(name: string, keeper: Keeper): string {
  if (!keeper.strict || RUNTIME_NAME.test(name) || keeper.isToken(name)) return redactText(name, keeper)
  return keeper.name('word', name)
}
