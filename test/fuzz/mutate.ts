/** Numbers that depend on nothing but a seed (mulberry32). */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** 0 up to 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let value = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit)
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!
  }
}

type Mutation = (bytes: Uint8Array, dice: Dice) => Uint8Array

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))

/** A piece of up to `most` bytes. */
function piece(bytes: Uint8Array, dice: Dice, most: number): Uint8Array {
  const start = dice.below(bytes.length)
  return bytes.subarray(start, start + 1 + dice.below(most))
}

/** Text that means something to one of the parsers. */
const WORDS = [
  ...[
    ' <unfinished ...>',
    '<... mmap resumed>',
    ') = ',
    '= ?',
    ' <0.000012>',
    '"',
    '\\',
    '/*',
    '*/',
    '[pid  12] ',
    '12345 ',
  ],
  ...[
    'strace: Process 7 attached',
    '+++ exited with 0 +++',
    '--- SIGCHLD ---',
    ' > /lib/x(y+0x1) [0x2]',
    '19:48:21.606018 ',
  ],
  ...[
    '% time     seconds  usecs/call     calls    errors syscall',
    '------ -----------',
    '\u001b[31m',
    '> ',
    '\r',
    '\0',
    '\n\n',
  ],
  ...[
    '7f0000000000-7f0000001000 rw-p 00000000 00:00 0 ',
    'Size:                  4 kB',
    'Rss:',
    'VmFlags: rd wr ',
    'kB',
    '[heap]',
  ],
  ...[
    '==> /proc/1/smaps <==',
    'MAP_PRIVATE|',
    '21<<MAP_HUGE_SHIFT',
    '0xffffffffffffffff',
    '99999999999999999999',
    '-1',
    ' (deleted)',
  ],
  ...[
    'execve(',
    'clone3({flags=',
    ' <pid changed to 5 ...>',
    '+++ superseded by execve in pid 6 +++',
    'Anonymous:      ',
  ],
].map((word) => new Uint8Array(Buffer.from(word, 'latin1')))

const MUTATIONS: readonly Mutation[] = [
  // One bit.
  (bytes, dice) => {
    const changed = Uint8Array.from(bytes)
    const at = dice.below(bytes.length)
    changed[at] = changed[at]! ^ (1 << dice.below(8))
    return changed
  },
  // Bytes overwritten.
  (bytes, dice) => {
    const changed = Uint8Array.from(bytes)
    for (let count = 1 + dice.below(8); count > 0; count--)
      changed[dice.below(bytes.length)] = dice.below(256)
    return changed
  },
  // Cut at the end, at the beginning, in the middle.
  (bytes, dice) => bytes.subarray(0, dice.below(bytes.length)),
  (bytes, dice) => bytes.subarray(dice.below(bytes.length)),
  (bytes, dice) => {
    const start = dice.below(bytes.length)
    return joined(bytes.subarray(0, start), bytes.subarray(start + 1 + dice.below(300)))
  },
  // A piece once more, elsewhere.
  (bytes, dice) => {
    const at = dice.below(bytes.length)
    return joined(bytes.subarray(0, at), piece(bytes, dice, 600), bytes.subarray(at))
  },
  // A word of some grammar.
  (bytes, dice) => {
    const at = dice.below(bytes.length)
    return joined(bytes.subarray(0, at), dice.pick(WORDS), bytes.subarray(at))
  },
  // Two lines change places.
  (bytes, dice) => {
    const lines = Buffer.from(bytes).toString('latin1').split('\n')
    const [a, b] = [dice.below(lines.length), dice.below(lines.length)]
    ;[lines[a], lines[b]] = [lines[b]!, lines[a]!]
    return new Uint8Array(Buffer.from(lines.join('\n'), 'latin1'))
  },
  // Other line ends, quoting, blanks at ends lost.
  (bytes) =>
    new Uint8Array(Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\n', '\r\n'), 'latin1')),
  (bytes) =>
    new Uint8Array(Buffer.from(Buffer.from(bytes).toString('latin1').replace(/^/gm, '> '), 'latin1')),
  (bytes) =>
    new Uint8Array(Buffer.from(Buffer.from(bytes).toString('latin1').replace(/ +$/gm, ''), 'latin1')),
  // Wrapped, as mailers do.
  (bytes, dice) => {
    const width = 20 + dice.below(100)
    const wrap = (line: string): string => line.replace(new RegExp(`(.{${width}}\\S*) `, 'g'), '$1\n')
    return new Uint8Array(
      Buffer.from(Buffer.from(bytes).toString('latin1').split('\n').map(wrap).join('\n'), 'latin1'),
    )
  },
]

/** A piece of one of the files, damaged in up to eight ways; the whole of it in one case of three. */
export function damaged(corpus: readonly Uint8Array[], dice: Dice, most: number): Uint8Array {
  const file = dice.pick(corpus)
  const from = dice.below(3) === 0 ? 0 : dice.below(file.length)
  let bytes: Uint8Array = Uint8Array.from(file.subarray(from, from + 1 + dice.below(most)))
  for (let count = dice.below(9); count > 0 && bytes.length > 0; count--) {
    bytes =
      dice.below(12) === 0
        ? joined(bytes, piece(dice.pick(corpus), dice, 2000))
        : dice.pick(MUTATIONS)(bytes, dice)
  }
  return bytes
}
