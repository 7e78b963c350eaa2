import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { MappingKind } from '../../src/model/mapping-kind.ts'
import type { ReadSnapshot } from '../../src/model/snapshot.ts'
import { kindAt, plain, read, SHARED } from './support.ts'

const ZOO = resolve(SHARED, 'zoo')
const present = existsSync(ZOO)
const cases = present
  ? readdirSync(ZOO)
      .filter((name) => /^d\d\d-/.test(name))
      .sort()
  : []

/** The classes of truth.json, by an independent reading of names and addresses, in our kinds. */
const CLASS_OF: Readonly<Partial<Record<MappingKind, string>>> = {
  'main-heap': 'heap',
  'malloc-arena': 'anon-heap-aligned',
  'thread-stack': 'anon',
  anonymous: 'anon',
  'malloc-arena-reserve': 'anon-none',
  'stack-guard': 'anon-none',
  'anonymous-reserve': 'anon-none',
  'file-text': 'file',
  'file-data': 'file',
  'file-private-dirty': 'file',
  'file-shared': 'file-shared',
  'shared-memory': 'shm',
  kernel: 'special',
  'main-stack': 'special',
}

interface Measured {
  readonly samples: number
  readonly classes_kB: Readonly<
    Record<
      string,
      { readonly size: [number, number]; readonly rss: [number, number]; readonly vmas: [number, number] }
    >
  >
}

async function readCase(name: string): Promise<{ snapshots: ReadSnapshot[]; codes: string[] }> {
  const folder = join(ZOO, name, 'evidence/smaps')
  const snapshots: ReadSnapshot[] = []
  const codes: string[] = []
  for (const file of readdirSync(folder).sort()) {
    const bytes = readFileSync(join(folder, file))
    const pid = /^smaps_(\d+)_/.exec(file)?.[1]
    const hints = { pid: pid ? Number(pid) : null, tid: null, group: null, stamp: null, stampWidth: null }
    const fast = await read(bytes, { path: file, hints })
    const slow = await read(bytes, { path: file, hints, lineByLine: true })
    expect(fast.snapshots.map(plain)).toEqual(slow.snapshots.map(plain))
    expect(fast.counts).toEqual(slow.counts)
    snapshots.push(...fast.snapshots)
    codes.push(...fast.codes)
  }
  return { snapshots, codes }
}

function classes({ mappings }: ReadSnapshot): Record<string, { size: number; rss: number; vmas: number }> {
  const sums: Record<string, { size: number; rss: number; vmas: number }> = {}
  for (let row = 0; row < mappings.length; row++) {
    const name = CLASS_OF[kindAt(mappings, row)] ?? kindAt(mappings, row)
    sums[name] ??= { size: 0, rss: 0, vmas: 0 }
    sums[name].size += (mappings.end[row]! - mappings.start[row]!) / 1024
    sums[name].rss += mappings.fields.get('Rss')![row]! / 1024
    sums[name].vmas++
  }
  return sums
}

describe.skipIf(!present)('the zoo (skipped where ../shared is not there)', () => {
  it.each(cases)('%s: kinds and sums agree with the truth, fast and line by line', async (name) => {
    const truth = JSON.parse(readFileSync(join(ZOO, name, 'truth.json'), 'utf8'))
    const measured: Readonly<Record<string, Measured>> = truth.measured.smaps
    const { snapshots, codes } = await readCase(name)
    for (const [pid, { samples, classes_kB }] of Object.entries(measured)) {
      const own = snapshots.filter((snapshot) => snapshot.pid === Number(pid))
      expect(own.length).toBe(samples)
      const first = classes(own[0]!)
      const last = classes(own.at(-1)!)
      const got = Object.fromEntries(
        Object.keys(classes_kB).map((key) => {
          const [a, b] = [first[key], last[key]]
          return [key, { size: [a?.size, b?.size], rss: [a?.rss, b?.rss], vmas: [a?.vmas, b?.vmas] }]
        }),
      )
      const expected = Object.fromEntries(
        Object.entries(classes_kB).map(([key, { size, rss, vmas }]) => [key, { size, rss, vmas }]),
      )
      expect(got).toEqual(expected)
    }
    const allowed =
      truth.smaps_files === undefined || name !== 'd10-restart' ? [] : ['smaps-cut', 'smaps-empty']
    expect([...new Set(codes)].sort()).toEqual(allowed)
  })
})
