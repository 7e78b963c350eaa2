import { decodeText } from '../base/bytes-text.ts'
import { LONGEST_COMM } from '../model/command-line.ts'
import { NOWHERE, placeOf } from '../model/place.ts'
import { accounted, plainColumns, redactCommand, redactCommandLine } from './command-line.ts'
import { changeString } from './escapes.ts'
import { isHarmless } from './harmless-lines.ts'
import type { Keeper } from './keeper.ts'
import { redactEvidencePath, redactName, redactPath } from './paths.ts'
import { redactPeer } from './peers.ts'
import { redactText } from './text.ts'
import { type KindOfLine, TOOL_ROWS } from './tool-rows.ts'
import { ANY_FIELD, hideWords, keepKernelWords } from './words.ts'

/**
 * One line of what other tools wrote beside smaps and strace: ps, top, lsof, ls of /proc/PID/fd, copies of /proc files,
 * kernel logs, stacks, malloc_info. Each row knows one kind of line by its form; what no row knows, a prompt and what was typed
 * behind it among them, keeps nothing but numbers and the kernel's words.
 */
export const redactSideLine = (line: string, keeper: Keeper): string =>
  cutLong(line, keeper, (head) => redactForm(head, keeper))

/** `change` for as much of a line as a reader looks at; the rest is hidden. */
export function cutLong(line: string, keeper: Keeper, change: (head: string) => string): string {
  if (line.length <= LONGEST_FORM) return change(line)
  const head = /^.*[\s\0]/s.exec(line.slice(0, LONGEST_FORM))?.[0] ?? line.slice(0, LONGEST_FORM)
  return change(head) + hideWords(line.slice(head.length), 'arguments', keeper)
}

/** Bytes in which a reader looks for the form of a line; what stands behind them are arguments of a program. */
const LONGEST_FORM = 8 * 1024

/** One line by its form alone. */
export function redactForm(line: string, keeper: Keeper): string {
  if (isHarmless(line)) return line
  for (const { form, change } of LINES) {
    const match = form.exec(line)
    if (match) return change(match as unknown as string[], keeper)
  }
  return keepKernelWords(line, 'side-line', keeper)
}

const LOG_TIME = [
  String.raw`(?:\[ *\d+\.\d{6}\] ?)`,
  String.raw`(?:\[\w{3} \w{3} +\d{1,2} \d\d:\d\d:\d\d \d{4}\] ?)`,
  String.raw`(?:\w{3} +\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)? \S+ \S+:)`,
  String.raw`(?:\w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d)`,
  String.raw`(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* \S+ \S+:)`,
].join('|')

/** A line of grep or head: where it came from, and what stood there. */
const LINE_OF_PLACE =
  /^(\/(?:proc|sys)\/[^:\s]+|(?:[\w.-]+\/)*memory\.[\w.]+|(?:[\w.-]+\/)*max_map_count):(.+)$/s

const LINES: readonly KindOfLine[] = [
  // /proc/PID/status; banners of head and tail; prefixes of grep
  { form: /^(Name:\t)(.*)$/s, change: ([, key, name], keeper) => key + redactName(name!, keeper) },
  { form: /^==> .* <==$/, change: ([line], keeper) => redactBanner(line!, keeper) },
  {
    form: LINE_OF_PLACE,
    change: ([, place, rest], keeper) =>
      `${redactPlace(place!, keeper)}:${redactProcLine(place!, rest!, keeper)}`,
  },
  // a prompt and a command that tells the place of what follows
  {
    form: /^((?:\[[^\]]*\]\s?)?[^\s]*)([#$] )(.*?)(\/(?:proc|sys)\/\S+)(.*)$/s,
    change: ([, prompt, sign, command, place, rest], keeper) =>
      keeper.payload('arguments', prompt!) +
      sign +
      hideWords(command!, 'arguments', keeper) +
      redactPlace(place!, keeper) +
      hideWords(rest!, 'arguments', keeper),
  },
  // kernel logs: the host, the program of a kill, and nothing of what others wrote
  {
    form: /^(.*?)((?:Memory cgroup out of memory: |Out of memory: |Out of memory \([^)]*\): )?Killed process \d+(?:, UID \d+,)? \()(.*?)(\),?)(.*)$/s,
    change: ([, start, words, program, close, rest], keeper) =>
      redactLogStart(start!, keeper) +
      words +
      redactName(program!, keeper) +
      close +
      redactKill(rest!, keeper),
  },
  {
    form: new RegExp(`^((?:<\\d+>)?(?:${LOG_TIME}))(.*)$`, 's'),
    change: ([, start, rest], keeper) =>
      redactLogStart(start!, keeper) +
      (keeper.strict || !isKernels(start!, rest!)
        ? keepKernelWords(rest!, 'side-line', keeper)
        : redactPeer(rest!, keeper)),
  },
  ...TOOL_ROWS,
  // gdb, pstack, jstack
  {
    form: /^(Thread \d+ \((?:Thread 0x[0-9a-f]+ \()?(?:LWP|process) \d+\)?(?: "(?=[^"]*"))?)([^"]*?)("?(?: \([A-Za-z ]*\))?\)?:?)$/s,
    change: ([, start, name, end], keeper) => start + redactName(name!, keeper) + end,
  },
  {
    form: /^(#\d+\s+(?:0x[0-9a-f]+ (?:in )?)?)(.+)$/s,
    change: ([, start, frame], keeper) => start + redactNativeFrame(frame!, keeper),
  },
  {
    form: /^(\s+[A-Za-z_]\w* = )(.*)$/s,
    change: ([, variable, value], keeper) => variable + hideWords(value!, 'payload', keeper),
  },
  // values of variables, and frames that gdb went on with in the next line
  { form: /^\s+\S.*".*$/s, change: ([line], keeper) => redactText(hideStrings(line!, keeper), keeper) },
  {
    form: /^(")([^"]*)(" .*\bnid=(?:0x[0-9a-f]+|\d+) .*)$/s,
    change: ([, open, name, rest], keeper) => open + redactName(name!, keeper) + redactText(rest!, keeper),
  },
  { form: /^\tat \S.*$/s, change: ([frame], keeper) => redactText(frame!, keeper) },
  // /proc/PID/environ, env
  {
    form: /^([A-Za-z_]\w*=)(.*)$/s,
    change: ([, name, value], keeper) => name + hideWords(value!, 'arguments', keeper),
  },
  // pgrep -a, ps -o pid,args, systemctl status: a pid and, behind it, a command line
  {
    form: /^(?=[^/]*\d\s)([^/]*\s)(\/\S.*)$/s,
    change: ([, columns, command], keeper) =>
      plainColumns(accounted(columns!, keeper), keeper) + redactCommandLine(command!, keeper),
  },
  {
    form: /^(\s*(?:[^\s\d/:]\S*\s+)?\d{1,10}\s+(?:[RSDTZIWtXK][<NLsl+]*\s+)?)([^\s\d].*)$/s,
    change: ([, columns, command], keeper) =>
      accounted(columns!, keeper) + redactCommand(command!, false, keeper),
  },
  // /proc/PID/cmdline with NULs or blanks; /proc/PID/comm
  {
    form: /^(?:\/[^\s\0]*(?:[\s\0].*)?|[^\0]+\0.*)$/s,
    change: ([line], keeper) => redactCommandLine(line!, keeper),
  },
  { form: /^(?!.* -\S)[^\0"'`$@;|<>\\]{1,15}$/, change: ([name], keeper) => redactName(name!, keeper) },
]

/** A line of /proc/PID/comm. A longer one is no name, and must not become one by what replaces it. */
export const redactComm = (text: string, keeper: Keeper): string => {
  const bytes = Buffer.from(text, 'latin1')
  return decodeText(bytes, 0, bytes.length).length <= LONGEST_COMM
    ? redactName(text, keeper)
    : keeper.payload('side-line', text)
}

function redactProcLine(place: string, text: string, keeper: Keeper): string {
  if (place.endsWith('/comm')) return redactComm(text, keeper)
  if (place.endsWith('/cmdline')) return redactCommandLine(text, keeper)
  // A second place in the line is text.
  return LINE_OF_PLACE.test(text) ? keepKernelWords(text, 'side-line', keeper) : redactForm(text, keeper)
}

/** Where text came from; the names of the kernel's files and the pid stay. */
const redactPlace = (place: string, keeper: Keeper): string =>
  place.startsWith('/')
    ? redactPath(place, keeper)
    : place.replace(/[^/]+(?=\/)/g, (folder) =>
        /^\d+$/.test(folder) || keeper.isToken(folder) || !keeper.strict
          ? redactText(folder, keeper)
          : keeper.name('path', folder),
      )

/** What other programs than the kernel and systemd wrote to the log is data, and so are arguments and sessions of users. */
const isKernels = (start: string, message: string): boolean =>
  SYSTEMD.test(start)
    ? OF_UNIT.test(message)
    : (!/ \S+:$/.test(start) || / kernel(?:\[\d+\])?:$/.test(start)) &&
      !/^\s*(?:\[ *\d+\.\d+\] *)?(?:audit\b|systemd|Kernel command line|Command line)/.test(message)

const SYSTEMD = / systemd(?:\[\d+\])?:$/
/** What systemd says of a unit; else it describes one, by what it runs or for whom. */
const OF_UNIT = /^ (?!user)[\w.-]+\.(?:service|scope|socket|mount|timer): /

/** `Nov 22 19:42:05 host kernel:`; the time stays. */
function redactLogStart(text: string, keeper: Keeper): string {
  if (!keeper.strict) return redactText(text, keeper)
  const [, time, host, unit, rest] = /^(.*?\d\d:\d\d:\d\d\S* )(\S+)( \S+:)(.*)$/s.exec(text) ?? []
  if (time === undefined) return text
  return `${time}${keeper.name('host', host!)}${/^ (?:kernel|systemd)(?:\[\d+\])?:$/.test(unit!) ? unit : ' unit:'}${keepKernelWords(rest!, 'side-line', keeper)}`
}

/** ` total-vm:92536kB, anon-rss:81234kB, …`: numbers under the kernel's own names. */
function redactKill(text: string, keeper: Keeper): string {
  if (!keeper.strict) return redactText(text, keeper)
  return text.replace(/[^\s,]+/g, (word) =>
    /^(?:(?:total-vm|anon-rss|file-rss|shmem-rss|pgtables|oom_score_adj|UID):-?\d*(?:kB)?|-?\d+)$/.test(
      word,
    ) || keeper.isToken(word)
      ? word
      : keeper.payload('side-line', word),
  )
}

/** A path that tells of which of the kernel's files the lines below are keeps what it says. */
function redactBanner(banner: string, keeper: Keeper): string {
  if (!keeper.strict) return redactText(banner, keeper)
  const path = banner.slice('==> '.length, -' <=='.length)
  if (/^\/(?:proc|sys)\/[\w./-]+$/.test(path)) return `==> ${redactPath(path, keeper)} <==`
  return placeOf(path, NOWHERE).source === null
    ? keepKernelWords(banner, 'side-line', keeper)
    : `==> ${redactEvidencePath(path, keeper)} <==`
}

/** `resize (item=0x55, s=0x7f "text") at /src/thumbd.c:210`: strings are data, the file is a path, the symbol stays. */
export function redactNativeFrame(frame: string, keeper: Keeper): string {
  const [, call, place, file, line] = /^(.*?)(?:(\s(?:at|from) )(\/.*?|\S+?)(:\d+)?)?$/s.exec(frame)!
  const open = call!.endsWith(')') ? call!.indexOf(' (') : -1
  const symbol = open < 0 ? call! : call!.slice(0, open)
  return (
    redactText(hideStrings(symbol, keeper), keeper) +
    keepKernelWords(hideStrings(call!.slice(symbol.length), keeper), 'payload', keeper, ANY_FIELD) +
    (place ?? '') +
    (file === undefined ? '' : redactPath(file, keeper)) +
    (line ?? '')
  )
}

/** What gdb prints between quotes is the program's data; a quote may be missing where the line was cut. */
const hideStrings = (text: string, keeper: Keeper): string =>
  text.replace(
    /"((?:[^"\\]|\\.)*)("|$)/g,
    (_, string: string, close: string) =>
      `"${changeString(string, (bytes) => keeper.payload('payload', bytes))}${close}`,
  )
