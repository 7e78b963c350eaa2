import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Micros, SECOND } from '../../src/base/units.ts'
import type { Attribution } from '../../src/model/attribution.ts'
import type { EvidenceFile } from '../../src/model/evidence.ts'
import type { ReadSnapshot } from '../../src/model/snapshot.ts'
import { evidenceOf, factsOf, isTraceFile, truthOf, ZOO, zooCases } from '../support/zoo.ts'

const cases = zooCases()

/** Every thread that any account of the process names for one of these mechanisms. */
const named = (attribution: Attribution, pid: number, mechanisms: readonly string[]): number[] => [
  ...new Set(
    attribution.accounts
      .filter(
        (account) => account.pid === pid && mechanisms.includes(account.mechanism) && account.subject === '',
      )
      .flatMap((account) => (account.culprit ? [account.culprit.tid as number] : [])),
  ),
]

/** Keeps the lines of a log whose stamp lies in the wanted part of the day. */
function clipped(file: EvidenceFile, keep: (clock: string) => boolean): EvidenceFile {
  const text = readFileSync(file.diskPath!, 'latin1')
  const bytes = Buffer.from(
    text
      .split('\n')
      .filter((line) => line !== '' && keep(line.slice(0, 8)))
      .map((line) => `${line}\n`)
      .join(''),
    'latin1',
  )
  return {
    ...file,
    bytes: bytes.length,
    diskPath: null,
    async *read() {
      yield bytes
    },
  }
}

describe.skipIf(cases.length === 0)('real captures with known causes (shared/zoo, absent here)', () => {
  for (const name of cases)
    it(`${name}: replay and snapshots agree, and nobody is accused wrongly`, {
      timeout: 60_000,
    }, async () => {
      const { attribution } = await factsOf(await evidenceOf(name))
      expect(attribution.replays.length).toBeGreaterThan(0)
      for (const window of attribution.replays) {
        expect(window.conflicts).toBe(0)
        expect(window.agreement).toBeGreaterThanOrEqual(0.999)
      }
      for (const cause of truthOf(name).causes) {
        const tids = named(attribution, cause.pid, cause.mechanisms)
        if (cause.claim === 'named') expect(tids).toEqual(cause.tids)
        else expect(cause.tids).toEqual(expect.arrayContaining(tids))
      }
    })

  it('a snapshot that was read seconds after its stamp still agrees, and its window says so (d02)', async () => {
    const early = (snapshot: ReadSnapshot, index: number): ReadSnapshot =>
      index % 3 === 0 ? { ...snapshot, time: (snapshot.time! - 2 * SECOND) as Micros } : snapshot
    const { attribution } = await factsOf(await evidenceOf('d02-mmap-leak'), ({ snapshots, traces }) => ({
      snapshots: snapshots.map(early),
      traces,
    }))
    const late = attribution.replays.filter(({ reasons }) =>
      reasons.some(({ en }) => en.includes('named first and read later')),
    )
    expect(late.length).toBeGreaterThan(0)
    for (const window of attribution.replays) expect(window).toMatchObject({ conflicts: 0, agreement: 1 })
  })

  it('without strace there is nothing to say', async () => {
    const files = (await evidenceOf('d02-mmap-leak')).filter((file) => !isTraceFile(file))
    const { attribution } = await factsOf(files)
    expect(attribution.accounts).toEqual([])
    expect(attribution.threads).toEqual([])
    expect(attribution.replays).toEqual([])
  })

  for (const name of cases.filter((each) => truthOf(each).causes.length > 0))
    it(`${name}: half of the trace names the same thread or nobody`, { timeout: 60_000 }, async () => {
      const files = await evidenceOf(name)
      const traced = files.filter(isTraceFile)
      const stamps = traced
        .flatMap((file) => readFileSync(file.diskPath!, 'latin1').split('\n'))
        .map((line) => line.slice(0, 8))
        .filter((clock) => /^\d\d:/.test(clock))
        .sort()
      const middle = stamps[Math.floor(stamps.length / 2)]!
      for (const keep of [(clock: string) => clock < middle, (clock: string) => clock >= middle]) {
        const { attribution } = await factsOf([
          ...files.filter((file) => !isTraceFile(file)),
          ...traced.map((file) => clipped(file, keep)),
        ])
        for (const cause of truthOf(name).causes)
          expect(cause.tids).toEqual(expect.arrayContaining(named(attribution, cause.pid, cause.mechanisms)))
      }
    })

  for (const name of cases.filter((each) => truthOf(each).causes.length > 0))
    it(`${name}: with any one thread untraced nobody innocent is named`, { timeout: 120_000 }, async () => {
      const files = await evidenceOf(name)
      const traced = files.filter(isTraceFile)
      // Short-lived threads by the dozen are left in: the long-lived ones are those that could be blamed.
      const longest = [...traced].sort((a, b) => b.bytes - a.bytes).slice(0, 5)
      for (const missing of longest) {
        const { attribution } = await factsOf(files.filter((file) => file !== missing))
        for (const cause of truthOf(name).causes)
          expect(cause.tids).toEqual(expect.arrayContaining(named(attribution, cause.pid, cause.mechanisms)))
      }
    })

  for (const name of cases.filter((each) => truthOf(each).causes.length > 0))
    it(`${name}: with the log of one thread, alone or beside the first, nobody innocent is named`, {
      timeout: 120_000,
    }, async () => {
      const files = await evidenceOf(name)
      const traced = files.filter(isTraceFile)
      const isMain = (file: EvidenceFile) =>
        truthOf(name).causes.some(({ pid }) => file.path.endsWith(`.${pid}`))
      const longest = [...traced].sort((a, b) => b.bytes - a.bytes).slice(0, 6)
      for (const kept of longest.flatMap((file) => [[file], [file, ...traced.filter(isMain)]])) {
        const { attribution } = await factsOf(
          files.filter((file) => !isTraceFile(file) || kept.includes(file)),
        )
        for (const cause of truthOf(name).causes)
          expect(cause.tids).toEqual(expect.arrayContaining(named(attribution, cause.pid, cause.mechanisms)))
      }
    })
})

describe.skipIf(cases.length === 0)('what the captures teach', () => {
  it('decode maps after each read and forgets one in three (d02)', async () => {
    const { attribution } = await factsOf(await evidenceOf('d02-mmap-leak'))
    const thread = attribution.threads.find((each) => each.tid === 9797)!
    const activity = thread.activities[0]!
    expect(activity.sequence).toEqual(['read(5)', 'mmap'])
    expect([activity.count, activity.released, activity.never]).toEqual([130, 87, 43])
    expect(activity.medianLifetime).toBeLessThan(25_000)
    expect(thread.role.en).toContain('reads descriptor 5')
  })

  it('arena growth is counted as what was opened, not as the reservation (d03)', async () => {
    const { attribution } = await factsOf(await evidenceOf('d03-arena-leak'))
    const truth = JSON.parse(readFileSync(join(ZOO, 'd03-arena-leak', 'truth.json'), 'utf8'))
    const [measured] = Object.values<{ by_tid: Record<string, { arena_mprotect_bytes: number }> }>(
      truth.measured.strace,
    )
    const share = attribution.accounts
      .find((account) => account.mechanism === 'malloc-arena' && account.subject === '')!
      .shares.find((each) => each.tid === 4292)!
    expect(share.liveBytes).toBe(measured!.by_tid['4292']!.arena_mprotect_bytes)
  })

  it('stacks belong to the one that started the threads on them, not to the one that mapped them (d14)', async () => {
    const { attribution } = await factsOf(await evidenceOf('d14-stack-cache'))
    const account = attribution.accounts.find((each) => each.mechanism === 'thread-stack')!
    expect(account.culprit).toEqual({ tid: 4314, certainty: 'certain' })
    const mapped = (tid: number): number => account.shares.find((share) => share.tid === tid)!.acquiredBytes
    expect(mapped(4315)).toBeGreaterThan(mapped(4314))
    expect(account.shares[0]!.tid).toBe(4314)
  })

  it('the last blocks of a healthy thread are not overdue (d05)', async () => {
    const { attribution } = await factsOf(await evidenceOf('d05-healthy-plateau'))
    const account = attribution.accounts.find((each) => each.mechanism === 'mmap-anon')!
    expect(account.liveBytes).toBeGreaterThan(0)
    expect(account.culprit).toBeNull()
  })

  it('a shared arena lists who shares it and names nobody, whoever calls brk (d13)', async () => {
    const { attribution } = await factsOf(await evidenceOf('d13-brk-by-bystander'))
    const account = attribution.accounts.find((each) => each.mechanism === 'main-heap-brk')!
    expect(account.shares[0]!.tid).toBe(4319)
    expect(account.shares.map((share) => share.tid as number)).toContain(4312)
    expect(account.culprit).toBeNull()
  })
})
