/** What a bundle takes at once, held against the streams. */
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hashingPass } from '../../src/bundle/evidence-ledger.ts'
import { SmallFiles } from '../../src/bundle/small-files.ts'
import type { EvidenceFile, EvidenceFormat } from '../../src/model/evidence.ts'
import { REDACTION_POLICIES } from '../../src/redaction/policy.ts'
import { createRedactor } from '../../src/redaction/redactor.ts'
import { redactStream } from '../../src/redaction/stream.ts'
import { memoryFile } from '../smaps/support.ts'
import fc from '../support/property.ts'

function aFile(content: string, format: EvidenceFormat = 'smaps'): EvidenceFile & { diskPath: string } {
  const folder = mkdtempSync(join(tmpdir(), 'small-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const diskPath = join(folder, 'file')
  writeFileSync(diskPath, content, 'latin1')
  return { ...memoryFile(Buffer.from(content, 'latin1'), { path: 'file', format }), diskPath }
}

async function streamed(file: EvidenceFile, policy: (typeof REDACTION_POLICIES)[number]) {
  const redactor = createRedactor(policy)
  const original = hashingPass(file.read())
  const stored = hashingPass(redactStream(original.chunks, file.format, redactor, file.path))
  const parts: Buffer[] = []
  for await (const part of stored.chunks) parts.push(Buffer.from(part))
  return {
    original: original.result(),
    stored: stored.result(),
    content: Buffer.concat(parts).toString('latin1'),
    counts: redactor.counts(),
  }
}

function atOnce(small: SmallFiles, file: EvidenceFile, policy: (typeof REDACTION_POLICIES)[number]) {
  const redactor = createRedactor(policy)
  const { original, stored, content } = small.take(file, redactor)!
  return { original, stored, content: content.toString('latin1'), counts: redactor.counts() }
}

const line = fc.constantFrom(
  'Rss:                  12 kB',
  '7f00-7f01 r-xp 0 fd:01 131 /usr/lib/libc.so.6',
  '7f00-7f01 r-xp 0 fd:01 131 /home/alice/app',
  '10:00:00.000001 read(3, "password=hunter2", 16) = 16 <0.000010>',
  '10:00:00.000001 openat(AT_FDCWD, "/home/alice/x", O_RDONLY) = 3',
  'alice  1085  0.0 mysql -phunter2',
  '',
  '\xe4\x00',
)
const ends = fc.constantFrom('\n', '\r\n', '')

describe.each(REDACTION_POLICIES)('%s', (policy) => {
  it.each(['smaps', 'strace-log', 'side-evidence'] as const)(
    '%s: is what the streams give',
    async (format) => {
      const small = new SmallFiles()
      await fc.assert(
        fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 9 }), ends, async (lines, end) => {
          const content = lines.join(end === '' ? '\n' : end) + end
          fc.pre(content !== '')
          const file = aFile(content, format)
          expect(atOnce(small, file, policy)).toEqual(await streamed(file, policy))
        }),
        { numRuns: 60 },
      )
    },
  )

  it('has room for what becomes larger, up to the largest file', async () => {
    const small = new SmallFiles()
    const call = '10:00:00.000001 writev(3, [{iov_base="a", iov_len=1}, {iov_base="b", iov_len=1}], 2) = 2\n'
    const shorter = aFile(call, 'strace-log')
    for (const bytes of [65_536, 50_000]) {
      const file = aFile(call.repeat(1000).slice(0, bytes), 'strace-log')
      expect(atOnce(small, file, policy)).toEqual(await streamed(file, policy))
      expect(atOnce(small, shorter, policy)).toEqual(await streamed(shorter, policy))
    }
  })
})

it('leaves to a stream what is large, empty, in an archive, or not as it was found', () => {
  const small = new SmallFiles()
  const redactor = createRedactor('standard')
  const file = aFile('Rss:  12 kB\n')
  expect(small.take(file, redactor)).not.toBeNull()
  expect(small.take({ ...file, diskPath: null }, redactor)).toBeNull()
  expect(small.take({ ...file, bytes: file.bytes - 1 }, redactor)).toBeNull()
  expect(small.take({ ...file, bytes: file.bytes + 1 }, redactor)).toBeNull()
  expect(small.take(aFile(''), redactor)).toBeNull()
  expect(small.take(aFile('a'.repeat(65_537)), redactor)).toBeNull()
  unlinkSync(file.diskPath)
  expect(small.take(file, redactor)).toBeNull()
})
