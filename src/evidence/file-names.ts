import { leafOf } from '../base/path-parts.ts'
import { DAY, HOUR, MINUTE, type Micros, micros, SECOND } from '../base/units.ts'
import type { NameHints } from '../model/evidence.ts'

/**
 * What a file name says: process, thread, run, instant. Names are the collector's own (cron lines differ), so this is
 * a reading of habits: `smaps_1085_202611221942`, `web01_smaps.1085.2026-11-22T19-42-05`, `1085/smaps`, `nscd.28330`.
 * It cannot tell a host's number from a pid when both stand alone; `pids` then holds both and the first is taken.
 */
export interface NameReading extends NameHints {
  /** Every number that could be the pid, in order. More than one: the name is ambiguous. */
  readonly pids: readonly number[]
}

/** PID_MAX_LIMIT of the kernel on 64-bit machines (include/linux/threads.h). */
const PID_MAX = 4_194_304

const SUFFIXES = /\.(?:gz|zst|xz|bz2|txt|log|out|smaps|maps|pmap)$/i
const SNAPSHOT_WORD = /(?<![a-z])(?:smaps(?:[-_.]?rollup)?|pmap|maps)(?![a-z])/i

/**
 * Date with or without separators, then hour, minute, second, fraction, each optional. The separator inside the date
 * must be the same both times; between date and time any of `-_.T` or a blank.
 */
const CALENDAR =
  /(?<!\d)((?:19[7-9]|20)\d\d)([-._]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?:[-_.T ]?([01]\d|2[0-3])(?:[-:._h]?([0-5]\d)(?:[-:._m]?([0-5]\d|60)(?:[.,](\d{1,9}))?)?)?)?Z?(?!\d)/g
/** Seconds, milliseconds or microseconds since 1970, 2001 to 2033, as `date +%s` and `date +%s.%N` print them. */
const EPOCH = /(?<!\d)(1\d{9})(?:\.(\d{1,9})|(\d{3})|(\d{6}))?(?!\d)/g

/** What redaction put in place of a word: its digits say nothing. */
const TOKEN = /(?<![a-z0-9])[a-z]{1,4}-(?=\d*[a-f])[0-9a-f]{12}(?![0-9a-f])/g

interface Stamp {
  readonly at: Micros
  readonly width: Micros
  readonly from: number
  readonly to: number
}

/** What the content was taken for, as far as it changes how the name is read. */
export type NameKind = 'snapshot' | 'trace' | 'side' | 'other'

/** Reads `path` (relative, with `/`); folders are asked where the file's own name is silent (`28328/smaps`). */
export function readName(path: string, kind: NameKind): NameReading {
  const parts = path.split('/')
  const base = stripSuffixes(parts.at(-1) ?? '')
  const task = parts.lastIndexOf('task')
  const folders = parts.slice(0, task < 0 ? -1 : task).reverse()
  const thread = kind === 'trace' || kind === 'other' ? threadSuffix(base) : null
  const name = thread ? thread.group : base
  const ownStamp = findStamp(name)
  const rest = ownStamp ? `${name.slice(0, ownStamp.from)}\u0000${name.slice(ownStamp.to)}` : name
  const stamp = ownStamp ?? firstOf(folders, findStamp)
  const own = kind === 'snapshot' || kind === 'side' ? snapshotPids(rest) : writtenPid(rest)
  const pids = own.length > 0 ? own : (firstOf(folders, folderPid) ?? [])
  return {
    pid: pids[0] ?? null,
    tid: thread?.tid ?? taskFolder(parts),
    group: thread?.group ?? null,
    stamp: stamp?.at ?? null,
    stampWidth: stamp?.width ?? null,
    pids,
  }
}

/** Whether a name claims to be a snapshot: decides what an empty file is. */
export const isSnapshotName = (path: string): boolean => SNAPSHOT_WORD.test(leafOf(path))

/** Name without what compression and editors add; keeps `.N`, which is a thread. */
function stripSuffixes(name: string): string {
  let base = name
  while (SUFFIXES.test(base)) base = base.replace(SUFFIXES, '')
  return base === '' ? name : base
}

function firstOf<T>(items: readonly string[], read: (item: string) => T | null): T | null {
  for (const item of items) {
    const found = read(item)
    if (found !== null) return found
  }
  return null
}

/** The last stamp in a name: collectors write it at the end, versions and dates of releases stand before. */
function findStamp(text: string): Stamp | null {
  const name = text.replace(TOKEN, (token) => '-'.repeat(token.length))
  const stamps = [...calendarStamps(name), ...epochStamps(name)]
  return stamps.sort((a, b) => a.from - b.from).at(-1) ?? null
}

function calendarStamps(name: string): Stamp[] {
  const found: Stamp[] = []
  for (const match of name.matchAll(CALENDAR)) {
    const [text, year, , month, day, hour, minute, second, fraction] = match
    const at = Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hour ?? 0),
      Number(minute ?? 0),
      Number(second ?? 0),
    )
    if (new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() !== Number(day))
      continue
    const width =
      second !== undefined ? SECOND : minute !== undefined ? MINUTE : hour !== undefined ? HOUR : DAY
    found.push({
      ...fractionOf(at * 1000, width, fraction),
      from: match.index,
      to: match.index + text.length,
    })
  }
  return found
}

function epochStamps(name: string): Stamp[] {
  const found: Stamp[] = []
  for (const match of name.matchAll(EPOCH)) {
    const [text, seconds, fraction, millis, microseconds] = match
    const stamp = fractionOf(Number(seconds) * SECOND, SECOND, fraction ?? millis ?? microseconds)
    found.push({ ...stamp, from: match.index, to: match.index + text.length })
  }
  return found
}

function fractionOf(at: number, width: number, fraction: string | undefined): { at: Micros; width: Micros } {
  if (fraction === undefined) return { at: micros(at), width: micros(width) }
  const digits = fraction.slice(0, 6)
  const unit = 10 ** (6 - digits.length)
  return { at: micros(at + Number(digits) * unit), width: micros(unit) }
}

const isPid = (text: string): boolean => /^[1-9]\d{0,6}$/.test(text) && Number(text) <= PID_MAX

/** A pid that says so: `pid1085`, `pid=1085`, `_p1085_`, `strace.1085`, `trace-1085`. */
function writtenPid(name: string): number[] {
  const match = /(?:^|[^a-z0-9])(?:pid[-_.=]?|p|s?trace[-_.=])([1-9]\d{0,6})(?![a-z0-9]|\.\d)/i.exec(name)
  return match?.[1] !== undefined && isPid(match[1]) ? [Number(match[1])] : []
}

/**
 * The pid in a snapshot's name without its stamp (which left a NUL). What stands right after the word `smaps` comes
 * first; then fields between `_`; then fields between any separators, so that `node-7_smaps_1085` is 1085. Without
 * that word and without a stamp only a whole name or its last field counts: `x86_64-head` holds no pid.
 */
function snapshotPids(name: string): number[] {
  const written = writtenPid(name)
  if (written.length > 0) return written
  const word = SNAPSHOT_WORD.exec(name)
  if (!word && !name.includes('\u0000')) {
    const last = /(?:^|[-_.])(\d{1,7})$/.exec(name)?.[1] ?? ''
    return isPid(last) ? [Number(last)] : []
  }
  const tail = word ? name.slice(word.index + word[0].length) : name
  for (const text of [tail, name])
    for (const separators of [/[_\u0000]/, /[-_. \u0000]/]) {
      const fields = text.split(separators).filter(isPid).map(Number)
      if (fields.length > 0) return fields
    }
  return []
}

/**
 * `NAME.TID` of `strace -ff -o NAME`; NAME itself may hold dots and digits. A suffix that only completes a date
 * (`nscd.2026.11.22`) is no thread; after a complete date (`nscd_20261122.1942`) it is.
 */
function threadSuffix(base: string): { group: string; tid: number } | null {
  const match = /^(.+)\.([1-9]\d{0,6})$/s.exec(base)
  if (match?.[1] === undefined || !isPid(match[2]!)) return null
  const whole = findStamp(base)
  if (whole && whole.to === base.length && !findStamp(match[1])) return null
  return { group: match[1], tid: Number(match[2]) }
}

/** `1085`, `pid_1085`, `proc-1085`, `nscd_1085` as a folder: a copy of /proc/1085 or one folder a process. */
function folderPid(folder: string): number[] | null {
  if (isPid(folder)) return [Number(folder)]
  const match =
    /^(?:pid|proc)[-_.]?([1-9]\d{0,6})$/i.exec(folder) ?? /^[a-z][\w.-]*_([1-9]\d{0,6})$/i.exec(folder)
  return match?.[1] !== undefined && isPid(match[1]) ? [Number(match[1])] : null
}

/** `…/task/<tid>/…` of a copied /proc. */
function taskFolder(parts: readonly string[]): number | null {
  const at = parts.lastIndexOf('task')
  const tid = at >= 0 && at < parts.length - 2 ? parts[at + 1]! : ''
  return isPid(tid) ? Number(tid) : null
}
