import fc from '../support/property.ts'

/**
 * Random runs of a traced program and how strace prints them: one file a thread (-ff), or all in one (-f), in any mix
 * of options. The printing is written from strace's manual, independent of the reader.
 */

/** One call: what is printed when it begins, what when it returns, and what a reader must find. */
export interface ModelCall {
  readonly name: string
  /** Printed at entry, behind `NAME(`. */
  readonly entry: (style: Style) => string
  /** Printed at exit, up to and with the result. */
  readonly exit: (style: Style) => string
  /** The memory event; `null` for calls that are only counted. */
  readonly event: Readonly<Record<string, unknown>> | null
  readonly fd: number
  readonly failed: boolean
}

/** How flags, descriptors and strings are printed. */
interface Style {
  readonly flags: 'abbrev' | 'raw' | 'verbose'
  readonly named: boolean
}

export interface PrintOptions extends Style {
  readonly stamp: 'none' | '-t' | '-tt' | '-ttt' | 'ms' | 'ns' | '-r'
  readonly durations: 'none' | 'us' | 'ms' | 's' | 'ns'
  readonly numbers: boolean
  readonly pointers: boolean
  readonly pid: 'plain' | 'comm'
  readonly column: number
  readonly lineEnd: '\n' | '\r\n'
}

/** A thread enters or leaves a call at a time (microseconds of the day). */
export interface Step {
  readonly tid: number
  readonly kind: 'enter' | 'leave'
  readonly time: number
  readonly call: ModelCall
}

const PROT = ['PROT_READ', 'PROT_WRITE', 'PROT_EXEC'] as const
const MAP = {
  MAP_PRIVATE: 2,
  MAP_FIXED: 16,
  MAP_ANONYMOUS: 32,
  MAP_NORESERVE: 0x4000,
  MAP_STACK: 0x20000,
} as const
const ADVICE = { MADV_DONTNEED: 4, MADV_FREE: 8, MADV_HUGEPAGE: 14, MADV_GUARD_INSTALL: 102 } as const

const hex = (value: number): string => (value === 0 ? 'NULL' : `0x${value.toString(16)}`)

function word(style: Style, value: number, names: string): string {
  const number = value === 0 ? '0' : `0x${value.toString(16)}`
  return style.flags === 'raw' ? number : style.flags === 'verbose' ? `${number} /* ${names} */` : names
}

const protection = (style: Style, bits: number): string =>
  word(style, bits, PROT.filter((_, bit) => bits & (1 << bit)).join('|') || 'PROT_NONE')

const mapping = (style: Style, bits: number): string =>
  word(
    style,
    bits,
    Object.entries(MAP)
      .filter(([, bit]) => bits & bit)
      .map(([name]) => name)
      .join('|'),
  )

/** Joins arguments, with their names for -N. */
const list = (style: Style, parts: readonly (readonly [name: string, value: string])[]): string =>
  parts.map(([name, value]) => (style.named ? `${name}=${value}` : value)).join(', ')

const page = fc.integer({ min: 1, max: 0x7fff_ffff }).map((number) => number * 4096)
const length = fc.integer({ min: 0, max: 2 ** 31 })
const bits = fc.integer({ min: 0, max: 7 })
/** Text that looks like strace's own. */
const nasty = fc
  .array(
    fc.constantFrom(
      ') = 0x55',
      '<... read resumed>',
      'mmap(NULL',
      '\\"',
      '/*',
      '*/',
      '\\n',
      ' <unfinished ...>',
      'é',
      '\\\\',
      '<',
      '>',
      '[',
      '}',
      'x',
    ),
    { maxLength: 4 },
  )
  .map((parts) => parts.join(''))

const mmap = fc
  .tuple(
    page,
    length,
    bits,
    fc.subarray(Object.values(MAP)),
    fc.integer({ min: -1, max: 40 }),
    page,
    fc.boolean(),
  )
  .map(([address, size, prot, flags, fd, result, failed]): ModelCall => {
    const word = flags.reduce((sum, flag) => sum | flag, 1)
    return {
      name: 'mmap',
      entry: (style) =>
        list(style, [
          ['addr', hex(address)],
          ['length', String(size)],
          ['prot', protection(style, prot)],
          [
            'flags',
            word === 1 ? '0x1' : mapping(style, word & ~1) + (style.flags === 'abbrev' ? '|0x1' : ''),
          ],
          ['fd', String(fd)],
          ['offset', '0'],
        ]),
      exit: () => (failed ? ') = -1 ENOMEM (Cannot allocate memory)' : `) = ${hex(result)}`),
      event: {
        call: 'mmap',
        address,
        length1: size,
        protection: prot,
        fd,
        offset: 0,
        result: failed ? -1 : result,
        state: failed ? 1 : 0,
        error: failed ? 'ENOMEM' : '',
      },
      fd: -1,
      failed,
    }
  })

const range = (name: 'munmap' | 'mprotect' | 'madvise') =>
  fc.tuple(page, length, bits, fc.constantFrom(...Object.entries(ADVICE))).map(
    ([address, size, prot, [advice, number]]): ModelCall => ({
      name,
      entry: (style) =>
        list(style, [
          ['addr', hex(address)],
          ['length', String(size)],
          ...(name === 'mprotect' ? ([['prot', protection(style, prot)]] as const) : []),
          ...(name === 'madvise' ? ([['advice', word(style, number, advice)]] as const) : []),
        ]),
      exit: () => ') = 0',
      event: {
        call: name,
        address,
        length1: size,
        protection: name === 'mprotect' ? prot : 0,
        flags: name === 'madvise' ? number : Number.NaN,
        result: 0,
        state: 0,
      },
      fd: -1,
      failed: false,
    }),
  )

const brk = fc.tuple(page, fc.boolean()).map(
  ([address, refused]): ModelCall => ({
    name: 'brk',
    entry: (style) => list(style, [['addr', hex(address)]]),
    exit: () => `) = ${hex(refused ? address + 4096 : address)}`,
    event: { call: 'brk', address, result: refused ? address + 4096 : address, state: refused ? 1 : 0 },
    fd: -1,
    failed: false,
  }),
)

const mremap = fc.tuple(page, length, length, page).map(
  ([old, oldSize, newSize, result]): ModelCall => ({
    name: 'mremap',
    entry: (style) =>
      list(style, [
        ['old_address', hex(old)],
        ['old_size', String(oldSize)],
        ['new_size', String(newSize)],
        ['flags', word(style, 1, 'MREMAP_MAYMOVE')],
      ]),
    exit: () => `) = ${hex(result)}`,
    event: {
      call: 'mremap',
      address: old,
      length1: oldSize,
      length2: newSize,
      flags: 1,
      extra: Number.NaN,
      result,
    },
    fd: -1,
    failed: false,
  }),
)

const setName = nasty.map(
  (name): ModelCall => ({
    name: 'prctl',
    entry: (style) =>
      list(style, [
        ['option', 'PR_SET_NAME'],
        ['name', `"${name}"`],
      ]),
    exit: () => ') = 0',
    event: {
      call: 'set-name',
      name: Buffer.from(name.replaceAll('\\n', '\n').replace(/\\(["\\])/g, '$1'), 'latin1').toString(
        'latin1',
      ),
    },
    fd: -1,
    failed: false,
  }),
)

const read = fc.tuple(fc.nat(60), nasty, fc.nat(5000), fc.boolean()).map(
  ([fd, text, size, failed]): ModelCall => ({
    name: 'read',
    entry: (style) => `${style.named ? 'fd=' : ''}${fd}, `,
    exit: () =>
      failed
        ? '0x7ffe, 4096) = -1 EAGAIN (Resource temporarily unavailable)'
        : `"${text}"..., 4096) = ${size}`,
    event: null,
    fd,
    failed,
  }),
)

const poll = nasty.map(
  (): ModelCall => ({
    name: 'poll',
    entry: () => '[{fd=6, events=POLLIN}, {fd=10, events=POLLIN}], 2, 30000',
    exit: () => ') = 1 ([{fd=10, revents=POLLIN}])',
    event: null,
    fd: -1,
    failed: false,
  }),
)

const anyCall = fc.oneof(
  mmap,
  range('munmap'),
  range('mprotect'),
  range('madvise'),
  brk,
  mremap,
  setName,
  read,
  poll,
)

/** A run: threads take turns entering and leaving calls, a few microseconds apart; nothing is left open. */
export const anyRun = fc
  .array(fc.record({ thread: fc.nat(3), call: anyCall, wait: fc.integer({ min: 1, max: 3_000_000 }) }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((turns): Step[] => {
    const steps: Step[] = []
    const open = new Map<number, ModelCall>()
    let time = 3600e6
    const leave = (tid: number): void => {
      const call = open.get(tid)
      if (call) steps.push({ tid, kind: 'leave', time, call })
      open.delete(tid)
    }
    for (const { thread, call, wait } of turns) {
      const tid = 1000 + thread * 7
      time += wait
      if (open.has(tid)) leave(tid)
      else {
        open.set(tid, call)
        steps.push({ tid, kind: 'enter', time, call })
      }
    }
    for (const tid of [...open.keys()]) {
      time += 5
      leave(tid)
    }
    return steps
  })

export const anyOptions: fc.Arbitrary<PrintOptions> = fc.record({
  flags: fc.constantFrom('abbrev', 'raw', 'verbose'),
  named: fc.boolean(),
  stamp: fc.constantFrom('none', '-t', '-tt', '-ttt', 'ms', 'ns', '-r'),
  durations: fc.constantFrom('none', 'us', 'ms', 's', 'ns'),
  numbers: fc.boolean(),
  pointers: fc.boolean(),
  pid: fc.constantFrom('plain', 'comm'),
  column: fc.constantFrom(0, 40, 80),
  lineEnd: fc.constantFrom('\n', '\r\n'),
})

const two = (value: number): string => String(value).padStart(2, '0')

/** The stamp of a line, and what a reader must make of it. */
function stampOf(options: PrintOptions, time: number, before: number): { text: string; value: number } {
  const seconds = Math.floor(time / 1e6)
  const micros = time % 1e6
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
  const six = String(micros).padStart(6, '0')
  switch (options.stamp) {
    case 'none':
      return { text: '', value: Number.NaN }
    case '-t':
      return { text: `${clock} `, value: seconds * 1e6 }
    case '-tt':
      return { text: `${clock}.${six} `, value: time }
    case 'ms':
      return { text: `${clock}.${six.slice(0, 3)} `, value: seconds * 1e6 + Math.floor(micros / 1e3) * 1e3 }
    case 'ns':
      return { text: `${clock}.${six}000 `, value: time }
    case '-ttt':
      return { text: `${1_795_300_000 + seconds}.${six} `, value: 1_795_300_000e6 + time }
    case '-r': {
      const since = time - before
      return {
        text: `${String(Math.floor(since / 1e6)).padStart(6)}.${String(since % 1e6).padStart(6, '0')} `,
        value: time,
      }
    }
  }
}

function durationOf(options: PrintOptions, micros: number): { text: string; value: number } {
  const digits = { none: -1, s: 0, ms: 3, us: 6, ns: 9 }[options.durations]
  if (digits < 0) return { text: '', value: Number.NaN }
  const unit = 10 ** (6 - Math.min(digits, 6))
  const value = Math.floor(micros / unit) * unit
  return { text: ` <${(value / 1e6).toFixed(digits)}>`, value }
}

/** What a reader must find of one call. */
export interface Expected {
  readonly tid: number
  readonly time: number
  readonly duration: number
  readonly call: ModelCall
}

interface Line {
  readonly tid: number
  readonly time: number
  readonly body: string
}

/** Pads up to the result column. */
const padded = (text: string, column: number): string => {
  const at = text.lastIndexOf(') = ')
  return text.slice(0, at + 1).padEnd(column) + text.slice(at + 1)
}

/** Lines of the run: a call is whole when its thread leaves it before anything else happens, or when `apart` is false. */
function linesOf(
  steps: readonly Step[],
  options: PrintOptions,
  interleaved: boolean,
): { lines: Line[]; expected: Expected[] } {
  const lines: Line[] = []
  const expected: Expected[] = []
  steps.forEach((step, index) => {
    const { tid, time, call } = step
    if (step.kind === 'enter') {
      const end = steps.findIndex((other, at) => at > index && other.tid === tid)
      const duration = durationOf(options, steps[end]!.time - time)
      expected.push({ tid, time, duration: duration.value, call })
      const head = `${call.name}(${call.entry(options)}`
      if (interleaved && end !== index + 1) lines.push({ tid, time, body: `${head} <unfinished ...>` })
      else lines.push({ tid, time, body: padded(head + call.exit(options), options.column) + duration.text })
    } else if (interleaved && steps[index - 1]!.tid !== tid) {
      const start = steps.findLast((other, at) => at < index && other.tid === tid)!
      const rest = padded(`<... ${call.name} resumed>${call.exit(options)}`, options.column)
      lines.push({ tid, time, body: rest + durationOf(options, time - start.time).text })
    }
  })
  return { lines, expected }
}

/** Text of lines with their prefixes, and the times that a reader must give them, by tid and true time. */
function textOf(
  lines: readonly Line[],
  options: PrintOptions,
  pids: boolean,
): { text: string; times: Map<string, number> } {
  const times = new Map<string, number>()
  let before = lines[0]?.time ?? 0
  const first = before
  let text = ''
  for (const { tid, time, body } of lines) {
    const stamp = stampOf(options, time, before)
    before = time
    times.set(`${tid} ${time}`, options.stamp === '-r' ? time - first : stamp.value)
    const pid = pids ? (options.pid === 'comm' ? `${tid}<w) = 1> ` : `${String(tid).padEnd(5)} `) : ''
    const number = options.numbers ? '[   9] ' : ''
    const pointer = options.pointers ? '[00007fb90a48cb07] ' : ''
    text += pid + stamp.text + number + pointer + body + options.lineEnd
  }
  return { text, times }
}

/** The run as one file (-f -o FILE). */
export function printInterleaved(steps: readonly Step[], options: PrintOptions) {
  const { lines, expected } = linesOf(steps, options, true)
  const { text, times } = textOf(lines, options, true)
  return {
    text,
    expected: expected.map((call) => ({ ...call, time: times.get(`${call.tid} ${call.time}`)! })),
  }
}

/** The run as one file a thread (-ff -o FILE); -r is not for that. */
export function printPerThread(steps: readonly Step[], options: PrintOptions) {
  const { lines, expected } = linesOf(steps, options, false)
  const files = new Map<number, string>()
  const times = new Map<string, number>()
  for (const tid of new Set(lines.map((line) => line.tid))) {
    const printed = textOf(
      lines.filter((line) => line.tid === tid),
      options,
      false,
    )
    files.set(tid, printed.text)
    for (const [key, time] of printed.times) times.set(key, time)
  }
  return {
    files,
    expected: expected.map((call) => ({ ...call, time: times.get(`${call.tid} ${call.time}`)! })),
  }
}
