import type { Keeper } from './keeper.ts'
import { redactPath } from './paths.ts'
import { redactText } from './text.ts'

/** Names that allocators, language runtimes and the kernel give to their memory (prctl PR_SET_VMA). */
const RUNTIME_NAME =
  /^\s*(?:Go: |dalvik|scudo|glibc|libc_malloc|jemalloc|mimalloc|tcmalloc|v8|cppgc|JS|\.bss|stack_and_tls|thread |linker|partition_alloc|art|jit|bionic|stack|thread signal stack|Metaspace|Java|JVM|malloc|\.)[\w :.,()/-]*$/

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
  return kept + redactPath(own!, keeper) + (suffix ?? '')
}

/** Shared with strace's prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, …, "name"). */
export function anonymousName(name: string, keeper: Keeper): string {
  if (!keeper.strict || RUNTIME_NAME.test(name) || keeper.isToken(name)) return redactText(name, keeper)
  return keeper.name('word', name)
}
