import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ARCHIVE_REASONS, archiveReason } from '../../src/model/archive-reasons.ts'
import type { Sentence } from '../../src/model/sentence.ts'
import { reasonSentence } from '../../src/model/skip-reasons.ts'
import { type Member, tarOf, XZ, type ZipMember, ZSTD, zipOf } from './make-archives.ts'
import {
  contentOf,
  directoryOf,
  discovered,
  listing,
  realLog,
  realSnapshot,
  SMAPS,
  STRACE,
  scratch,
} from './support.ts'

const smaps = Buffer.from(SMAPS)
const CAPTURE = { 'smaps/smaps_1085_202611221942': 'smaps', 'strace/nscd.1085': 'strace-log' }
const MEMBERS: Member[] = [
  { name: 'smaps/', type: 'directory' },
  { name: './smaps/smaps_1085_202611221942', body: SMAPS },
  { name: 'strace/nscd.1085', body: STRACE },
]
const ZIP_MEMBERS: ZipMember[] = [
  { name: 'smaps/', body: Buffer.alloc(0) },
  { name: 'smaps/smaps_1085_202611221942', body: smaps },
  { name: 'strace/nscd.1085', body: Buffer.from(STRACE), method: 0 },
]

describe('containers', () => {
  it('reads tar, tar.gz, zip alike, with paths relative to the archive', async () => {
    const tar = await tarOf(MEMBERS)
    const root = directoryOf({
      'e.tar': tar,
      'e.tar.gz': gzipSync(tar),
      'e.tgz': gzipSync(tar),
      'e.zip': zipOf(ZIP_MEMBERS),
    })
    for (const name of ['e.tar', 'e.tar.gz', 'e.tgz', 'e.zip']) {
      const capture = await discovered(join(root, name))
      expect(listing(capture), name).toEqual(CAPTURE)
      expect(capture.name, name).toBe('e')
      expect(capture.diagnostics, name).toEqual([])
      const [snapshot, log] = capture.files
      expect(snapshot).toMatchObject({ bytes: SMAPS.length, diskPath: null, hints: { pid: 1085 } })
      for (const _ of ['first', 'again']) {
        expect((await contentOf(log!)).toString(), name).toBe(STRACE)
        expect((await contentOf(snapshot!)).toString(), name).toBe(SMAPS)
      }
    }
  })

  it('reads compressed files under the names they had', async () => {
    const root = directoryOf({
      'smaps_1085_202611221942.gz': gzipSync(SMAPS),
      'nscd.1085.gz': gzipSync(STRACE),
    })
    const capture = await discovered(root)
    expect(listing(capture)).toEqual({ smaps_1085_202611221942: 'smaps', 'nscd.1085': 'strace-log' })
    expect(capture.files.map(({ bytes }) => bytes)).toEqual([STRACE.length, SMAPS.length])
    expect(capture.files[0]!.hints).toMatchObject({ group: 'nscd', tid: 1085 })
  })

  it('reads zstd and xz, also several streams in one file', async () => {
    const twice = STRACE + STRACE
    const root = directoryOf({
      'a.1.zst': ZSTD,
      'b.1.zst': Buffer.concat([ZSTD, ZSTD]),
      'c.1.xz': XZ,
      'd.1.xz': Buffer.concat([XZ, XZ]),
      'e.1.gz': Buffer.concat([gzipSync(STRACE), gzipSync(STRACE)]),
    })
    const capture = await discovered(root)
    const contents = await Promise.all(
      capture.files.map(async (file) => [file.path, String(await contentOf(file))]),
    )
    expect(Object.fromEntries(contents)).toEqual({
      'a.1': STRACE,
      'b.1': twice,
      'c.1': STRACE,
      'd.1': twice,
      'e.1': twice,
    })
    expect(capture.diagnostics).toEqual([])
  })

  it('reads text of PowerShell', async () => {
    const root = directoryOf({
      smaps_1085_202611221942: Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(SMAPS, 'utf16le')]),
    })
    const { files } = await discovered(root)
    expect(String(await contentOf(files[0]!))).toBe(SMAPS)
  })

  it('reads archives inside archives inside directories, and names each by where it is', async () => {
    const inner = zipOf(ZIP_MEMBERS)
    const middle = gzipSync(
      await tarOf([
        { name: 'x/inner.zip', body: inner },
        { name: 'nscd.7.gz', body: gzipSync(STRACE) },
      ]),
    )
    const capture = await discovered(
      directoryOf({ 'day/middle.tar.gz': middle, smaps_7_20261122: `${SMAPS}\n` }),
    )
    expect(listing(capture)).toEqual({
      'day/middle.tar.gz/nscd.7': 'strace-log',
      'day/middle.tar.gz/x/inner.zip/smaps/smaps_1085_202611221942': 'smaps',
      'day/middle.tar.gz/x/inner.zip/strace/nscd.1085': 'strace-log',
      smaps_7_20261122: 'smaps',
    })
    for (const file of capture.files) expect((await contentOf(file)).length).toBe(file.bytes)
  })

  it('reads long names and names that are not UTF-8', async () => {
    const long = `${'d'.repeat(200)}/${'n'.repeat(240)}.1085`
    const odd = Buffer.from('caf\u00e9.1085', 'latin1')
    const tar = await tarOf([{ name: long, body: STRACE }])
    const zip = zipOf([{ name: odd, body: Buffer.from(STRACE), flags: 0 }])
    const capture = await discovered(directoryOf({ 'a.tar': tar, 'b.zip': zip }))
    expect(listing(capture)).toEqual({ [`a.tar/${long}`]: 'strace-log', 'b.zip/caf\\xe9.1085': 'strace-log' })
  })

  it('reads a member of megabytes from the middle of a compressed tar', async () => {
    const log = Buffer.concat(Array.from({ length: 40 }, realLog))
    const tar = gzipSync(
      await tarOf([
        { name: 'a.1', body: STRACE },
        { name: 'b.2', body: log },
        { name: 'c.3', body: STRACE },
      ]),
    )
    const { files } = await discovered(directoryOf({ 'x.tgz': tar }))
    expect(log.length).toBeGreaterThan(2 << 20)
    expect((await contentOf(files[1]!)).equals(log)).toBe(true)
  })
})

describe('hostile members are refused by themselves', () => {
  const hostile: readonly [name: string, reason: RegExp][] = [
    ['/etc/smaps_1_20261122', /absolute name/],
    ['../smaps_2_20261122', /leads out of the archive/],
    ['a/../../smaps_3_20261122', /leads out of the archive/],
    ['C:\\smaps_4_20261122', /absolute name/],
  ]

  it.each(hostile)('%s', async (name, reason) => {
    const tar = await tarOf([{ name, body: SMAPS }, ...MEMBERS])
    const zip = zipOf([{ name, body: smaps }, ...ZIP_MEMBERS])
    for (const [file, archive] of [
      ['t.tar', tar],
      ['z.zip', zip],
    ] as const) {
      const capture = await discovered(join(directoryOf({ [file]: archive }), file))
      expect(
        capture.files.map(({ path, format }) => [path, format]),
        file,
      ).toEqual(Object.entries(CAPTURE))
      expect(capture.skipped, file).toMatchObject([
        { bytes: SMAPS.length, reason: expect.stringMatching(reason) },
      ])
      expect(capture.diagnostics, file).toMatchObject([
        { code: 'evidence-archive-refused', severity: 'data-loss' },
      ])
    }
  })

  it('links, pipes and repeated names', async () => {
    const tar = await tarOf([
      ...MEMBERS,
      { name: 'soft', type: 'symlink' },
      { name: 'hard', type: 'link' },
      { name: 'pipe', type: 'fifo' },
      { name: 'strace/nscd.1085', body: `${STRACE}x` },
    ])
    const fromTar = await discovered(join(directoryOf({ 't.tar': tar }), 't.tar'))
    expect(listing(fromTar)).toEqual({
      ...CAPTURE,
      soft: 'skipped: a symbolic link in an archive, not followed',
      hard: 'skipped: a hard link in an archive; the file it names is read there',
      pipe: 'skipped: a pipe or device in an archive',
      'strace/nscd.1085': 'strace-log',
      'strace/nscd.1085~2': 'skipped: the name is in the archive twice; only the first is read',
    })
    const zip = zipOf([
      ...ZIP_MEMBERS,
      { name: 'soft', body: Buffer.from('/etc/passwd'), mode: 0o120777 },
      { name: 'strace/nscd.1085', body: Buffer.from(`${STRACE}x`) },
      { name: 'locked', body: smaps, flags: 1 },
      { name: 'odd', body: smaps, method: 93 },
    ])
    const fromZip = await discovered(join(directoryOf({ 'z.zip': zip }), 'z.zip'))
    expect(listing(fromZip)).toEqual({
      ...CAPTURE,
      soft: 'skipped: a symbolic link in an archive, not followed',
      'strace/nscd.1085~2': 'skipped: the name is in the archive twice; only the first is read',
      locked: 'skipped: encrypted',
      odd: 'skipped: compressed by a method that is not read (93)',
    })
  })
})

describe('bombs', () => {
  it('by ratio: one deflated member and one gzip', async () => {
    const zeros = Buffer.alloc(300 << 20)
    const zip = zipOf([...ZIP_MEMBERS, { name: 'bomb', body: zeros }])
    const capture = await discovered(directoryOf({ 'z.zip': zip, 'bomb.gz': gzipSync(zeros) }))
    expect(capture.files).toHaveLength(2)
    expect(capture.skipped.map(({ path, reason }) => [path, reason])).toEqual([
      ['bomb', expect.stringMatching(/more than 400 times its size .* decompression bomb/)],
      ['z.zip/bomb', expect.stringMatching(/more than 400 times its size .* decompression bomb/)],
    ])
  })

  it('by overlap: many members over the same bytes', async () => {
    const body = realSnapshot()
    const members = Array.from({ length: 50 }, (_, i) => ({
      name: `smaps_${i + 1}_20261122`,
      body,
      overlap: i > 0,
    }))
    const { skipped } = await discovered(join(directoryOf({ 'z.zip': zipOf(members) }), 'z.zip'))
    expect(skipped).toMatchObject([{ path: 'z.zip', reason: 'its members overlap: a decompression bomb' }])
  })

  it('by count: a tar of more members than any capture has', async () => {
    const block = (await tarOf([{ name: 'a' }])).subarray(0, 512)
    const many = Buffer.concat(Array.from({ length: 200_001 }, () => block))
    const { skipped } = await discovered(join(directoryOf({ 't.tar': many }), 't.tar'))
    expect(skipped).toContainEqual({ path: 't.tar', bytes: 0, reason: 'more than 200,000 members' })
  })

  it('by depth: an archive in an archive in an archive …', async () => {
    let archive: Uint8Array = Buffer.from(SMAPS)
    for (let depth = 0; depth < 9; depth++)
      archive = await tarOf([{ name: `smaps_${depth + 1}`, body: archive }])
    const { files, skipped } = await discovered(join(directoryOf({ 't.tar': archive }), 't.tar'))
    expect(files).toEqual([])
    expect(skipped).toMatchObject([{ reason: 'archives inside archives, more than 6 deep' }])
  })

  it('a size that lies', async () => {
    const zip = zipOf([{ name: 'nscd.1', body: Buffer.from(STRACE), size: 20 }])
    const { files, skipped, diagnostics } = await discovered(join(directoryOf({ 'z.zip': zip }), 'z.zip'))
    expect([...files, ...skipped]).toHaveLength(1)
    expect(diagnostics).toMatchObject([{ code: 'evidence-archive-damaged' }])
  })

  it('damage is why a compressed file of no known kind is skipped, and is told once', async () => {
    const packed = gzipSync(Buffer.from(Array.from({ length: 20_000 }, (_, n) => `${n}\n`).join('')))
    const root = directoryOf({ 'numbers.gz': packed.subarray(0, packed.length - 2_000) })
    const { skipped, diagnostics } = await discovered(root)
    expect(skipped).toMatchObject([{ path: 'numbers', reason: expect.stringContaining('damaged') }])
    expect(diagnostics).toMatchObject([{ code: 'evidence-archive-damaged', file: 'numbers', count: 1 }])
  })

  it('a member whose checksum is wrong is read, and said to be damaged', async () => {
    const zip = zipOf([{ name: 'nscd.1', body: Buffer.from(STRACE), crc: 1 }])
    const capture = await discovered(join(directoryOf({ 'z.zip': zip }), 'z.zip'))
    expect(String(await contentOf(capture.files[0]!))).toBe(STRACE)
    expect(capture.collector.list()).toMatchObject([
      { code: 'evidence-archive-damaged', file: 'nscd.1', count: 1 },
    ])
  })
})

describe('damage', () => {
  it('keeps what stands before the cut of a tar, plain and compressed, to the byte', async () => {
    const log = realLog()
    const tar = await tarOf([
      { name: 'a.1', body: STRACE },
      { name: 'b.2', body: log },
    ])
    const cut = tar.subarray(0, 512 + 512 + 512 + 10_000)
    const root = directoryOf({ 'p.tar': cut, 'g.tgz': gzipSync(cut) })
    for (const name of ['p.tar', 'g.tgz']) {
      const capture = await discovered(join(root, name))
      expect(
        capture.files.map(({ path, bytes }) => [path, bytes]),
        name,
      ).toEqual([
        ['a.1', STRACE.length],
        ['b.2', 10_000],
      ])
      expect((await contentOf(capture.files[1]!)).equals(log.subarray(0, 10_000)), name).toBe(true)
      expect(capture.skipped, name).toEqual([{ path: name, bytes: 0, reason: 'the tar archive is cut' }])
    }
  })

  it('keeps what a cut gzip still gives, and says so once', async () => {
    const log = realLog()
    const packed = gzipSync(log)
    const capture = await discovered(directoryOf({ 'b.2.gz': packed.subarray(0, packed.length / 2) }))
    const [file] = capture.files
    const content = await contentOf(file!)
    expect(content.length).toBe(file!.bytes)
    expect(content.length).toBeGreaterThan(log.length / 4)
    expect(log.subarray(0, content.length).equals(content)).toBe(true)
    expect(capture.collector.list()).toMatchObject([
      { code: 'evidence-archive-damaged', file: 'b.2', count: 1, severity: 'data-loss' },
    ])
  })

  it('refuses a zip that is cut: its directory stands at the end', async () => {
    const zip = zipOf(ZIP_MEMBERS)
    const capture = await discovered(directoryOf({ 'z.zip': zip.subarray(0, zip.length - 30) }))
    expect(capture.skipped).toMatchObject([
      {
        path: 'z.zip',
        bytes: zip.length - 30,
        reason: expect.stringMatching(/its directory, .* is missing/),
      },
    ])
  })

  it('says what is damaged in both languages, but for the words of a library', async () => {
    const zip = zipOf(ZIP_MEMBERS)
    const packed = gzipSync(realLog())
    const capture = await discovered(
      directoryOf({
        'z.zip': zip.subarray(0, zip.length - 30),
        'b.2.gz': packed.subarray(0, packed.length / 2),
        'c.bz2': 'BZh91AY&SY',
      }),
    )
    expect(capture.skipped.map(({ reason }) => reasonSentence(reason).zh)).toEqual([
      '以 bzip2 压缩，此处不支持：请手动解压',
      'zip 归档已损坏（缺少位于末尾的目录：文件不完整）',
    ])
    expect(capture.collector.list().map(({ message }) => message.zh)).toContain(
      '归档损坏：只能读取损坏处之前的内容: 压缩数据已损坏（unexpected end of file）',
    )
  })

  it.each(Object.entries<Sentence>(ARCHIVE_REASONS))('%s is told in both languages', (_, { en, zh }) => {
    const told = ['one', 'two', 'three']
    const filled = (text: string) => told.reduce((sum, word) => sum.replace('{}', word), text)
    expect(archiveReason({ en, zh }, ...told)).toBe(filled(en))
    expect(reasonSentence(filled(en))).toEqual({ en: filled(en), zh: filled(zh) })
  })

  it('names what it cannot unpack', async () => {
    const capture = await discovered(
      directoryOf({ 'a.bz2': 'BZh91AY&SY', 'b.7z': Buffer.from('377abcaf271c00', 'hex') }),
    )
    expect(listing(capture)).toEqual({
      'a.bz2': 'skipped: compressed by bzip2, which is not read here: unpack it by hand',
      'b.7z': 'skipped: compressed by 7-Zip, which is not read here: unpack it by hand',
    })
  })
})

describe("the tool's own evidence.zip", () => {
  const bag: ZipMember[] = [
    { name: 'bagit.txt', body: Buffer.from('BagIt-Version: 1.0\n') },
    { name: 'manifest-sha256.txt', body: Buffer.from('00  data/report.json\n') },
    { name: 'data/report.json', body: Buffer.from('{}') },
    { name: 'data/report.html', body: Buffer.from('<!doctype html>') },
    { name: 'data/evidence/smaps/smaps_1085_202611221942', body: smaps },
    { name: 'data/evidence/strace/nscd.1085', body: Buffer.from(STRACE) },
    { name: 'data/evidence/notes.txt', body: Buffer.from('what we saw\n') },
  ]
  const plain = {
    ...CAPTURE,
    'notes.txt': 'skipped: text of no known kind: not smaps, strace or side evidence',
  }

  it('gives the capture that it was made of, zipped and unpacked', async () => {
    const unpacked = directoryOf(Object.fromEntries(bag.map(({ name, body }) => [String(name), body])))
    const zipped = join(directoryOf({ 'evidence.zip': zipOf(bag) }), 'evidence.zip')
    for (const path of [unpacked, zipped]) {
      const capture = await discovered(path)
      expect(listing(capture)).toEqual(plain)
      expect(capture.packaging!.map(({ path: part }) => part)).toEqual([
        'bagit.txt',
        'data/report.html',
        'data/report.json',
        'manifest-sha256.txt',
      ])
      expect(capture.diagnostics.map(({ code, file }) => [code, file])).toEqual([
        ['evidence-unknown', 'notes.txt'],
      ])
    }
  })

  it('is not read twice when an earlier output lies in the evidence', async () => {
    const capture = await discovered(
      directoryOf({
        'smaps/smaps_1085_202611221942': SMAPS,
        'out/x/report.json': '{}',
        'out/x/report.html': '<!doctype html>',
        'out/x/report.md': '# thumbd',
        'out/x/evidence.zip': zipOf(bag),
      }),
    )
    expect(listing(capture)).toEqual({ 'smaps/smaps_1085_202611221942': 'smaps' })
    expect(capture.packaging).toHaveLength(10)
  })

  it('is not read twice when the outputs were written into the evidence, with or without the bag', async () => {
    const outputs = { 'report.json': '{}', 'report.html': '<!doctype html>', 'report.md': '# thumbd' }
    const evidence = { 'smaps/smaps_1085_202611221942': SMAPS }
    for (const more of [{}, { 'evidence.zip': zipOf(bag) }]) {
      const capture = await discovered(directoryOf({ ...evidence, ...outputs, ...more }))
      expect(listing(capture)).toEqual({ 'smaps/smaps_1085_202611221942': 'smaps' })
      expect(capture.diagnostics).toEqual([])
    }
  })

  it('is read when the output folder itself is given', async () => {
    const root = directoryOf({
      'report.json': '{}',
      'report.html': '<!doctype html>',
      'evidence.zip': zipOf(bag),
    })
    const capture = await discovered(root)
    expect(capture.files.map(({ path }) => path)).toEqual([
      'evidence.zip/smaps/smaps_1085_202611221942',
      'evidence.zip/strace/nscd.1085',
    ])
  })
})

it('never writes: an archive in a directory without write permission is read in place', async () => {
  const root = directoryOf({ 'e.zip': zipOf(ZIP_MEMBERS) })
  const before = readFileSync(join(root, 'e.zip'))
  mkdirSync(join(root, 'empty'))
  symlinkSync(join(root, 'e.zip'), join(root, 'link'))
  writeFileSync(join(scratch(), 'other'), '')
  const capture = await discovered(root)
  expect(listing(capture)).toMatchObject({
    'e.zip/strace/nscd.1085': 'strace-log',
    link: 'skipped: a symbolic link; its target is in the evidence and is read there',
  })
  expect(readFileSync(join(root, 'e.zip')).equals(before)).toBe(true)
})
