/**
 * Programs of our own, traced here and now: after every step they write down their own /proc/self/maps, and the replay
 * of their calls must give the same ranges and permissions, byte for byte.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { attribute } from '../../src/attribution/attribute.ts'
import { StringTable } from '../../src/base/string-table.ts'
import { type Micros, micros } from '../../src/base/units.ts'
import type { Attribution } from '../../src/model/attribution.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { readSnapshots } from '../../src/smaps/read-snapshots.ts'
import { readTraces } from '../support/read-traces.ts'
import { NO_SIDE_EVIDENCE } from '../support/side-evidence.ts'
import { textFile } from './support.ts'

const PROGRAMS = resolve(import.meta.dirname, '../../samples/programs')
const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** gcc, strace and the right to trace. */
const runs = (command: string, ...options: string[]): boolean =>
  spawnSync(command, options, { stdio: 'ignore' }).status === 0
const possible = runs('gcc', '--version') && runs('strace', '-f', '-o', '/dev/null', 'true')

interface Live {
  readonly attribution: Attribution
  readonly main: number
  readonly steps: number
  readonly diagnostics: Diagnostics
}

/** Compiles, traces and reads one program; `options` of strace, `width` of the stamps in microseconds. */
async function capture(program: string, options: readonly string[], width: number): Promise<Live> {
  const folder = mkdtempSync(join(tmpdir(), 'memdossier-live-'))
  folders.push(folder)
  const binary = join(folder, program)
  execFileSync('gcc', [
    '-O1',
    '-pthread',
    '-fno-builtin-malloc',
    '-o',
    binary,
    join(PROGRAMS, `${program}.c`),
  ])
  execFileSync('strace', [...options, '-o', join(folder, 'log'), binary, folder])
  const names = readdirSync(folder).sort()
  const logs = names.filter((name) => name.startsWith('log'))
  const snapshots: Snapshot[] = []
  const diagnostics = new Diagnostics()
  const read = new Map<number, number>()
  for (const name of names.filter((each) => each.startsWith('maps_'))) {
    const pid = Number(name.split('_')[1])
    const step = read.get(pid) ?? 0
    read.set(pid, step + 1)
    const at = readTimes(folder, logs, pid)[step]!
    const from = Math.floor(at / width) * width
    const hints = { pid, stamp: micros(from), stampWidth: micros(width) }
    const file = textFile(name, 'maps', readFileSync(join(folder, name), 'latin1'), hints)
    snapshots.push(...(await readSnapshots(file, new StringTable(), diagnostics)))
  }
  snapshots.sort((a, b) => a.time! - b.time!)
  const { traces } = await readTraces(
    logs.map((name) => {
      const tid = /\.(\d+)$/.exec(name)?.[1]
      const hints = tid === undefined ? {} : { tid: Number(tid), group: 'log' }
      return textFile(name, 'strace-log', readFileSync(join(folder, name), 'latin1'), hints)
    }),
    diagnostics,
  )
  const clocks = traces.map((trace) => ({
    trace: trace.name,
    offset: 0 as Micros,
    basis: 'only-day' as const,
    reason: { en: '', zh: '' },
  }))
  const attribution = await attribute(
    {
      snapshots,
      traces,
      clocks,
      timeline: { processes: [], events: [], untimed: [] },
      side: NO_SIDE_EVIDENCE,
    },
    diagnostics,
  )
  const main = Math.min(...snapshots.map((snapshot) => snapshot.pid!))
  return { attribution, main, steps: snapshots.length, diagnostics }
}

/**
 * Stamps and -T are cut to microseconds: of thousands of calls that hand addresses to each other at once, a few may seem to
 * overlap by one.
 */
const CUT_STAMPS = 3
/** Pages of the largest block in races.c: taken before it was given back, as it then seems, it is gone in the replay. */
const LARGEST_BLOCK = 8

/** When a process opened its own maps, by its log: microseconds since 1970. */
function readTimes(folder: string, logs: readonly string[], pid: number): number[] {
  const own = logs.includes(`log.${pid}`) ? `log.${pid}` : logs[0]!
  const line = new RegExp(`^(?:${pid} +)?(\\d+\\.\\d+) openat\\(AT_FDCWD, "/proc/self/maps"`)
  return readFileSync(join(folder, own), 'latin1')
    .split('\n')
    .flatMap((text) => {
      const found = line.exec(text)
      return found ? [Math.round(Number(found[1]) * 1e6)] : []
    })
}

function expectEqual(live: Live, windows: number, conflicts = 0): void {
  const { replays } = live.attribution
  expect(replays.length).toBeGreaterThanOrEqual(windows)
  for (const window of replays) {
    expect(window.conflicts).toBeLessThanOrEqual(conflicts)
    if (window.conflicts > 0)
      expect(window.differingPages).toBeLessThanOrEqual(window.conflicts * LARGEST_BLOCK)
    else expect([window.toFile, window.differingPages, window.agreement]).toEqual([window.toFile, 0, 1])
  }
  expect(replays.reduce((sum, window) => sum + window.changedPages, 0)).toBeGreaterThan(0)
}

if (!possible) console.warn('live captures are skipped: gcc, strace or the right to trace is missing')

describe.skipIf(!possible)('replay equals /proc/self/maps after every step', { timeout: 120_000 }, () => {
  it('every-call: each kind of call, fork and vfork', async () => {
    const live = await capture('every-call', ['-ff', '-ttt', '-T'], 1)
    expectEqual(live, live.steps - 4)
    expect(live.attribution.windows[0]!.pids).toContain(live.main)
  })

  it('every-call as one interleaved log', async () => {
    const live = await capture('every-call', ['-f', '-ttt', '-T'], 1)
    expectEqual(live, live.steps - 4)
  })

  it('arenas: what glibc does with threads', async () => {
    const live = await capture('arenas', ['-ff', '-ttt', '-T'], 1)
    expectEqual(live, live.steps - 2)
    const stacks = live.attribution.accounts.find((account) => account.mechanism === 'thread-stack')!
    expect(stacks.culprit).toBeNull()
    expect(
      live.attribution.threads.every((thread) => thread.tid === live.main || thread.createdBy === live.main),
    ).toBe(true)
  })

  it('arenas: the instant is found inside wider stamps', async () => {
    expectEqual(await capture('arenas', ['-ff', '-ttt', '-T'], 10_000), 5)
  })

  it('races: addresses that are given out again at once', async () => {
    expectEqual(await capture('races', ['-ff', '-ttt', '-T'], 1), 4, CUT_STAMPS)
  })

  it('races as one interleaved log, where every call is cut in two', async () => {
    expectEqual(await capture('races', ['-f', '-ttt', '-T'], 1), 4, CUT_STAMPS)
  })

  it('races without -T: entry order is said to be what it is, and conflicts are counted', async () => {
    const live = await capture('races', ['-ff', '-ttt'], 1)
    const [window] = live.attribution.windows
    expect(window!.order).toBe('entry')
    expect(window!.notes.some((note) => note.en.includes('no -T'))).toBe(true)
    expect(live.attribution.accounts.every((account) => account.culprit?.certainty !== 'certain')).toBe(true)
  })
})
