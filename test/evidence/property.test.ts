import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { readSideEvidence } from '../../src/evidence/side/read-side-evidence.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import fc from '../support/property.ts'
import { tarOf, XZ, ZSTD, zipOf } from './make-archives.ts'
import {
  contentOf,
  type Discovered,
  discovered,
  realLog,
  realSnapshot,
  SMAPS,
  STRACE,
  scratch,
} from './support.ts'

/** Every byte found is read or skipped, and reading gives what was announced. */
async function accountsFor(capture: Discovered, bytes: number | null): Promise<void> {
  let total = 0
  for (const file of capture.files) {
    const content = await contentOf(file)
    // A zip says each size in its directory; a member that is damaged has fewer, and says so.
    const damaged = capture.collector
      .list()
      .some(({ code, file: at }) => code === 'evidence-archive-damaged' && at === file.path)
    if (damaged) expect(content.length).toBeLessThanOrEqual(file.bytes)
    else expect(content.length).toBe(file.bytes)
    total += file.bytes
  }
  for (const file of capture.skipped) total += file.bytes
  if (bytes !== null) expect(total).toBe(bytes)
  const paths = [...capture.files, ...capture.skipped].map(({ path }) => path)
  expect(new Set(paths).size).toBe(paths.length)
  const known = new Set(paths)
  for (const { file } of capture.collector.list()) expect(known).toContain(file)
  await readSideEvidence(capture.files, new Diagnostics())
}

const texts = [
  SMAPS,
  STRACE,
  realSnapshot().toString('latin1'),
  realLog().toString('latin1').slice(0, 60_000),
  '',
  'PID TID CMD\n',
]
const names = [
  'smaps_1085_202611221942',
  'nscd.1085',
  'x/status',
  'a b',
  '1085/limits',
  'y.gz',
  'z.tar',
  'w.zip',
]

/** Real evidence with something done to it: cut, bits flipped, parts repeated, or bytes out of nowhere. */
const content = fc.oneof(
  fc.uint8Array({ maxLength: 3_000 }),
  fc
    .record({
      text: fc.constantFrom(...texts),
      from: fc.nat(20_000),
      length: fc.nat(40_000),
      flips: fc.array(fc.tuple(fc.nat(40_000), fc.nat(255)), { maxLength: 8 }),
    })
    .map(({ text, from, length, flips }) => {
      const bytes = Buffer.from(text, 'latin1')
        .subarray(from % (text.length + 1))
        .subarray(0, length)
      const copy = Uint8Array.from(bytes)
      for (const [at, value] of flips) if (copy.length > 0) copy[at % copy.length] = value
      return copy
    }),
)

let counter = 0
const base = scratch()
const directory = (): string => {
  const path = join(base, String(counter++))
  mkdirSync(path)
  return path
}

describe('whatever the bytes', () => {
  it('a directory is accounted for to the byte, and nothing throws', async () => {
    const entry = fc.tuple(fc.constantFrom(...names), content)
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(entry, { selector: ([name]) => name, maxLength: 5 }), async (files) => {
        const root = directory()
        let total = 0
        let isPlain = true
        for (const [name, bytes] of files) {
          mkdirSync(join(root, name, '..'), { recursive: true })
          writeFileSync(join(root, name), bytes)
          total += bytes.length
          // Random bytes can begin like a compressed file; then members are counted, not the container.
          isPlain &&= !/^(?:1f8b08|28b52ffd|fd377a58|504b0|fffe|feff)/.test(
            Buffer.from(bytes).toString('hex'),
          )
        }
        await accountsFor(await discovered(root), isPlain ? total : null)
      }),
      { numRuns: 150 },
    )
  })

  it('a cut or damaged archive ends, tells what it lost, and gives the same twice', async () => {
    const members: [string, Buffer][] = [
      ['smaps_1085_202611221942', realSnapshot()],
      ['nscd.1085', realLog().subarray(0, 50_000)],
      ['empty', Buffer.alloc(0)],
      ['nscd.1086', Buffer.from(STRACE)],
    ]
    const tar = await tarOf(members.map(([name, body]) => ({ name, body })))
    const zip = zipOf(members.map(([name, body]) => ({ name, body })))
    const archives = { 'a.tar': tar, 'a.tgz': gzipSync(tar), 'a.zip': zip, 'b.1.zst': ZSTD, 'b.1.xz': XZ }
    for (const name of ['a.tar', 'a.tgz', 'a.zip'] as const) {
      const root = directory()
      writeFileSync(join(root, name), archives[name])
      expect((await discovered(root)).files).toHaveLength(3)
    }
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...(Object.keys(archives) as (keyof typeof archives)[])),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
        async (name, share, flips) => {
          const bytes = Uint8Array.from(archives[name].subarray(0, Math.round(archives[name].length * share)))
          for (const [at, value] of flips) if (bytes.length > 0) bytes[at % bytes.length] = value
          const root = directory()
          writeFileSync(join(root, name), bytes)
          const first = await discovered(root)
          await accountsFor(first, null)
          const second = await discovered(root)
          const plain = ({ files, skipped }: Discovered) => [
            files.map(({ path, bytes: size }) => [path, size]),
            skipped,
          ]
          expect(plain(second)).toEqual(plain(first))
          // A first header that is broken is no archive any more, and the text behind it is read as it stands.
          const isArchive =
            name.startsWith('a.') &&
            first.files.every(({ path }) => path.startsWith('a.') && path.includes('/'))
          if (isArchive && first.files.length < 3) expect(first.collector.list().length).toBeGreaterThan(0)
        },
      ),
      { numRuns: 300 },
    )
  })
})
