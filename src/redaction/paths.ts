import { LONGEST_COMM } from '../model/command-line.ts'
import { MEMORY_FILE } from '../model/place.ts'
import { redactAddresses } from './hosts.ts'
import type { Keeper } from './keeper.ts'
import { redactHomePath, redactText } from './text.ts'

/** Folders that a distribution fills: what lies in them says nothing about the customer. */
const SYSTEM =
  /^\/(?:system\/|apex\/|vendor\/|usr\/(?!local\/|home\/|src\/)|lib(?:32|64|x32)?\/|s?bin\/|proc\/|sys\/|nix\/store\/|dev\/(?!shm\/|mqueue\/|hugepages\/|mapper\/))/
const SYSTEM_FILES =
  /^\/(?:etc\/(?:ld\.so\.(?:cache|conf|preload)|nsswitch\.conf|passwd|group|shadow|hosts|host\.conf|resolv\.conf|services|protocols|localtime|timezone|locale\.alias|gai\.conf|machine-id|os-release|netgroup|mtab|fstab|nscd\.conf)|dev\/(?:null|zero|urandom|random|tty|ptmx)|SYSV[0-9a-f]{8}|anon_hugepage|memfd:)$/
/** `..` may lead out of the system, and another root or working directory is no part of it. */
const ELSEWHERE = /\/\.\.(?:\/|$)/
const OTHER_ROOT = /^(\/proc\/[^/]+\/(?:task\/\d+\/)?(?:root|cwd))(\/.*)$/s
/** Groups are called after services and customers; what the kernel and systemd call them stays. */
const CGROUP = /^\/sys\/fs\/cgroup\//
const CGROUP_PART =
  /^(?:sys|fs|cgroup|unified|systemd|system\.slice|user\.slice|machine\.slice|init\.scope|docker|kubepods(?:\.slice)?|(?:memory|cgroup|cpu|pids|io)(?:\.[a-z_.]+)?)$/
/** What drivers call their memory. */
const DRIVER_OBJECT = /^\/(?:drm mm object|i915)$/
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
/** Words that name kinds of evidence and folders of /proc; a process id may stand right behind one. */
const EVIDENCE_NAMES =
  'smaps|maps|pmap|rollup|strace|trace|straces|traces|evidence|side|stack|stacks|threads|status|limits|fd|ps|comm|cmdline|task|proc|sys|vm|cgroup|memory|meminfo|vmstat|dmesg|journal|malloc|info|summary|all|log|logs|out|txt|tar|tgz|gz|bz2|xz|zst|zip|pid|tid|p|T|Z'
/** Files of the kernel whose names are made of words that elsewhere name a customer, as Max does. */
const KERNEL_FILE = `(?:${MEMORY_FILE}|max_map_count)(?![a-z])`
/** Parts that say what a file is, of which process and from when: they carry the analysis, not the customer. */
const EVIDENCE_WORD = new RegExp(
  String.raw`^(?:\d{1,20}Z?|\d{1,8}T\d{0,9}Z?|\d{1,2}[hm]\d{0,2}(?:m\d{0,2}s?)?|(?:${EVIDENCE_NAMES})\d{0,20}|${KERNEL_FILE})$`,
  'i',
)
/** The words of a file's name, without what stands between them. */
const EVIDENCE_PART = new RegExp(String.raw`${KERNEL_FILE}|[a-z]+-[0-9a-f]{12}|[^._\-:+!\s=@,~#()[\]]+`, 'g')

/** What the kernel says behind the name of a file that is gone, and -yy behind that of a device. */
const BEHIND = / \(deleted\)$|<(?:char|block) \d{1,10}:\d{1,10}>$/
/** PATH_MAX, and room for what names an object of the kernel: what is longer is no path, whatever it looks like. */
const LONGEST_PATH = 4096 + 64
/** NAME_MAX. */
const LONGEST_NAME = 255

/** A path of the captured host. Its depth, the folders of the system and the kind of file stay readable. */
export function redactPath(path: string, keeper: Keeper): string {
  if (path === '') return path
  if (path.length > LONGEST_PATH) return keeper.name('path', path)
  return keeper.cached('path', path, (original) => {
    const behind = BEHIND.exec(original)?.[0] ?? ''
    const plain = original.slice(0, original.length - behind.length)
    const shown = keeper.strict
      ? redactPlainPath(plain, keeper)
      : redactText(redactHomePath(plain, keeper), keeper)
    return shown + behind
  })
}

export const isSystemPath = (path: string): boolean =>
  (SYSTEM.test(path) || SYSTEM_FILES.test(path)) && !ELSEWHERE.test(path)

function redactPlainPath(path: string, keeper: Keeper): string {
  const [, root, below] = OTHER_ROOT.exec(path) ?? []
  if (root !== undefined) return root + redactPlainPath(below!, keeper)
  if (CGROUP.test(path))
    return path
      .split('/')
      .map((text) => cgroupPart(text, keeper))
      .join('/')
  const [, object, own] = /^(\/(?:memfd|dmabuf):)(.*)$/s.exec(path) ?? []
  if (object !== undefined) return object + objectName(own!, keeper)
  const [, mount, folder, rest] = /^(\/(?:dev|mnt|run)\/)(huge[^/]*)(\/.*)$/s.exec(path) ?? []
  if (mount !== undefined) return mount + hugeFolder(folder!, keeper) + parts(rest!, keeper)
  if (isSystemPath(path) || DRIVER_OBJECT.test(path)) return redactText(path, keeper)
  const home = /^(\/(?:home|Users|users)\/)([^/]+)(.*)$/s.exec(path)
  if (home) return home[1] + keeper.name('user', home[2]!) + parts(home[3]!, keeper)
  return parts(path, keeper)
}

const isRuntime = (name: string): boolean => name.length <= LONGEST_NAME && RUNTIME.test(name)

/**
 * Name of a thread or program. Those of well-known programs say nothing about a customer. One in which a secret stands is
 * replaced as a whole: with the secret's token in it, it would be longer than a name can be.
 */
export function redactName(name: string, keeper: Keeper): string {
  if (keeper.strict && !isRuntime(name)) return keeper.name('thread', name)
  const shown = redactText(name, keeper)
  return shown === name || shown.length <= LONGEST_COMM ? shown : keeper.name('thread', name)
}

/** Name of a memfd or a dmabuf. One that says `jit` is taken for compiled code by the analysis. */
export function objectName(text: string, keeper: Keeper): string {
  if (/^(?:doublemapper|jit(?:-n-[0-9a-f]{12})?)$/i.test(text)) return text
  return /jit/i.test(text) ? `jit-${keeper.name('path', text)}` : part(text, keeper)
}

/** `/mnt/huge_1GB`: the analysis knows huge pages by how the folder's name begins. */
function hugeFolder(folder: string, keeper: Keeper): string {
  const [, kind, own] = /^(huge(?:pages|tlbfs)?)(.*)$/s.exec(folder)!
  if (/^(?:[-_]?\d*[kKmMgG]?[bB]?|-n-[0-9a-f]{12})$/.test(own!)) return folder
  return `${kind}-${keeper.name('path', own!)}`
}

function cgroupPart(text: string, keeper: Keeper): string {
  if (text === '' || CGROUP_PART.test(text)) return text
  const suffix = /\.(?:service|slice|scope)$/.exec(text)?.[0] ?? ''
  const stem = text.slice(0, text.length - suffix.length)
  return (keeper.isToken(stem) ? stem : keeper.name('path', stem)) + suffix
}

function parts(path: string, keeper: Keeper): string {
  return path
    .split('/')
    .map((text) => (COMMON_ROOTS.has(text) ? text : part(text, keeper)))
    .join('/')
}

function part(text: string, keeper: Keeper): string {
  if (text === '' || text === '.' || text === '..' || isRuntime(text) || keeper.isToken(text)) return text
  const extension = EXTENSION.exec(text)?.[0] ?? ''
  const stem = text.slice(0, text.length - extension.length)
  if (keeper.isToken(stem)) return text
  return stem === '' ? text : keeper.name('path', stem) + extension
}

/**
 * A file's path inside the capture. What discovery reads from names (pid, stamp, tid, kind) stays; every other word
 * becomes a token under `strict`. A secret in the name of a folder ends with it.
 */
export function redactEvidencePath(path: string, keeper: Keeper): string {
  if (!keeper.strict)
    return redactHomePath(`/${path}`, keeper)
      .slice(1)
      .split('/')
      .map((text) => redactText(text, keeper))
      .join('/')
  return path
    .split('/')
    .map((text) =>
      redactAddresses(text, keeper, () => true).replace(EVIDENCE_PART, (word) =>
        EVIDENCE_WORD.test(word) || keeper.isToken(word) ? word : keeper.name('word', word),
      ),
    )
    .join('/')
}
