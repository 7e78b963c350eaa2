import { FOREIGN_PREFIXES } from '../base/foreign-prefixes.ts'

/** The beginning of a file, as every recogniser sees it. */
export interface Head {
  /** Relative path; recognisers ask it second. */
  readonly path: string
  readonly bytes: Uint8Array
  /** The file has no more than `bytes`. */
  readonly whole: boolean
  /** Lines without line end and colour codes; at most LINES. */
  readonly lines: readonly string[]
  /** The first two of them, which tell most files. */
  readonly opening: readonly string[]
  /** A line without what mail, containers, build servers, editors and JSON put around it. */
  bareLine(index: number): string
}

/** How much is looked at, until something is recognised: most files say at once what they are; some begin with prose. */
export const LOOKS = [4 * 1024, 32 * 1024, 256 * 1024] as const
const LINES = 10_000
/** A line is looked at up to here: strace prints lines of any length. */
const LINE_LENGTH = 4_096

const COLOUR = /\u001b\[[0-9;]*m/g
const NEWLINE = 10
const NUL = /^\u0000+/
/** Around a line, each at most once: what others put in front; quotes of JSON. */
const AROUND: readonly RegExp[] = [...FOREIGN_PREFIXES, /^\s*"|(?:\\n)?",?$/g]

/** Cuts `bytes` into lines for recognition. Bytes are taken as Latin-1, so nothing can fail to decode. */
export function makeHead(path: string, bytes: Uint8Array, whole: boolean): Head {
  let known: readonly string[] | null = null
  const lines = (): readonly string[] => {
    known ??= cutLines(textOf(bytes), whole, LINES)
    return known
  }
  return {
    path,
    bytes,
    whole,
    get lines() {
      return lines()
    },
    opening: openingOf(bytes, whole),
    bareLine: (index) => bare(lines()[index] ?? ''),
  }
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')

/** The first lines alone: the rest is made text when somebody asks for it. */
function openingOf(bytes: Uint8Array, whole: boolean): string[] {
  const first = bytes.indexOf(NEWLINE)
  const end = first < 0 ? -1 : bytes.indexOf(NEWLINE, first + 1)
  return end < 0 ? cutLines(textOf(bytes), whole, 2) : cutLines(textOf(bytes.subarray(0, end + 1)), true, 2)
}

function cutLines(text: string, whole: boolean, most: number): string[] {
  const lines: string[] = []
  let start = text.startsWith('\u00ef\u00bb\u00bf') ? 3 : 0
  while (start < text.length && lines.length < most) {
    const newline = text.indexOf('\n', start)
    const end = newline < 0 ? text.length : newline
    const line = text.slice(start, Math.min(end, start + LINE_LENGTH)).replace(/\r+$/, '')
    lines.push(line.replace(COLOUR, '').replace(NUL, ''))
    start = end + 1
  }
  // The cut is ours, not the file's: half a line says nothing.
  if (!whole && lines.length > 1 && start > text.length) lines.pop()
  return lines
}

const bare = (line: string): string => AROUND.reduce((rest, around) => rest.replace(around, ''), line)

/** Share of bytes that no text holds; text with a few stray NULs stays below one in ten. */
export function binaryShare(head: Head): number {
  if (head.bytes.length === 0) return 0
  let odd = 0
  for (const byte of head.bytes) if (byte < 9 || (byte > 13 && byte < 27) || (byte > 27 && byte < 32)) odd++
  return odd / head.bytes.length
}
