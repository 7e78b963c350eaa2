import { FOREIGN_PREFIXES } from '../base/foreign-prefixes.ts'
import { PMAP_COLUMNS } from '../base/pmap-columns.ts'
import { redactCommandLine } from './command-line.ts'
import { foreignText } from './foreign-text.ts'
import { isHarmless } from './harmless-lines.ts'
import type { Keeper } from './keeper.ts'
import { anonymousName, mappingName } from './mapping-name.ts'
import { isSystemPath, redactEvidencePath } from './paths.ts'
import { redactText } from './text.ts'
import { hideWords, MAY_BE_WORD } from './words.ts'

/** What mailers and shells put before a line. */
const QUOTED = String.raw`[\s>|]*`
/** Header of smaps and maps; the name is everything behind the inode. */
const HEADER = new RegExp(
  String.raw`^(${QUOTED}[0-9a-f]{1,16}-[0-9a-f]{1,16} \S{3,5} [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ +\d+[ \t]*)(.*)$`,
  's',
)
/** The second half of a header that was wrapped behind the device, or behind the inode. */
const WRAPPED = new RegExp(
  String.raw`^(${QUOTED}(?:\d+[ \t]+)?)(/[^\s\0]*(?: \(deleted\))?|\[[^\][\0]*\])(\s*)$`,
  's',
)
/** The same where a blank stands in the name, and a row of ps: what stands behind the blank may be an argument. */
const COMMAND = new RegExp(String.raw`^(${QUOTED}(?:\d+[ \t]+)?)(/.*)$`, 's')
/** A line as a string of JSON, with the line end that stands in it. */
const JSON_STRING = /^([\s>]*")([^"]*?)((?:\\n)?"?,?)$/s
const FIELD = new RegExp(String.raw`^${QUOTED}[A-Za-z][A-Za-z0-9_]*:[\s\d]*(?:kB?\s*)?$`)
const FLAGS = new RegExp(`^(${QUOTED}VmFlags:(?: *[a-z?]{2,4}(?= |$))* ?)(.*)$`, 's')
const NAME_FIELD = new RegExp(String.raw`^(${QUOTED}Name:\s*)(.*)$`, 's')
/** `cat: /proc/1085/smaps: No such process`: the file says by it that the process was not there. */
const GONE = /^(.*)(: No such (?:file or directory|process)\s*)$/s
const GONE_FILE = /^[a-z]{2,8}: \/proc\/[\w/]+$/
/** `==> /root/smaps/smaps_1085_202004091306 <==` of tail; a `cmdline`, which ends in NUL, may stand in front. */
const BANNER = /^(.*\0)?(==> )(.*)( <==)$/s
/** `1085:   /usr/sbin/nscd --option`, the title of pmap. */
const PMAP_TITLE = new RegExp(String.raw`^(${QUOTED}\d+:\s+)(\S.*)$`, 's')
/** A row of pmap up to its last column: numbers, permissions, device, flags. */
const PMAP_ROW = new RegExp(
  String.raw`^(${QUOTED}[0-9a-f]{8,16}(?:\s+(?:[\d.]+[KkMG]?B?|-|[r-][w-][x-][sp-][R-]?-?|[0-9a-f]{2,}:[0-9a-f]{2,}|[0-9a-f]{8,16}|[a-z?]{2})(?=\s|$))+\s*)(\S.*)?$`,
  's',
)
const PMAP_FRAME = new RegExp(
  String.raw`^${QUOTED}(?:total|mapped:)[\s\dKkBwriteable/privtshd:-]*$|^[\s>|\d=-]*(?:(?:K[Bb]?|kB)\s*)?$`,
)
/** The heading of -X where other columns were chosen. */
const PMAP_CHOSEN = new RegExp(String.raw`^.{0,128}\bInode\b.{0,512}\bRss\b|^${QUOTED}Address\s.*Perm`)
/** Translations call the first columns differently; the others are names of fields. */
const PMAP_COLUMN =
  /(?<!\S)(?:Address|Kbytes|RSS|Anon|Locked|Dirty|Mode|Mapping|Perm|Offset|Device|Inode|Size|Rss|Pss|Swap)(?!\S)/g
const TOKENS = /\[\d+:[0-9a-f]{12}\]/g
/** Sums whose word is translated. */
const PMAP_SUM = new RegExp(String.raw`^(${QUOTED})([^\d\s>|]\S*)(\s+(?:kB(?:\s+[\d-]+)+|\d+K)\s*)$`)
const NO_TITLE = /[\d=:@/\\]/

/** Bytes of a row of pmap, a banner or a message: a path, each byte of it escaped, and its columns. */
const LONGEST_ROW = 1 << 14

/** One line of smaps, maps or smaps_rollup: names of mappings are all it can give away. */
export function redactSnapshotLine(line: string, keeper: Keeper): string {
  // What is no number comes again in every snapshot.
  return FIELD.test(line) ? line : keeper.cached('snapshot-line', line, (text) => redactOther(text, keeper))
}

/** The same for pmap. */
export function redactPmapLine(line: string, keeper: Keeper): string {
  return FIELD.test(line)
    ? line
    : keeper.cached('pmap-line', line, (text) => redactPmap(text, keeper) ?? redactOther(text, keeper))
}

function redactOther(line: string, keeper: Keeper): string {
  const header = HEADER.exec(line)
  if (header) return header[2] === '' ? line : header[1] + mappingName(header[2]!, keeper)
  const flags = FLAGS.exec(line)
  if (flags) return flags[1] + damaged(flags[2]!, keeper)
  const name = NAME_FIELD.exec(line)
  if (name) return name[1] + bracketed(name[2]!, keeper)
  if (line.length > LONGEST_ROW) return damaged(line, keeper)
  const wrapped = WRAPPED.exec(line)
  if (wrapped) return wrapped[1] + mappingName(wrapped[2]!, keeper) + wrapped[3]
  const command = COMMAND.exec(line)
  if (command) return command[1] + redactCommandLine(command[2]!, keeper)
  const json = JSON_STRING.exec(line)
  if (json) return json[1] + redactSnapshotLine(json[2]!, keeper) + json[3]
  const gone = GONE.exec(line)
  if (gone) return redactGone(gone[1]!, keeper) + gone[2]
  const banner = BANNER.exec(line)
  if (banner)
    return (
      hideWords(banner[1] ?? '', 'arguments', keeper) +
      banner[2] +
      redactBanner(banner[3]!, keeper) +
      banner[4]
    )
  return isHarmless(line) ? line : (prefixed(line, keeper) ?? damaged(line, keeper))
}

/** What pmap alone prints; `null` for any other line. */
function redactPmap(line: string, keeper: Keeper): string | null {
  if (PMAP_FRAME.test(line)) return line
  if (HEADER.test(line) || line.length > LONGEST_ROW) return null
  const heading = redactHeading(line, keeper)
  if (heading !== null) return heading
  const sum = PMAP_SUM.exec(line)
  if (sum) return sum[1] + hideWords(sum[2]!, 'damaged-line', keeper) + sum[3]
  const title = PMAP_TITLE.exec(line)
  if (title) return title[1] + redactCommandLine(title[2]!, keeper)
  const row = PMAP_ROW.exec(line)
  return row ? row[1] + (row[2] === undefined ? '' : mappingName(row[2], keeper)) : null
}

/** The names of the columns; `null` for any other line. */
function redactHeading(line: string, keeper: Keeper): string | null {
  if (NO_TITLE.test(line.replace(TOKENS, ''))) return null
  const told = PMAP_COLUMNS.exec(line)
  if (told?.groups?.fields !== undefined || PMAP_CHOSEN.test(line))
    // Where the last word stands tells where the names of mappings begin: nothing before it may change its length.
    return (line.match(PMAP_COLUMN)?.length ?? 0) >= 4 ? line : null
  if (!told) return null
  return line
    .split(/(\s+)/)
    .map((word) => (word.match(PMAP_COLUMN) ? word : hideWords(word, 'damaged-line', keeper)))
    .join('')
}

const redactGone = (text: string, keeper: Keeper): string =>
  !keeper.strict && GONE_FILE.test(text) ? redactText(text, keeper) : damaged(text, keeper)

const redactBanner = (path: string, keeper: Keeper): string =>
  isSystemPath(path) ? redactText(path, keeper) : redactEvidencePath(path, keeper)

function bracketed(name: string, keeper: Keeper): string {
  const named = /^(\[anon:)(.*)(\]\s*)$/s.exec(name)
  return named ? named[1] + anonymousName(named[2]!, keeper) + named[3] : anonymousName(name, keeper)
}

/** Fields of smaps by name. */
const FIELD_NAMES =
  'Size|Rss|Pss|Pss_[A-Z][a-z]+|Shared_[A-Z][a-z]+|Private_[A-Z][a-z]+|Referenced|Anonymous|LazyFree|AnonHugePages|ShmemPmdMapped|FilePmdMapped|ShmemHugePages|Swap|SwapPss|Locked|KSM|THPeligible|ProtectionKey|KernelPageSize|MMUPageSize|Nonlinear|VmFlags|Name|HugePFNMap'
/** What a cut or damaged line may keep: addresses, permissions, devices, numbers and names of fields. */
const SNAPSHOT_WORD = new RegExp(
  String.raw`^(?:[^A-Za-z0-9\x80-\xff]+|[0-9a-f]{1,16}(?:-[0-9a-f]{0,16})?|[r-][w-][x-][sp-]?|[0-9a-f]{1,}:[0-9a-f]*|\d+|kB?|[a-z?]{2}|(?:${FIELD_NAMES}):?)$`,
)

const WORDS = /[^\s"'<>,;(){}[\]\0]+/g
/** A range of addresses or the name of a field: what is left of a line of smaps. */
const BEGINS_SNAPSHOT = new RegExp(
  `^${QUOTED}(?:[0-9a-f]{4,16}-[0-9a-f]{4}|(?:Size|Rss|Pss|Shared|Private|VmFlags)[A-Za-z_]*:)`,
)

/** What a reader takes for a line of smaps when the prefix is off. */
const OWN_LINE = new RegExp(String.raw`^\s*"?(?:[0-9a-f]{1,16}-[0-9a-f]{1,16}(?: |$)|(?:${FIELD_NAMES}):)`)

/** A line of smaps behind what a log collector, a container or an editor wrote; `null` for any other. */
function prefixed(line: string, keeper: Keeper): string | null {
  const prefixes: string[] = []
  let own = line
  for (const form of FOREIGN_PREFIXES) {
    const prefix = form.exec(own)?.[0] ?? ''
    if (prefix !== '') prefixes.push(prefix)
    own = own.slice(prefix.length)
  }
  if (prefixes.length === 0 || !OWN_LINE.test(own)) return null
  return prefixes.map((prefix) => foreignText(prefix, keeper)).join('') + redactSnapshotLine(own, keeper)
}

/** A line in none of the forms: what others wrote between those of the kernel, numbers too, or one that was cut. */
function damaged(text: string, keeper: Keeper): string {
  const isCut =
    BEGINS_SNAPSHOT.test(text) ||
    text.match(WORDS)?.every((word) => SNAPSHOT_WORD.test(word) || word.startsWith('/')) === true
  return text.replace(WORDS, (word, offset: number) =>
    (isCut && SNAPSHOT_WORD.test(word)) ||
    !MAY_BE_WORD.test(word) ||
    keeper.isToken(word) ||
    keeper.isToken(text.slice(offset - 1, offset + word.length + 1))
      ? word
      : keeper.payload('damaged-line', word),
  )
}
