import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { EvidenceFile, EvidenceReference } from '../../src/model/evidence.ts'
import { readExcerpts } from '../../src/report/result/excerpts.ts'
import { readTraces } from '../support/read-traces.ts'

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
})
