import { redactCommandLine } from './command-line.ts'
import type { Keeper } from './keeper.ts'
import { anonymousName, mappingName } from './mapping-name.ts'
import { isSystemPath, redactEvidencePath } from './paths.ts'
import { redactText } from './text.ts'

/** What mailers and shells put before a line. */
const QUOTED = String.raw`[\s>|]*`
/** Header of smaps and maps; the name is everything behind the inode. */
const HEADER = new RegExp(
  String.raw`^(${QUOTED}[0-9a-f]{1,16}-[0-9a-f]{1,16} \S{3,5} [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ +\d+[ \t]*)(.*)$`,
  's',
)
/** The second half of a header that was wrapped behind the device. */
const WRAPPED = new RegExp(String.raw`^(${QUOTED}\d+[ \t]+)([/[].*)$`, 's')
const FIELD = new RegExp(String.raw`^${QUOTED}[A-Za-z][A-Za-z0-9_]*:[\s\d]*(?:kB?\s*)?$`)
const FLAGS = new RegExp(`^(${QUOTED}VmFlags:(?: *[a-z?]{2,4}(?= |$))* ?)(.*)$`, 's')
const NAME_FIELD = new RegExp(String.raw`^(${QUOTED}Name:\s*)(.*)$`, 's')
/** `cat: /proc/1085/smaps: No such process`: the file says by it that the process was not there. */
const GONE = /^(.*)(: No such (?:file or directory|process)\s*)$/s
/** `==> /root/smaps/smaps_1085_202004091306 <==` of tail. */
const BANNER = /^(.*==> )(.*)( <==.*)$/s
/** `1085:   /usr/sbin/nscd --option`, the title of pmap. */
const PMAP_TITLE = new RegExp(String.raw`^(${QUOTED}\d+:\s+)(\S.*)$`, 's')
/** A row of pmap up to its last column: numbers, permissions, device, flags. */
const PMAP_ROW = new RegExp(
  String.raw`^(${QUOTED}[0-9a-f]{8,16}(?:\s+(?:[\d.]+[KkMG]?B?|-|[r-][w-][x-][sp-][R-]?-?|[0-9a-f]{2,}:[0-9a-f]{2,}|[0-9a-f]{8,16}|[a-z?]{2})(?=\s|$))+\s*)(\S.*)?$`,
  's',
)
const PMAP_FRAME = new RegExp(
  String.raw`^.{0,128}\bInode\b.{0,512}\bRss\b|^${QUOTED}Address\s.*(?:Kbytes|Perm)|^${QUOTED}(?:total|mapped:)[\s\dKkBwriteable/privtshd:-]*$|^[\s>|\d=-]*(?:(?:K[Bb]?|kB)\s*)?$`,
)

/** Bytes of a row of pmap, a banner or a message: a path, each byte of it escaped, and its columns. */
const LONGEST_ROW = 1 << 14

/** One line of smaps, maps, smaps_rollup or pmap: names of mappings are all it can give away. */
export function redactSnapshotLine(line: string, keeper: Keeper): string {
  // What is no number comes again in every snapshot.
  return FIELD.test(line) ? line : keeper.cached('snapshot-line', line, (text) => redactOther(text, keeper))
}

function redactOther(line: string, keeper: Keeper): string {
  if (PMAP_FRAME.test(line)) return line
  const header = HEADER.exec(line) ?? WRAPPED.exec(line)
  if (header) return header[2] === '' ? line : header[1] + mappingName(header[2]!, keeper)
  const flags = FLAGS.exec(line)
  if (flags) return flags[1] + damaged(flags[2]!, keeper)
  const name = NAME_FIELD.exec(line)
  if (name) return name[1] + bracketed(name[2]!, keeper)
  if (line.length > LONGEST_ROW) return damaged(line, keeper)
  const title = PMAP_TITLE.exec(line)
  if (title) return title[1] + redactCommandLine(title[2]!, keeper)
  const row = PMAP_ROW.exec(line)
  if (row) return row[1] + (row[2] === undefined ? '' : mappingName(row[2], keeper))
  const gone = GONE.exec(line)
  if (gone) return damaged(gone[1]!, keeper) + gone[2]
  const banner = BANNER.exec(line)
  if (banner) return banner[1] + redactBanner(banner[2]!, keeper) + banner[3]
  return damaged(line, keeper)
}

const redactBanner = (path: string, keeper: Keeper): string =>
  isSystemPath(path) ? redactText(path, keeper) : redactEvidencePath(path, keeper)

function bracketed(name: string, keeper: Keeper): string {
  const named = /^(\[anon:)(.*)(\]\s*)$/s.exec(name)
  return named ? named[1] + anonymousName(named[2]!, keeper) + named[3] : anonymousName(name, keeper)
}

/** What a cut or damaged line may keep: addresses, permissions, devices, numbers and names of fields. */
const SNAPSHOT_WORD =
  /^(?:[^A-Za-z0-9]+|[0-9a-f]{1,16}(?:-[0-9a-f]{0,16})?|[r-][w-][x-][sp-]?|[0-9a-f]{1,}:[0-9a-f]*|\d+|kB?|[a-z?]{2}|(?:Size|Rss|Pss|Pss_[A-Z][a-z]+|Shared_[A-Z][a-z]+|Private_[A-Z][a-z]+|Referenced|Anonymous|LazyFree|AnonHugePages|ShmemPmdMapped|FilePmdMapped|ShmemHugePages|Swap|SwapPss|Locked|KSM|THPeligible|ProtectionKey|KernelPageSize|MMUPageSize|Nonlinear|VmFlags|Name|HugePFNMap):?)$/

function damaged(text: string, keeper: Keeper): string {
  if (!keeper.strict) return redactText(text, keeper)
  return text.replace(/[^\s"'<>,;(){}[\]\0]+/g, (word, offset: number) =>
    SNAPSHOT_WORD.test(word) ||
    keeper.isToken(word) ||
    keeper.isToken(text.slice(offset - 1, offset + word.length + 1))
      ? word
      : keeper.payload('damaged-line', word),
  )
}
