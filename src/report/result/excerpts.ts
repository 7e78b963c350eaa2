/** The lines behind the numbers: what the findings cite, read back from the evidence and redacted. */
import { LineScanner } from '../../base/line-scanner.ts'
import type { EvidenceFile, EvidenceReference } from '../../model/evidence.ts'
import type { ReportRedaction } from '../input.ts'

/** Lines shown of one reference: a smaps block is 24 lines long, its first eight name the mapping and its sizes. */
const LINES_PER_REFERENCE = 8
/** Lines kept over all references. */
const LINES_IN_ALL = 6_000
/** Characters kept of a line; strace with `-s 65536` writes very long ones. */
const CHARACTERS_PER_LINE = 400

export interface Excerpts {
  /** The cited lines, `null` when the file cannot be read again or the budget is spent. */
  of(reference: EvidenceReference): string[] | null
}

const keyOf = (file: string, line: number): string => `${file}\u0000${line}`

const lastShown = (reference: EvidenceReference): number =>
  Math.min(reference.lastLine, reference.firstLine + LINES_PER_REFERENCE - 1)

/**
 * Reads the lines that `references` cite. Each file is read once, and only as far as its last cited line. The budget
 * is spent in the order of `references`, so the findings that matter most come first.
 */
export async function readExcerpts(
  files: readonly EvidenceFile[],
  references: readonly EvidenceReference[],
  redaction: ReportRedaction,
): Promise<Excerpts> {
  const wanted = wantedLines(references)
  const texts = new Map<string, string>()
  for (const file of files) {
    const lines = wanted.get(file.path)
    if (lines) await readLines(file, lines, redaction, texts)
  }
  return {
    of(reference) {
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

async function readLines(
  file: EvidenceFile,
  lines: ReadonlySet<number>,
  redaction: ReportRedaction,
  into: Map<string, string>,
): Promise<void> {
  const ahead = [...lines].sort((a, b) => b - a)
  const last = ahead[0] ?? 0
  const nextAfter = (line: number): number => {
    while (ahead.length > 0 && ahead.at(-1)! <= line) ahead.pop()
    return ahead.at(-1) ?? Number.POSITIVE_INFINITY
  }
  const decoder = new TextDecoder()
  const scanner = new LineScanner((buffer, start, end, line) => {
    scanner.from = nextAfter(line)
    // Redaction comes before the cut: a secret cut in two is no longer recognised, but still half a secret.
    const text = redaction.line(decoder.decode(buffer.subarray(start, end)), file.format)
    into.set(keyOf(file.path, line), cutLine(text))
  })
  scanner.from = nextAfter(0)
  for await (const chunk of file.read()) {
    scanner.push(chunk)
    if (scanner.lines >= last) return
  }
  scanner.finish()
}

function cutLine(text: string): string {
  if (text.length <= CHARACTERS_PER_LINE) return text
  const cut = text.slice(0, CHARACTERS_PER_LINE)
  const code = cut.charCodeAt(cut.length - 1)
  return `${code >= 0xd800 && code < 0xdc00 ? cut.slice(0, -1) : cut}…`
}
