import { redactAddresses } from './hosts.ts'
import type { Keeper } from './keeper.ts'
import { redactText } from './text.ts'

/** Folders that a distribution fills: what lies in them says nothing about the customer. */
const SYSTEM =
  /^\/(?:system\/|apex\/|vendor\/|usr\/(?!local\/|home\/|src\/)|lib(?:32|64|x32)?\/|s?bin\/|proc\/|sys\/|nix\/store\/|dev\/(?!shm\/|mqueue\/|hugepages\/|mapper\/))/
const SYSTEM_FILES =
  /^\/(?:etc\/(?:ld\.so\.(?:cache|conf|preload)|nsswitch\.conf|passwd|group|shadow|hosts|host\.conf|resolv\.conf|services|protocols|localtime|timezone|locale\.alias|gai\.conf|machine-id|os-release|netgroup|mtab|fstab|nscd\.conf)|dev\/(?:null|zero|urandom|random|tty|ptmx)|SYSV[0-9a-f]{8}|anon_hugepage|memfd:)$/
/** First parts of a path that every machine has. */
const COMMON_ROOTS = new Set(
  'opt srv var tmp home mnt media run root etc usr local dev shm app data lib lib64 log bin sbin proc sys boot cache spool share mqueue hugepages mapper'.split(
    ' ',
  ),
)
/** Allocators and runtimes that the analysis recognises by the name of their library or program. */
const RUNTIME =
  /^(?:lib(?:c|m|rt|dl|pthread|stdc\+\+|gcc_s|jemalloc|tcmalloc(?:_minimal)?|mimalloc|jvm|java|python[\d.]*|v8|node|asan|tsan|lsan|ruby[\d.-]*|mono[\w.-]*|coreclr|hoard|rpmalloc|snmalloc|nss_[a-z]+|ssl|crypto|z)|ld(?:-linux[\w-]*|-musl-[\w]+)?)[-.\d]*(?:\.so[\d.]*)?$|^(?:java|node|nodejs|python[\d.]*|perl[\d.]*|ruby[\d.]*|php[\d.-]*(?:fpm)?|mono|dotnet|erl|beam\.smp|redis-server|nscd|nginx|postgres|mysqld|mongod)$/
/** The kind of a file; too short to name a customer. */
const EXTENSION = /\.(?:so(?:\.\d+)*|[A-Za-z][A-Za-z0-9]{0,4})$/
/** Parts that name kinds of evidence, process ids and stamps: they carry the analysis, not the customer. */
const EVIDENCE_WORD =
  /^(?:\d{1,20}|\d{1,8}[Tt]\d{0,9}Z?|\d{1,2}[hm]\d{0,2}|pid\d+|p\d+|smaps|maps|pmap|rollup|smaps_rollup|strace|trace|straces|traces|evidence|side|stack|stacks|threads|status|limits|fd|ps|comm|cmdline|cgroup|memory|meminfo|vmstat|dmesg|journal|malloc_info|summary|all|log|logs|out|txt|tar|tgz|gz|xz|zst|zip|pid|tid|T|Z)$/

const DELETED = ' (deleted)'

/** A path of the captured host. Its depth, the folders of the system and the kind of file stay readable. */
export function redactPath(path: string, keeper: Keeper): string {
  if (!keeper.strict || path === '') return redactText(path, keeper)
  return keeper.cached('path', path, (original) => {
    const gone = original.endsWith(DELETED)
    const plain = gone ? original.slice(0, -DELETED.length) : original
    return redactPlainPath(plain, keeper) + (gone ? DELETED : '')
  })
}

export const isSystemPath = (path: string): boolean => SYSTEM.test(path) || SYSTEM_FILES.test(path)

function redactPlainPath(path: string, keeper: Keeper): string {
  if (isSystemPath(path)) return redactText(path, keeper)
  if (path.startsWith('/memfd:')) return `/memfd:${part(path.slice('/memfd:'.length), keeper)}`
  const home = /^(\/(?:home|Users|users)\/)([^/]+)(.*)$/s.exec(path)
  if (home) return home[1] + keeper.name('user', home[2]!) + parts(home[3]!, keeper)
  return parts(path, keeper)
}

/** Name of a thread or program. Those of well-known programs say nothing about a customer. */
export function redactName(name: string, keeper: Keeper): string {
  if (!keeper.strict || RUNTIME.test(name)) return redactText(name, keeper)
  return keeper.name('thread', name)
}

function parts(path: string, keeper: Keeper): string {
  return path
    .split('/')
    .map((text) => (COMMON_ROOTS.has(text) ? text : part(text, keeper)))
    .join('/')
}

function part(text: string, keeper: Keeper): string {
  if (text === '' || text === '.' || text === '..' || RUNTIME.test(text) || keeper.isToken(text)) return text
  const extension = EXTENSION.exec(text)?.[0] ?? ''
  const stem = text.slice(0, text.length - extension.length)
  if (keeper.isToken(stem)) return text
  return stem === '' ? text : keeper.name('path', stem) + extension
}

/**
 * A file's path inside the capture. What discovery reads from names (pid, stamp, tid, kind) stays; every other word
 * becomes a token under `strict`.
 */
export function redactEvidencePath(path: string, keeper: Keeper): string {
  if (!keeper.strict) return redactText(`/${path}`, keeper).slice(1)
  return path
    .split('/')
    .map((text) =>
      redactAddresses(text, keeper, () => true).replace(/(?:[a-z]+-[0-9a-f]{12})|[^._\-:+!]+/g, (word) =>
        EVIDENCE_WORD.test(word) || keeper.isToken(word) ? word : keeper.name('word', word),
      ),
    )
    .join('/')
}
