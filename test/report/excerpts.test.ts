import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { LineMarks } from '../../src/base/line-marks.ts'
import type * as ReadDisk from '../../src/base/read-disk.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { EvidenceFile, EvidenceReference } from '../../src/model/evidence.ts'
import { readExcerpts } from '../../src/report/result/excerpts.ts'
import { readTraces } from '../support/read-traces.ts'

/** Of each stretch that was read from disk: where it began, and where the last bytes taken of it end. */
const stretches = vi.hoisted((): { from: number; to: number }[] => [])
vi.mock('../../src/base/read-disk.ts', async (original: () => Promise<typeof ReadDisk>) => {
  const all = await original()
  const readDisk: typeof ReadDisk.readDisk = (path, bytes, take, chunkBytes, from = 0) => {
    const stretch = { from, to: from }
    stretches.push(stretch)
    const counted = (chunk: Uint8Array): unknown => {
      stretch.to += chunk.length
      return take(chunk)
    }
    all.readDisk(path, bytes, counted, chunkBytes, from)
  }
  return { ...all, readDisk }
})

const LINES = 12_000
const lines = Array.from({ length: LINES }, (_, index) =>
  index === 5000
    ? `10:00:00.005000 write(1, "${'x'.repeat(600_000)}", 600000) = 600000`
    : `10:00:00.${String(index).padStart(6, '0')} read(${index % 50}, "", ${index}) = 0${index % 7 === 0 ? '\r' : ''}`,
)
const REFERENCES: EvidenceReference[] = [1, 17, 4998, 5001, 5002, 9000, 11_999].map((line) => ({
  file: 'app.log',
  firstLine: line,
  lastLine: line + 1,
}))

let folder = ''
let file: EvidenceFile
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'excerpts-'))
  const diskPath = join(folder, 'app.log')
  const text = Buffer.from(lines.join('\n'))
  writeFileSync(diskPath, text)
  file = {
    path: 'app.log',
    bytes: text.length,
    format: 'strace-log',
    side: null,
    why: '',
    hints: { pid: null, tid: null, group: null, stamp: null, stampWidth: null },
    diskPath,
    async *read() {
      yield text
    },
  }
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('cited lines', () => {
  it('are the same by the marks that the reader of the log left as without', async () => {
    const { traces } = await readTraces([file], new Diagnostics())
    const { path, marks } = traces[0]!.files[0]!
    const asIs = { line: (text: string) => text } as never
    const marked = await readExcerpts([file], REFERENCES, asIs, new Map([[path, marks!]]))
    const counted = await readExcerpts([file], REFERENCES, asIs, new Map())
    for (const reference of REFERENCES) {
      const shown = lines
        .slice(reference.firstLine - 1, reference.lastLine)
        .map((line) => (line.length > 400 ? `${line.slice(0, 400)}…` : line.replace('\r', '')))
      expect(marked.of(reference)).toEqual(shown)
      expect(counted.of(reference)).toEqual(shown)
    }
  })

  it('are read by the marks no further than behind the last one between two of them', async () => {
    const offsetOf = (line: number): number =>
      lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0)
    const marks = new LineMarks()
    for (const line of [1, 4000, 5003, 8000]) marks.add(line, offsetOf(line))
    const asIs = { line: (text: string) => text } as never
    const cited = [1, 17, 4010, 8002].map((line) => ({
      file: 'app.log',
      firstLine: line,
      lastLine: line + 1,
    }))
    stretches.length = 0
    const excerpts = await readExcerpts([file], cited, asIs, new Map([['app.log', marks]]))
    for (const reference of cited)
      expect(excerpts.of(reference)).toEqual(
        lines.slice(reference.firstLine - 1, reference.lastLine).map((line) => line.replace('\r', '')),
      )
    const last = [18, 4011, 8003]
    expect(stretches.map(({ from }) => from)).toEqual([1, 4000, 8000].map(offsetOf))
    for (const [at, { to }] of stretches.entries()) {
      const behind = offsetOf(last[at]! + 1)
      expect(to).toBeGreaterThanOrEqual(behind)
      // Read in pieces: the one in which the last line ends is the last.
      expect(to).toBeLessThan(behind + (1 << 16))
    }
  })
})
