import { existsSync, readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { EvidenceFormat } from '../../src/model/evidence.ts'
import type { MappingTable } from '../../src/model/snapshot.ts'
import { flagsOf, nameOf, plain, type ReadResult, read, readShared, SHARED, sumKib } from './support.ts'

/** One entry of facts.json: what an independent script counted, line by line, without any notion of a process. */
interface Fact {
  readonly bytes: number
  readonly vmas: number
  readonly named: number
  readonly deleted: number
  readonly sum: Readonly<Record<string, number>>
  readonly page_kb: Readonly<Record<string, number>>
  readonly fields: readonly string[]
  readonly flags: Readonly<Record<string, number>>
  readonly fields_before_any_header: number
  readonly other_lines: number
  readonly tail_files: number
}

const WILD = resolve(SHARED, 'wild')
const present = existsSync(resolve(WILD, 'facts.json'))
const facts = present
  ? JSON.parse(Buffer.from(readShared('wild/facts.json')).toString())
  : { smaps: {}, local: {} }
const names = (folder: string): string[] =>
  present
    ? readdirSync(resolve(WILD, folder))
        .filter((name) => /^(?:\d\d-|m0)/.test(name))
        .sort()
    : []

const formatOf = (name: string): EvidenceFormat => (name.includes('pmap') ? 'pmap' : 'smaps')

async function readWild(path: string): Promise<ReadResult> {
  return read(readShared(path), { path, format: formatOf(path) })
}

/** What our reading says about the same questions. */
function recount(result: ReadResult): Omit<Fact, 'bytes'> {
  const sum: Record<string, number> = {}
  const pages: Record<string, number> = {}
  const flags: Record<string, number> = {}
  const fields = new Set<string>()
  let named = 0
  let deleted = 0
  for (const { mappings } of result.snapshots) {
    for (const [name, values] of mappings.fields) {
      fields.add(name)
      for (const value of values) {
        if (Number.isNaN(value)) continue
        if (name === 'KernelPageSize') pages[value / 1024] = (pages[value / 1024] ?? 0) + 1
        else sum[name] = (sum[name] ?? 0) + value / 1024
      }
    }
    for (let row = 0; row < mappings.length; row++) {
      if (nameOf(mappings, row) !== '') named++
      if (nameOf(mappings, row).endsWith('(deleted)')) deleted++
      for (const flag of flagsOf(mappings, row).split(' ').filter(Boolean))
        flags[flag] = (flags[flag] ?? 0) + 1
    }
  }
  return {
    vmas: result.counts.headers,
    named,
    deleted,
    sum,
    page_kb: pages,
    fields: [...fields],
    flags,
    fields_before_any_header: result.counts.fieldsWithoutHeader,
    other_lines: result.counts.otherLines,
    tail_files: result.counts.banners,
  }
}

/** Where our reading differs from facts.json, and why ours is right. The facts' script knew neither blocks nor processes. */
interface Correction {
  readonly why: string
  readonly own: Partial<Omit<Fact, 'bytes'>>
}

const CORRECTIONS: Readonly<Record<string, Correction>> = {
  '03-tail-concatenated-multi-pid.txt': {
    why: 'three parts begin without a header: ten lines each (grep counts 30, the fact 6), no mapping to add them to',
    own: {
      fields_before_any_header: 30,
      page_kb: { 4: 98 },
      flags: {
        rd: 80,
        ex: 23,
        mr: 97,
        mw: 96,
        me: 96,
        dw: 6,
        sd: 96,
        ac: 56,
        wr: 35,
        gd: 1,
        pf: 1,
        io: 1,
        de: 2,
        dd: 1,
      },
    },
  },
  '20-wsl1-pss-only-starts-mid-block.txt': {
    why: 'the first 2 kB belong to a mapping whose header is not there',
    own: { sum: { Pss: 89 } },
  },
  '21-linux6x-headerless-block-wf-dp.txt': {
    why: 'no header in the whole file: 25 field lines (the fact says 6) that belong to no mapping',
    own: { fields_before_any_header: 25, sum: {}, page_kb: {}, flags: {}, fields: [] },
  },
  '26-mips64-16k-pages-cut-both-ends.txt': {
    why: '16 lines before the first header (the fact says 3)',
    own: {
      fields_before_any_header: 16,
      flags: { rd: 1, wr: 1, ex: 1, mr: 1, mw: 1, me: 1, ac: 1 },
    },
  },
  '28-mail-quoted-wrapped-header-nvme-major.txt': {
    why: 'the wrapped header is joined: its second line is no foreign line, and it holds the name',
    own: { named: 1, other_lines: 2 },
  },
  '31-kernel-doc-example-duplicate-fields.txt': {
    why: 'KernelPageSize is printed twice in one block: one mapping has one page size',
    own: { page_kb: { 4: 1 } },
  },
}

const sorted = (record: Readonly<Record<string, number>>): [string, number][] => Object.entries(record).sort()

describe.skipIf(!present)('samples of the wild (skipped where ../shared is not there)', () => {
  const all = [
    ...names('smaps').map((name) => ({ name, path: `wild/smaps/${name}`, fact: facts.smaps[name] as Fact })),
    ...names('local').map((name) => ({ name, path: `wild/local/${name}`, fact: facts.local[name] as Fact })),
  ].filter((entry) => formatOf(entry.name) === 'smaps')

  it('has all of them', () => {
    expect(all.length).toBe(38)
  })

  for (const { name, path, fact } of all) {
    it(`reproduces the facts of ${name}`, async () => {
      const result = await readWild(path)
      expect(result.counts.readBytes + result.counts.skippedBytes).toBe(fact.bytes)
      const own = recount(result)
      const expected = { ...fact, ...CORRECTIONS[name]?.own }
      // The facts count the text fields too, and sum neither page sizes nor fields without a unit.
      const numbers = expected.fields.filter((field) => field !== 'VmFlags' && field !== 'Name')
      const summed = Object.entries(own.sum).filter(([field]) => field in fact.sum)
      expect(Object.fromEntries(summed)).toEqual(expected.sum)
      expect([...own.fields].sort()).toEqual([...numbers].sort())
      expect(sorted(own.page_kb)).toEqual(sorted(expected.page_kb))
      expect(sorted(own.flags)).toEqual(sorted(expected.flags))
      for (const key of [
        'vmas',
        'named',
        'deleted',
        'fields_before_any_header',
        'other_lines',
        'tail_files',
      ] as const)
        expect([key, own[key]]).toEqual([key, expected[key]])
    })

    it(`reads ${name} the same in any chunks, with CRLF and line by line`, async () => {
      const bytes = readShared(path)
      const whole = (await readWild(path)).snapshots.map(plain)
      for (const chunk of [1, 7, 61, 4096])
        expect((await read(bytes, { path, chunk })).snapshots.map(plain)).toEqual(whole)
      expect((await read(bytes, { path, lineByLine: true })).snapshots.map(plain)).toEqual(whole)
      const crlf = Buffer.from(Buffer.from(bytes).toString('latin1').replaceAll('\n', '\r\n'), 'latin1')
      expect((await read(crlf, { path })).snapshots.map(plain)).toEqual(whole)
    })
  }

  it('mends the address of WSL1 that lost its first digit (the range itself still ascends: 15.5 below 127 TiB)', async () => {
    const { snapshots, codes } = await readWild('wild/smaps/19-wsl1-pss-only-broken-first-address.txt')
    expect(snapshots[0]!.mappings.start[0]).toBe(0x7f82f6bf0000)
    expect(codes).toEqual(['smaps-range-mended'])
  })

  it('keeps the pids of a concatenation apart', async () => {
    const { snapshots } = await readWild('wild/smaps/03-tail-concatenated-multi-pid.txt')
    expect(
      snapshots.map(({ pid, mappings, truncated, empty }) => [pid, mappings.length, truncated, empty]),
    ).toEqual([
      [100, 0, false, true],
      [6261, 0, true, true],
      [null, 0, true, true],
      [null, 0, true, true],
      [4920, 98, false, false],
    ])
  })

  it('reads pmap in all forms', async () => {
    const sums = async (path: string): Promise<unknown> =>
      (await readWild(path)).snapshots.map(({ pid, program, mappings }) => ({
        pid,
        program,
        rows: mappings.length,
        ...Object.fromEntries(
          ['Size', 'Rss', 'Pss', 'Pss_Dirty', 'Anonymous'].map((f) => [f, sumKib(mappings, f)]),
        ),
      }))
    const none = { Rss: 0, Pss: 0, Pss_Dirty: 0, Anonymous: 0 }
    expect(await sums('wild/smaps/33-pmap-X-procps4-linux6x.txt')).toEqual([
      { pid: null, program: null, rows: 4, Size: 16, Rss: 16, Pss: 16, Pss_Dirty: 4, Anonymous: 4 },
    ])
    expect(await sums('wild/smaps/34-pmap-plain-and-x-procps32.txt')).toEqual([
      { pid: 3244, program: 'man', rows: 23, Size: 2192, ...none },
      { pid: 3401, program: 'man', rows: 5, Size: 1300, ...none },
    ])
    expect(await sums('wild/smaps/35-pmap-x-doubled-rows-procps33.txt')).toEqual([
      { pid: null, program: null, rows: 3, Size: 17724, ...none, Rss: 7796 },
    ])
    expect(await sums('wild/smaps/36-pmap-XX-german-header.txt')).toEqual([
      { pid: null, program: null, rows: 0, Size: 0, ...none },
    ])
    // The last line of pmap -X is its own sum.
    expect(await sums('wild/local/m04-pmap-X-procps4.txt')).toEqual([
      {
        pid: 9416,
        program: 'python3',
        rows: 175,
        Size: 100604,
        Rss: 20200,
        Pss: 13832,
        Pss_Dirty: 12208,
        Anonymous: 13216,
      },
    ])
  })

  it('reads the same names and flags from pmap -X and -XX of one process', async () => {
    const [x] = (await readWild('wild/local/m04-pmap-X-procps4.txt')).snapshots
    const [xx] = (await readWild('wild/local/m06-pmap-XX-procps4-head.txt')).snapshots
    const list = (table: MappingTable): string[] =>
      Array.from({ length: 160 }, (_, row) => `${table.start[row]!.toString(16)} ${nameOf(table, row)}`)
    expect(list(xx!.mappings)).toEqual(list(x!.mappings))
    const flags = Array.from({ length: xx!.mappings.length }, (_, row) => flagsOf(xx!.mappings, row))
    expect(flags.every((text) => /^(?:[a-z]{2} )*[a-z]{2}$/.test(text))).toBe(true)
    expect(list(x!.mappings).some((line) => line.endsWith(' memfd:my memfd name (deleted)'))).toBe(true)
  })
})
