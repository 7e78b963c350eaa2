/** The lines behind the numbers: what the findings cite, read back from the evidence and redacted. */
import type { LineMarks } from '../../base/line-marks.ts'
import { LineScanner } from '../../base/line-scanner.ts'
import { readDisk } from '../../base/read-disk.ts'
import type { EvidenceFile, EvidenceReference } from '../../model/evidence.ts'
import type { ReportRedaction } from '../input.ts'

/** Lines shown of one reference: a smaps block is 24 lines long, its first eight name the mapping and its sizes. */
const LINES_PER_REFERENCE = 8
/** Lines kept over all references. */
const LINES_IN_ALL = 6_000
const CHUNK = 1 << 16
/** Characters kept of a line; strace with `-s 65536` writes very long ones. */
const CHARACTERS_PER_LINE = 400

export interface Excerpts {
  /** The cited lines; none of a file that is cited as a whole, `null` when the file cannot be read again or the budget is spent. */
  of(reference: EvidenceReference): string[] | null
}

const keyOf = (file: string, line: number): string => `${file}\u0000${line}`

const lastShown = (reference: EvidenceReference): number =>
  Math.min(reference.lastLine, reference.firstLine + LINES_PER_REFERENCE - 1)

/**
 * Reads the lines that `references` cite. Each file is read once, and only as far as its last cited line; where `marks`
 * tell where its lines are, only around the cited ones. The budget is spent in the order of `references`, so the findings
 * that matter most come first.
 */
export async function readExcerpts(
  files: readonly EvidenceFile[],
  references: readonly EvidenceReference[],
  redaction: ReportRedaction,
  marks: ReadonlyMap<string, LineMarks>,
): Promise<Excerpts> {
  const wanted = wantedLines(references)
  const texts = new Map<string, string>()
  const decoder = new TextDecoder()
  for (const file of files) {
    const lines = wanted.get(file.path)
    if (!lines) continue
    const keep = (line: number, bytes: Uint8Array): void => {
      // Redaction comes before the cut: a secret cut in two is no longer recognised, but still half a secret.
      const text = redaction.line(decoder.decode(bytes), file.format)
      texts.set(keyOf(file.path, line), cutLine(text))
    }
    const known = marks.get(file.path)
    const isMarked = known !== undefined && file.diskPath !== null
    // The file's own reading tells what happened to it.
    if (!isMarked || !hasRead(file.diskPath, file.bytes, known, lines, keep))
      await readLines(file, lines, keep)
  }
  return {
    of(reference) {
      if (reference.whole) return []
      const lines: string[] = []
      for (let line = reference.firstLine; line <= lastShown(reference); line++) {
        const text = texts.get(keyOf(reference.file, line))
        if (text === undefined) break
        lines.push(text)
      }
      return lines.length > 0 ? lines : null
    },
  }
}

function wantedLines(references: readonly EvidenceReference[]): Map<string, Set<number>> {
  const wanted = new Map<string, Set<number>>()
  let left = LINES_IN_ALL
  for (const reference of references) {
    if (reference.whole) continue
    const lines = wanted.get(reference.file) ?? new Set<number>()
    wanted.set(reference.file, lines)
    for (let line = reference.firstLine; line <= lastShown(reference) && left > 0; line++) {
      if (lines.has(line)) continue
      lines.add(line)
      left--
    }
  }
  return wanted
}

type Part = ReturnType<LineMarks['around']>
type Keep = (line: number, bytes: Uint8Array) => void

/** Hands on the wanted lines of one file or of a part that begins with line `first`; push() takes its bytes. */
function scannerOf(lines: ReadonlySet<number>, first: number, keep: Keep): LineScanner {
  const ahead = [...lines].sort((a, b) => b - a)
  /** In the scanner's own count. */
  const nextAfter = (line: number): number => {
    while (ahead.length > 0 && ahead.at(-1)! < first + line) ahead.pop()
    return (ahead.at(-1) ?? Number.POSITIVE_INFINITY) - first + 1
  }
  const scanner = new LineScanner((buffer, start, end, line) => {
    scanner.from = nextAfter(line)
    keep(first + line - 1, buffer.subarray(start, end))
  })
  scanner.from = nextAfter(0)
  return scanner
}

async function readLines(file: EvidenceFile, lines: ReadonlySet<number>, keep: Keep): Promise<void> {
  const last = [...lines].reduce((most, line) => Math.max(most, line), 0)
  const scanner = scannerOf(lines, 1, keep)
  for await (const chunk of file.read()) {
    scanner.push(chunk)
    if (scanner.lines >= last) return
  }
  scanner.finish()
}

/** As `readLines`, and only the parts of the file that hold one of the lines, each as far as its last one. */
function readMarked(
  path: string,
  bytes: number,
  marks: LineMarks,
  lines: ReadonlySet<number>,
  keep: Keep,
): void {
  const parts = new Map<number, { readonly part: Part; readonly own: Set<number> }>()
  for (const line of [...lines].sort((a, b) => a - b)) {
    const part = marks.around(line)
    const known = parts.get(part.line) ?? { part, own: new Set() }
    known.own.add(line)
    parts.set(part.line, known)
  }
  for (const { part, own } of parts.values()) {
    const { line, from, end } = part
    const scanner = scannerOf(own, line, keep)
    const read = (chunk: Uint8Array): boolean => {
      scanner.push(chunk)
      return scanner.from < Number.POSITIVE_INFINITY
    }
    readDisk(path, (end ?? bytes) - from, read, CHUNK, from)
    scanner.finish()
  }
}

/** Whether the file is still there to be read so. */
function hasRead(...wanted: Parameters<typeof readMarked>): boolean {
  try {
    readMarked(...wanted)
    return true
  } catch {
    return false
  }
}

function cutLine(text: string): string {
  if (text.length <= CHARACTERS_PER_LINE) return text
  const cut = text.slice(0, CHARACTERS_PER_LINE)
  const code = cut.charCodeAt(cut.length - 1)
  return `${code >= 0xd800 && code < 0xdc00 ? cut.slice(0, -1) : cut}…`
}
