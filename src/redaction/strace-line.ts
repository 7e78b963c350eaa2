import { FOREIGN_PREFIXES } from '../base/foreign-prefixes.ts'
import { DATA_CALLS, isKnownCall, stringKind } from './call-strings.ts'
import { changeString, decodeString, stringLength } from './escapes.ts'
import { foreignText } from './foreign-text.ts'
import { isPublic, redactAddresses } from './hosts.ts'
import type { Keeper } from './keeper.ts'
import { anonymousName } from './mapping-name.ts'
import { redactName, redactPath } from './paths.ts'
import { redactPeer } from './peers.ts'
import { isHomes, redactText } from './text.ts'
import {
  ANY_FIELD,
  hidePrefix,
  hideWords,
  holdsOutput,
  keepCallWords,
  keepEventWords,
  keepKernelWords,
  keepResultWords,
} from './words.ts'

/** The first call on a line: `read(`, `<... read resumed>`. A string cannot stand before it. */
const CALL = /<\.\.\. ([A-Za-z_]\w*)(?:#\d+)? resumed>|((?=[A-Za-z_])(?<=(?<!\w)\d*)\w+|\?{3})(?:#\d+)?\(/g
/** `11914<name> ` and `[pid 11935<name>] ` of -Y; `<` and `>` inside the name are octal. */
const NAMED_PREFIX = /^(\s*(?:\[pid\s+)?\d+<)([^<>]*)(>\]?\s)/
/** Lines that are no calls: signals, exits, strace's own messages, tables, stack frames. */
const EVENT =
  /^[\s\d:.[\]<>?+()-]{0,100}(?:pid +\d+\]?)?[\s\d:.[\]<>?+()-]{0,100}(?:\+\+\+ (?:exited with \d+|killed by SIG\w+(?: \(core dumped\))?|superseded by execve in pid \d+(?:<[^<>]*>)?) \+\+\+\s*$|--- (?:SIG[A-Z0-9_+]+|stopped by SIG[A-Z0-9]+|\{si_signo=.*)(?: [{@(].*)? ---\s*$)|^% time|^[- ]+$|^System call usage summary|^> *$/
/** ` 99.78  100.000000  500  200000  futex` */
const SUMMARY_ROW = /^\s*[\d.]+\s+[\d.]+(?:\s+[\d.]+)*\s+[a-z_]\w*$/
const STACK_FRAME = /^ > /
/** `-e write=1` prints data once more in hex and letters; others may have put something in front. */
const HEX_DUMP = /^(.{0,128}?)((?:^|(?<= ))\| [0-9a-f]{5,16} )( (?:[0-9a-f]{2} | {2,3}).*)$/s
const RESULT = /\)\s*=\s/
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*(?:"|$)/gs
/** The call has a result, or strace says why not. */
const ENDS = /\)\s*=\s|<unfinished|resumed>|<detached/
/** `) = 3</path> (flags) <0.000010>`, `)  = -1 ENOENT (No such file or directory)`, `) = ?`. */
const RESULT_FORM =
  /^\)\s*=\s+(?:\?|-?\d+|0x[0-9a-f]+)(?:<.*>)?(?: E[A-Z0-9]+)?(?: \(.*\))?(?: <\d+(?:\.\d+)?>)?(?: <unfinished \.\.\.>)?\s*"?$/s

/** One line of strace: what data calls carried becomes length and token; the call, its numbers and its result stay. */
export function redactStraceLine(line: string, keeper: Keeper): string {
  return coloured(line, keeper) ?? inJson(line, keeper) ?? redactBare(line, keeper)
}

const ESCAPE = '\x1b'
const COLOURS = /\x1b\[[\d;]*[A-Za-z]/g
const COLOURED = /^([^"]*?\x1b\[[\d;]*[A-Za-z])|\x1b\[[\d;]*[A-Za-z]$/

/** A line with terminal colours, without them where something in it changes; `null` when it has none. */
function coloured(line: string, keeper: Keeper): string | null {
  if (!line.includes(ESCAPE) || !COLOURED.test(line)) return null
  const plain = line.replace(COLOURS, '')
  const shown = inJson(plain, keeper) ?? redactBare(plain, keeper)
  return shown === plain ? line : `${ESCAPE}[0m${shown}${ESCAPE}[0m`
}

const JSON_LINE = /^(\s*)("(?:[^"\\]|\\.)*")([,\]\s]*)$/

/** A line that was put into JSON as a string; `null` when it is none. */
function inJson(line: string, keeper: Keeper): string | null {
  const [, indent, printed, end] = JSON_LINE.exec(line) ?? []
  if (printed === undefined) return null
  let text: string
  try {
    text = String(JSON.parse(printed))
  } catch {
    return null
  }
  // Letters of other scripts as `\\u0430`.
  if (/[^\0-\xff]/.test(text)) text = Buffer.from(text, 'utf8').toString('latin1')
  const own = text.trimEnd()
  const shown = redactBare(own, keeper)
  return shown === own ? line : indent + JSON.stringify(shown + text.slice(own.length)) + end
}

function redactBare(line: string, keeper: Keeper): string {
  const dump = HEX_DUMP.exec(line)
  if (dump) return prefixText(dump[1]!, keeper) + dump[2] + keeper.payload('payload', dump[3]!)
  if (STACK_FRAME.test(line)) return ` > ${redactFrame(line.slice(3), keeper)}`
  const named = NAMED_PREFIX.exec(line)
  if (!named) return redactBody(line, keeper)
  return namedPrefix(named, keeper) + redactBody(line.slice(named[0].length), keeper)
}

const namedPrefix = ([, open, printed, close]: RegExpExecArray, keeper: Keeper): string =>
  open + changeString(printed!, (name) => redactName(name, keeper)) + close

function redactBody(text: string, keeper: Keeper): string {
  const quote = text.indexOf('"')
  CALL.lastIndex = 0
  const call = CALL.exec(text)
  if (call && (quote < 0 || call.index < quote) && !EVENT.test(text)) {
    const start = call.index
    return (
      prefixText(text.slice(0, start), keeper) + redactCall(text.slice(start), call[1] ?? call[2]!, keeper)
    )
  }
  if (SUMMARY_ROW.test(text)) return redactText(text, keeper)
  if (EVENT.test(text)) return redactEvent(text, keeper)
  return damagedLine(text, keeper)
}

/** Pid and time at the beginning of a line; a number alone may be output of a program. */
const STAMP =
  /^\s*(?:\[pid +\d+\] (?:(?:\d\d:\d\d:\d\d|\d{9,10})(?:\.\d{1,9})? +)?|(?:\d+ +)?(?:\d\d:\d\d:\d\d(?:\.\d{1,9})?|\d{10}\.\d{1,9}) +)?/
/** What strace itself says. */
const MESSAGE =
  /^\s*(?:\d{1,8} +)?(?:(?:strace|WARNING|warning): |(?:\[ )?(?:Process|pid) (?:PID=)?\d|\[wait\(0x)/

/**
 * A line that no call begins: a message of strace, or what is left of a call. Where there is a quote, what stands
 * before it may be the end of a string, in which numbers are data too.
 */
function damagedLine(text: string, keeper: Keeper): string {
  const quote = text.lastIndexOf('"')
  const stamp = STAMP.exec(text)![0].length
  if (quote >= 0) {
    const start = Math.min(stamp, quote)
    return (
      text.slice(0, start) +
      hideWords(text.slice(start, quote), 'damaged-line', keeper) +
      damagedRest(text.slice(quote), keeper)
    )
  }
  if (MESSAGE.test(text.slice(stamp))) return keptWords(text, keeper)
  return text.slice(0, stamp) + damagedRest(text.slice(stamp), keeper)
}

const keptWords = (text: string, keeper: Keeper): string =>
  decorated(text, keeper, (words) => keepKernelWords(words, 'damaged-line', keeper))
const hiddenWords = (text: string, keeper: Keeper): string =>
  decorated(text, keeper, (words) => hideWords(words, 'damaged-line', keeper))

/** Arguments without their beginning, and a result; numbers stay where no output of the program stands among them. */
function damagedRest(text: string, keeper: Keeper): string {
  const result = RESULT.exec(text)
  const args = text.slice(0, result?.index)
  // Four digits alone may be a PIN that was printed without a newline.
  const isArguments =
    /[,|={(<]/.test(args) || CUT_ROW.test(args) || (result !== null && /^["\s]*\d{0,3}$/.test(args))
  return (
    (isArguments && !holdsOutput(withoutDecorations(args))
      ? keptWords(args, keeper)
      : hiddenWords(args, keeper)) + (result === null ? '' : damagedResult(text.slice(result.index), keeper))
  )
}

/** A result with something behind it. */
function damagedResult(text: string, keeper: Keeper): string {
  const own = OWN_RESULT.exec(text)![0]
  const rest = text.slice(own.length)
  if (!holdsOutput(withoutDecorations(`)${rest}`))) return keptWords(text, keeper)
  return keptWords(own, keeper) + hiddenWords(rest, keeper)
}

const OWN_RESULT =
  /^\)\s*=\s+(?:(?:\?|-?\d{1,12}(?![\w.])|0x[0-9a-f]{1,16}(?!\w))(?:<(?:[^<>]|->){0,512}>)?)?/

/** A row of -c that was cut. */
const CUT_ROW = /^\s*\d{1,3}\.\d\d(?:\s+\d+\.\d{1,6}(?:\s+\d+)*)?\s*$/

const withoutDecorations = (text: string): string =>
  text
    .replace(/<pid changed to \d{1,10} \.\.\.>/, '')
    .replace(DECORATION_OR_TEXT, (whole, _number?: string, inner?: string) =>
      inner === undefined ? whole : '<>',
    )

/** Pid, times, the number of the call and the instruction pointer, of -f, -t, -r, -n and -i. */
const STRACE_PREFIX =
  /^(?:[\s\d:.pid()+?<>|#]|\[ *\d{1,7}\]|\[pid +\d+\]|\[(?:[0-9a-f]{8}|[0-9a-f]{16}|\?+)\])*$/
/** The security context of --secontext. */
const CONTEXT = /^\[\w{1,64}_u:\w{1,64}_r:\w{1,64}_t(?::[\w:.,-]{1,64})?\] /
/** More layers than a reader takes off. */
const MOST_PREFIXES = 5

/** Times, pids, and whatever a log collector wrote before them. The rest is output of the program. */
function prefixText(prefix: string, keeper: Keeper): string {
  let shown = ''
  let rest = prefix
  for (let round = 0; round < MOST_PREFIXES; round++) {
    if (STRACE_PREFIX.test(rest)) return shown + rest
    const named = NAMED_PREFIX.exec(rest)
    const stamp = STAMP.exec(rest)![0]
    const foreign = FOREIGN_PREFIXES.map((form) => form.exec(rest)?.[0]).find((found) => found !== undefined)
    const context = CONTEXT.exec(rest)?.[0]
    const piece = named?.[0] ?? foreign ?? context ?? stamp
    if (piece === '') break
    if (named) shown += namedPrefix(named, keeper)
    else if (foreign !== undefined) shown += foreignText(foreign, keeper)
    else if (context !== undefined)
      shown += keeper.strict ? hideWords(context, 'line-prefix', keeper) : context
    else shown += stamp
    rest = rest.slice(piece.length)
  }
  // A line that was wrapped in the arguments of a call.
  return (
    shown +
    (/[,=]/.test(rest) && !holdsOutput(rest)
      ? keepKernelWords(rest, 'line-prefix', keeper)
      : hidePrefix(rest, keeper))
  )
}

/** Walks over the arguments: quoted strings by what the call does with them, the rest as it is. */
function redactCall(text: string, call: string, keeper: Keeper): string {
  const isData = DATA_CALLS.has(call) || !(isKnownCall(call) || ENDS.test(text.replace(STRING, '')))
  const directory = /^\w+\((?:AT_FDCWD|\d+)<([^<>]*)>/.exec(text)?.[1]
  const isBelowHomes = directory !== undefined && isHomes(decodeString(directory))
  let out = ''
  let index = 0
  let at = 0
  let returned = false
  for (;;) {
    const open = text.indexOf('"', at)
    const between = open < 0 ? text.slice(at) : text.slice(at, open + 1)
    const result: RegExpExecArray | null = returned ? null : RESULT.exec(between)
    const end = result ? result.index : between.length
    const args = between.slice(0, end)
    if (returned) out += damagedLine(between, keeper)
    else if (!isData) out += plainArguments(args, keeper)
    else {
      const isOpen =
        open < 0 && result === null && !/<unfinished|<detached|<pid changed|resumed>/.test(between)
      out += dataArguments(args, open < 0, isOpen, index > 0, keeper)
    }
    if (result) out += resultText(between.slice(end), keeper)
    returned ||= result !== null
    if (open < 0) return out
    const close = endOfString(text, open + 1)
    const printed = text.slice(open + 1, close < 0 ? undefined : close)
    out += redactString(
      printed,
      call,
      index,
      call === 'prctl'
        ? text.slice(0, Math.min(open, LOOK_BACK))
        : text.slice(Math.max(0, open - LOOK_BACK), open),
      isBelowHomes,
      keeper,
    )
    if (close < 0) return out
    out += '"'
    at = close + 1
    index += 1
  }
}

/** Behind the number of a thread in another PID namespace, by --pidns-translation: its number in strace's own. */
const TRANSLATED = /^(\)\s*=\s+\d{1,10})( \/\* \d{1,10} in strace's PID NS \*\/)/

/** What a call gave back; what stands behind it belongs to no call. */
function resultText(text: string, keeper: Keeper): string {
  const [all = '', number = '', translation = ''] = TRANSLATED.exec(text) ?? []
  const result = number + text.slice(all.length)
  const longest = DECORATED_RESULT.test(result) ? LONGEST_DECORATED : LONGEST_RESULT
  if (result.length > longest || !RESULT_FORM.test(result)) return damagedResult(text, keeper)
  const shown = decorated(result, keeper, (piece) => keepResultWords(redactText(piece, keeper), keeper))
  return number + translation + shown.slice(number.length)
}

/** Longer than the lists that poll and its like give back. */
const LONGEST_RESULT = 1 << 14
/** The end of a decoration is found by trying each bracket with all that follows it. */
const LONGEST_DECORATED = 1 << 9
const DECORATED_RESULT = /^\)\s*=\s+[^\s<]{1,20}</

/** What tells the kind of a string stands right before its quote; for prctl it is the first argument. */
const LOOK_BACK = 80

/** Index of the closing quote, -1 when the line is cut inside the string. */
function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0
    while (text.charCodeAt(quote - 1 - slashes) === 92 && quote - 1 - slashes >= from) slashes += 1
    if (slashes % 2 === 0) return quote
  }
  return -1
}

function redactString(
  printed: string,
  call: string,
  index: number,
  before: string,
  isBelowHomes: boolean,
  keeper: Keeper,
): string {
  if (printed === '') return printed
  const kind = stringKind(call, index, before)
  if (kind === 'payload')
    return keeper.payload(call.startsWith('exec') ? 'arguments' : 'payload', printed, stringLength(printed))
  return changeString(printed, (text) => {
    if (kind === 'path' && isBelowHomes) return redactUser(text, keeper)
    if (kind === 'path') return redactPath(text, keeper)
    if (kind === 'thread') return redactName(text, keeper)
    if (kind === 'memory-name') return anonymousName(text, keeper)
    if (kind === 'address')
      return redactAddresses(text, keeper, (address) => keeper.strict || isPublic(address))
    return keeper.strict ? hostPart(text, before, keeper) : redactText(text, keeper)
  })
}

/** A path or an entry below `/home`: begins with a person's name. */
function redactUser(path: string, keeper: Keeper): string {
  const [, here, user, rest] = /^((?:\.\/+)*)([^/]*)(.*)$/s.exec(path)!
  if (user === '' || user === '.' || user === '..') return redactPath(path, keeper)
  return here + keeper.name('user', user!) + redactPath(rest!, keeper)
}

/** uname's strings: the system's name and release stay, the machine's own name goes. */
function hostPart(text: string, before: string, keeper: Keeper): string {
  if (/(?:node|domain)name=$/.test(before) && text !== '(none)') return keeper.name('host', text)
  return /^(?:Linux|GNU\/Linux|x86_64|i[3-6]86|aarch64|armv\w+|ppc64(?:le)?|s390x|riscv64|\(none\)|\d[\w.+-]*|#.*)$/.test(
    text,
  )
    ? text
    : keeper.name('host', text)
}

/** Signals, exits, headings of tables. strace quotes nothing in them; with -Y names stand in them. */
export const redactEvent = (text: string, keeper: Keeper): string =>
  decorated(
    text.replace(STRING, (string) =>
      string.length > 2 ? `"${keeper.payload('payload', string.replace(/^"|"$/g, ''))}"` : string,
    ),
    keeper,
    (piece) => keepEventWords(redactText(piece, keeper), keeper),
  )

/** Changes the decorations by what they are and the text between them by `change`. */
function decorated(text: string, keeper: Keeper, change: (piece: string) => string): string {
  return text.replace(DECORATION_OR_TEXT, (whole, number?: string, inner?: string) =>
    inner === undefined ? change(whole) : `${number}<${redactDecoration(inner, keeper)}>`,
  )
}

/** `3</path>`, `AT_FDCWD</cwd>`, `5<TCP:[1.2.3.4:5->6.7.8.9:10]>`, `11914<name>`; times and `<... >` are text. */
const DECORATION_OR_TEXT =
  /(\b\d+|AT_FDCWD)<((?:\/(?:[^<>]|<[^<>]*>)*)|[A-Za-z_0-9-]+:\[(?:[^<>]|->)*\]|[^<>/][^<>]*)>|(?:(?!(?:\b\d+|AT_FDCWD)<).)+|./gs

/** `/`, or `\\x2f` under -xx. */
const PATH_BEGINS = /^(?:\/|\\x2f)/

/** What -y and -Y print between angle brackets: a path, a connection, a thread's name. */
export function redactDecoration(inner: string, keeper: Keeper): string {
  if (PATH_BEGINS.test(inner)) return changeString(inner, (path) => redactPath(path, keeper))
  if (/^[A-Za-z0-9_-]+:\[/.test(inner)) {
    if (inner.startsWith('UNIX') || inner.startsWith('pipe') || inner.startsWith('anon_inode'))
      return redactText(inner, keeper)
    return redactPeer(inner, keeper)
  }
  return changeString(inner, (name) => redactName(name, keeper))
}

/** Text between the strings of a call: descriptors with paths and peers, thread names of -Y, flags, struct fields. */
function plainArguments(text: string, keeper: Keeper): string {
  const call = CALL_BEGIN.exec(text)?.[0] ?? ''
  return (
    call +
    decorated(text.slice(call.length), keeper, (piece) => keepCallWords(redactText(piece, keeper), keeper))
  )
}

const CALL_BEGIN = /^(?:[A-Za-z_]\w*(?:#\d+)?\(|<\.\.\. [A-Za-z_]\w*(?:#\d+)? resumed>)/

/** strace's message that broke into a line. */
const MESSAGE_BEHIND = /(?:strace: )?Process \d{1,10} (?:attached|suspended|resumed|detached)(?: .*)?$/
/** The last argument behind the last string, where nothing else follows. */
const LAST_NUMBER = /^(?:\.{3})?(?:, \d{1,12})?\)?\s*$/
const FIRST_NUMBERS = /^(?:\d{1,12}(?:<[^<>]*>)?, ?)?/

/**
 * Unquoted text of a data call: strace prints numbers and flags there; anything else is data whose quotes are gone, or what
 * the call wrote to the terminal before its result. `isLast`: no string follows; `isOpen`: no result either.
 */
function dataArguments(
  text: string,
  isLast: boolean,
  isOpen: boolean,
  isBehindString: boolean,
  keeper: Keeper,
): string {
  if (/^[A-Za-z_]\w*\((?:\d+, ?)*"?$/.test(text)) return text
  const call = CALL_BEGIN.exec(text)?.[0] ?? ''
  const message = isOpen ? (MESSAGE_BEHIND.exec(text)?.[0] ?? '') : ''
  const args = text.slice(call.length, text.length - message.length)
  const isData =
    isLast && ((isOpen && isBehindString && !LAST_NUMBER.test(args)) || holdsOutput(withoutDecorations(args)))
  const first = isData && !isBehindString ? FIRST_NUMBERS.exec(args)![0].length : isData ? 0 : args.length
  return (
    call +
    decorated(args.slice(0, first), keeper, (piece) => keepKernelWords(piece, 'payload', keeper, ANY_FIELD)) +
    decorated(args.slice(first), keeper, (piece) => hideWords(piece, 'payload', keeper)) +
    keepKernelWords(message, 'payload', keeper)
  )
}

/** `/usr/lib/libc.so.6(__mmap+0x17) [0x11ba13]`: the object is a path, the symbol the program's own text. */
export function redactFrame(frame: string, keeper: Keeper): string {
  const end = frame.startsWith('/') ? frame.search(/\(| \[0x|$/) : 0
  // With -kk the line of the source stands behind the symbol.
  const symbol = frame.slice(end).replace(/\/[^\s:()[\]]+/g, (path) => redactPath(path, keeper))
  return redactPath(frame.slice(0, end), keeper) + redactText(symbol, keeper)
}
