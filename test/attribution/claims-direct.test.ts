import { describe, expect, it } from 'vitest'
import type { Snapshot } from '../../src/model/snapshot.ts'
import { accountOf, attributed, pages, Script, snapshotOf } from './support.ts'

const KIB = 1024
const LIBC = '7f9000000-7f9000200 r-xp /usr/lib/x86_64-linux-gnu/libc.so.6'

/** Snapshots of what is mapped of `blocks` at 0 s, 1 s and 99 s, in a process with glibc. */
async function snapshots(
  blocks: readonly { at: number; from: number; to: number; bytes: number }[],
  extra = LIBC,
): Promise<Snapshot[]> {
  const at = (seconds: number): Promise<Snapshot> => {
    const alive = blocks
      .filter((block) => block.from <= seconds && block.to > seconds)
      .sort((a, b) => a.at - b.at)
      .map((block) => `${pages(block.at)}-${pages(block.at + Math.ceil(block.bytes / 4096) * 4096)} rw-p`)
    return snapshotOf(10, seconds, [...alive, extra].join('\n'))
  }
  return Promise.all([at(0), at(1), at(99)])
}

type Block = { at: number; from: number; to: number; bytes: number }

/**
 * A round every second from 2 to 98: `maker` maps a block after a read, `releaser` unmaps it `life` seconds later;
 * every third one stays when `forgets`.
 */
function rounds(
  script: Script,
  maker: number,
  releaser: number,
  life: number,
  forgets: boolean,
  bytes = 300 * KIB + 4096,
): Block[] {
  const blocks: Block[] = []
  for (let round = 0; round < 96; round += 1) {
    const from = 2 + round + maker / 1000
    const at = script.map(maker, from, bytes, { before: 'read(5, "x", 4096) = 100' })
    const kept = forgets && round % 3 === 0
    const to = kept || from + life > 99 ? Number.POSITIVE_INFINITY : from + life
    if (Number.isFinite(to)) script.unmap(releaser, to, at, bytes)
    blocks.push({ at, from, to, bytes })
  }
  return blocks
}

describe('direct mappings', () => {
  it('a thread that forgets every third of its own blocks is named, for certain', async () => {
    const script = new Script().asleep(10).busy(12, 0.5, 99)
    const blocks = rounds(script, 11, 11, 0.02, true)
    const result = await attributed(await script.trace(), await snapshots(blocks))
    const account = accountOf(result, 'mmap-anon')!
    expect(result.replays.every((window) => window.agreement === 1)).toBe(true)
    expect(account.culprit).toEqual({ tid: 11, certainty: 'certain' })
    const activity = result.threads.find((thread) => thread.tid === 11)!.activities[0]!
    expect(activity.sequence).toEqual(['read(5)', 'mmap'])
    expect([activity.count, activity.released, activity.never]).toEqual([96, 64, 32])
  })

  it('where one thread maps and another releases, nobody is named', async () => {
    const script = new Script().asleep(10)
    const blocks = rounds(script, 11, 12, 0.5, true)
    const account = accountOf(await attributed(await script.trace(), await snapshots(blocks)), 'mmap-anon')!
    expect(account.culprit).toBeNull()
    expect(account.culpritReason.en).toContain('other threads release them')
    expect(account.shares.find((share) => share.tid === 12)!.releasedBytes).toBeGreaterThan(0)
  })

  /** Thread 11 also takes a block of that size for a moment in each round, and releases it itself. */
  function scratch(script: Script): Block[] {
    return Array.from({ length: 192 }, (_, round) => {
      const [from, bytes] = [2.2 + round / 2, 300 * KIB + 4096]
      const at = script.map(11, from, bytes, { before: 'read(5, "x", 4096) = 100' })
      script.unmap(11, from + 0.01, at, bytes)
      return { at, from, to: from + 0.01, bytes }
    })
  }

  /** Every second one stays, for good; of the others thread 12 releases `handed`, and the maker the rest. */
  function half(script: Script, handed: number): Block[] {
    return Array.from({ length: 96 }, (_, round) => {
      const [from, bytes] = [2 + round, 300 * KIB + 4096]
      const at = script.map(11, from, bytes, { before: 'read(5, "x", 4096) = 100' })
      if (round % 2 === 0) return { at, from, to: Number.POSITIVE_INFINITY, bytes }
      script.unmap(round < 2 * handed ? 12 : 11, from + 0.1, at, bytes)
      return { at, from, to: from + 0.1, bytes }
    })
  }

  it.each([
    [5, { tid: 11, certainty: 'likely' }, 'of which other threads released 1.48 MiB'],
    [6, null, 'other threads release them (1.78 MiB in the traced time, while 14.3 MiB stayed)'],
  ])(
    'blocks that are handed over are nobody’s, however many more their maker releases itself (%i)',
    async (handed, culprit, words) => {
      const script = new Script().asleep(10)
      const blocks = [...half(script, handed), ...scratch(script)]
      const account = accountOf(await attributed(await script.trace(), await snapshots(blocks)), 'mmap-anon')!
      expect(account.culprit).toEqual(culprit)
      expect(account.culpritReason.en).toContain(words)
      expect(account.culpritReason.en).not.toContain('itself')
    },
  )

  it('counts all that the accused thread mapped, and all that stayed, as its calls and shares do', async () => {
    const script = new Script().asleep(10).busy(12, 0.5, 99)
    // The last one that stays is younger than the longest life.
    const blocks = rounds(script, 11, 11, 3.5, true)
    const account = accountOf(await attributed(await script.trace(), await snapshots(blocks)), 'mmap-anon')!
    const [share] = account.shares
    expect([share!.calls, share!.liveCount, account.overdueCount]).toEqual([96, 34, 32])
    expect(account.culpritReason.en).toContain(
      'mapped 96 of these and released the others itself; 34 (10.1 MiB) stayed, 32 of them longer than any released one',
    )
  })

  it('counts what it mapped after other calls and released, too', async () => {
    const script = new Script().asleep(10).busy(12, 0.5, 99)
    const blocks: Block[] = []
    for (let round = 0; round < 48; round += 1) {
      const [from, bytes] = [2 + 2 * round, 300 * KIB + 4096]
      const kept = script.map(11, from, bytes, { before: 'read(5, "x", 4096) = 100' })
      const at = script.map(11, from + 0.5, bytes, { before: 'write(6, "x", 100) = 100' })
      script.unmap(11, from + 0.6, at, bytes)
      blocks.push({ at: kept, from, to: Number.POSITIVE_INFINITY, bytes })
      blocks.push({ at, from: from + 0.5, to: from + 0.6, bytes })
    }
    const account = accountOf(await attributed(await script.trace(), await snapshots(blocks)), 'mmap-anon')!
    expect(account.culprit).toEqual({ tid: 11, certainty: 'certain' })
    expect(account.culpritReason.en).toBe(
      'Thread 11 mapped 96 of these and released the others itself; 48 (14.3 MiB) stayed, and nobody released a single one that was mapped after the same calls.',
    )
  })

  describe('that nobody is seen to release', () => {
    /** Thread 11 maps a block every second and keeps it, beside a thread that works. */
    const keeping = (script: Script, bytes: number): Block[] =>
      Array.from({ length: 96 }, (_, round) => {
        const from = 2 + round
        const at = script.map(11, from, bytes, { before: 'read(5, "x", 4096) = 100' })
        return { at, from, to: Number.POSITIVE_INFINITY, bytes }
      })
    const claimOf = async (script: Script, blocks: readonly Block[], withDurations = true) =>
      accountOf(await attributed(await script.trace(withDurations), await snapshots(blocks)), 'mmap-anon')!

    it.each([
      [300 * KIB, 'certain'],
      [320 * KIB, 'likely'],
    ])(
      'are likely at most of their maker where they may be pieces of a pool that others fill (%i bytes)',
      async (bytes, certainty) => {
        const script = new Script().asleep(10).busy(12, 0.5, 99)
        const { culprit } = await claimOf(script, keeping(script, bytes))
        expect(culprit).toEqual({ tid: 11, certainty })
      },
    )

    it('are nobody’s while a thread that maps none releases such from before the trace', async () => {
      const script = new Script().asleep(10)
      const blocks = keeping(script, 300 * KIB)
      const older = Array.from({ length: 30 }, (_, round) => {
        const at = 0x7f30_0000_0000 + round * 0x100000
        script.unmap(12, 3 + round, at, 300 * KIB)
        return { at, from: -10, to: 3 + round, bytes: 300 * KIB }
      })
      const { culprit, culpritReason } = await claimOf(script, [...older, ...blocks])
      expect(culprit).toBeNull()
      expect(culpritReason.en).toContain('threads that map none released')
    })

    const MMAP = (bytes: number, at: number): string =>
      `mmap(NULL, ${bytes}, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${at.toString(16)}`

    it.each([
      ['are nobody’s where they give way without a release in the log', 11, 'read(5, "x", 9) = 9', null],
      [
        'are nobody’s where other blocks of their maker do',
        11,
        'recvfrom(6, "x", 9, 0, NULL, NULL) = 9',
        null,
      ],
      ['are their maker’s where only blocks of another do', 12, 'read(5, "x", 9) = 9', 11],
    ])('%s', async (_, tid, before, culprit) => {
      const script = new Script().asleep(10).busy(12, 0.5, 99)
      const blocks = keeping(script, 300 * KIB)
      const places = [0x7f30_0000_0000, 0x7f31_0000_0000]
      for (let round = 0; round < 60; round += 1) {
        script.call(tid, 2.3 + round, before)
        script.call(tid, 2.4 + round, MMAP(300 * KIB, places[round % 2]!))
      }
      const last = places.map((at) => ({ at, from: 3, to: Number.POSITIVE_INFINITY, bytes: 300 * KIB }))
      const account = await claimOf(script, [...last, ...blocks])
      expect(account.culprit?.tid ?? null).toBe(culprit)
      if (culprit === null)
        expect(account.culpritReason.en).toMatch(
          /5\d times a mapping came where a block of its was still there/,
        )
    })

    it('are their maker’s where a single call takes the place of several', async () => {
      const script = new Script().asleep(10).busy(12, 0.5, 99)
      const blocks = keeping(script, 300 * KIB)
      const base = 0x7f30_0000_0000
      for (const at of [0, 1, 2]) {
        script.call(11, 10.3 + at, 'read(5, "x", 9) = 9')
        script.call(11, 10.4 + at, MMAP(300 * KIB, base + at * 300 * KIB))
      }
      script.call(11, 50.3, MMAP(900 * KIB, base))
      const last = { at: base, from: 50, to: Number.POSITIVE_INFINITY, bytes: 900 * KIB }
      expect((await claimOf(script, [last, ...blocks])).culprit?.tid).toBe(11)
    })

    it('are not said to give way in a log without -T, in which calls may stand in another order', async () => {
      const script = new Script().asleep(10).busy(12, 0.5, 99)
      const blocks = keeping(script, 300 * KIB)
      const places = [0x7f30_0000_0000, 0x7f31_0000_0000]
      for (let round = 0; round < 60; round += 1) {
        script.call(11, 2.3 + round, 'recvfrom(6, "x", 9, 0, NULL, NULL) = 9')
        script.call(11, 2.4 + round, MMAP(300 * KIB, places[round % 2]!))
      }
      const last = places.map((at) => ({ at, from: 3, to: Number.POSITIVE_INFINITY, bytes: 300 * KIB }))
      const account = await claimOf(script, [...last, ...blocks], false)
      expect(account.culpritReason.en).not.toContain('was still there')
    })
  })

  it('a balanced pair leaves nothing to name', async () => {
    const script = new Script().asleep(10)
    const blocks = rounds(script, 11, 12, 5, false)
    const account = accountOf(await attributed(await script.trace(), await snapshots(blocks)), 'mmap-anon')!
    expect(account.liveBytes).toBeGreaterThan(0)
    expect(account.culprit).toBeNull()
    expect(account.culpritReason.en).toContain('not released yet')
  })

  it.each([
    [40, null, 0],
    [8, 11, 96],
  ])('blocks that stay, against %i older ones released, accuse %s', async (count, culprit, overdue) => {
    const script = new Script().asleep(10).busy(12, 0.5, 99)
    const bytes = 300 * KIB
    const old: Block[] = Array.from({ length: count }, (_, k) => {
      const at = 0x7e40_0000_0000 + k * 80 * 4096
      script.unmap(11, 2.4 + k, at, bytes)
      return { at, from: 0, to: 2.4 + k, bytes }
    })
    const kept: Block[] = Array.from({ length: 96 }, (_, round) => {
      const at = script.map(11, 2 + round, bytes, { before: 'read(5, "x", 4096) = 100' })
      return { at, from: 2 + round, to: Number.POSITIVE_INFINITY, bytes }
    })
    const account = accountOf(
      await attributed(await script.trace(), await snapshots([...old, ...kept])),
      'mmap-anon',
    )!
    expect(account.culprit?.tid ?? null).toBe(culprit)
    expect(account.overdueCount).toBe(overdue)
    if (culprit === null) expect(account.culpritReason.en).toContain('blocks live longer than the trace')
  })

  it('blocks that live longer than the trace, against as many older ones released, are no growth', async () => {
    const script = new Script().asleep(10).busy(12, 0.5, 99)
    const old: Block[] = []
    for (let k = 0; k < 96; k += 1) {
      const bytes = 300 * KIB + 4096
      const at = 0x7e40_0000_0000 + k * 80 * 4096
      old.push({ at, from: 0, to: 2.4 + k, bytes })
      script.unmap(11, 2.4 + k, at, bytes)
    }
    const blocks = rounds(script, 11, 11, 1000, false)
    const account = accountOf(
      await attributed(await script.trace(), await snapshots([...old, ...blocks])),
      'mmap-anon',
    )!
    expect(account.liveBytes).toBeGreaterThan(0)
    expect(account.culprit).toBeNull()
  })

  describe('a ring that is longer than the trace, beside a thread that forgets less', () => {
    const bytes = 300 * KIB + 4096

    /** Thread 11 releases `older` blocks from before the trace and maps 96 anew; thread 12 forgets every third of 96. */
    async function ring(older: number, forgets = true) {
      const script = new Script().asleep(10)
      const old: Block[] = []
      for (let k = 0; k < older; k += 1) {
        const at = 0x7e40_0000_0000 + k * 80 * 4096
        const to = 2.4 + (k * 96) / older
        old.push({ at, from: 0, to, bytes })
        script.unmap(11, to, at, bytes)
      }
      const blocks = [...rounds(script, 11, 11, 1000, false), ...rounds(script, 12, 12, 0.02, forgets)]
      const result = await attributed(await script.trace(), await snapshots([...old, ...blocks]))
      return accountOf(result, 'mmap-anon')!
    }

    it('has no share in what stayed, and the other is likely', async () => {
      const account = await ring(96)
      expect(account.shares[0]!.tid).toBe(11)
      expect(account.culprit).toEqual({ tid: 12, certainty: 'likely' })
      expect(account.culpritReason.en).toContain('Thread 12 mapped 96 of these')
    })

    it('has its share where it released less than it left', async () => {
      const account = await ring(80)
      expect(account.culprit).toBeNull()
      expect(account.culpritReason.en).toContain('mapped by several threads (thread 11 75 %')
    })

    it('excuses nothing where all calls together add less than the other forgets', async () => {
      expect((await ring(150)).culprit).toBeNull()
    })

    it('is not a leak where nobody else forgets', async () => {
      const account = await ring(96, false)
      expect(account.culprit).toBeNull()
      expect(account.culpritReason.en).toContain('Thread 11 released as much from before the trace')
    })
  })

  it('two threads that both forget are both listed, and neither is singled out', async () => {
    const script = new Script().asleep(10)
    const blocks = [...rounds(script, 11, 11, 0.02, true), ...rounds(script, 12, 12, 0.02, true)]
    const account = accountOf(await attributed(await script.trace(), await snapshots(blocks)), 'mmap-anon')!
    expect(account.culprit).toBeNull()
    expect(account.shares.map((share) => share.tid as number)).toEqual([11, 12])
  })

  it('one burst is an event, not a habit', async () => {
    const script = new Script().asleep(10).busy(12, 0.5, 99)
    const blocks: Block[] = []
    for (let k = 0; k < 30; k += 1) {
      const from = 5 + k / 100
      const bytes = 300 * KIB + 4096
      blocks.push({ at: script.map(11, from, bytes), from, to: Number.POSITIVE_INFINITY, bytes })
    }
    const account = accountOf(await attributed(await script.trace(), await snapshots(blocks)), 'mmap-anon')!
    expect(account.culprit).toBeNull()
    expect(account.culpritReason.en).toContain('one burst')
  })

  it('chunks of an allocator are nobody’s while several threads run, likely of the one that ran alone', async () => {
    const python = '55500-55600 r-xp /usr/bin/python3.11'
    for (const others of [true, false]) {
      const script = new Script().asleep(10)
      const blocks: Block[] = []
      if (others) script.busy(12, 0.5, 99)
      for (let k = 0; k < 10; k += 1) {
        const from = 5 + 9 * k
        const at = script.map(11, from, 1024 * KIB)
        blocks.push({ at, from, to: Number.POSITIVE_INFINITY, bytes: 1024 * KIB })
      }
      script.call(11, 98.9, 'getpid() = 10')
      const account = accountOf(
        await attributed(await script.trace(), await snapshots(blocks, python)),
        'mmap-anon',
      )!
      expect(account.culprit).toEqual(others ? null : { tid: 11, certainty: 'likely' })
    }
  })

  describe('chunks of jemalloc, which gives threads chunks of their own', () => {
    const jemalloc = '55500-55600 r-xp /usr/lib/x86_64-linux-gnu/libjemalloc.so.2'

    /** Thread 11 maps a chunk `count` times while others run, which do in a chunk what `within` says. */
    async function culprit(count: number, others = 1, within?: (script: Script, at: number) => void) {
      const script = new Script().asleep(10)
      const blocks: Block[] = []
      for (let other = 0; other < others; other += 1) script.busy(12 + other, 0.5, 99)
      for (let k = 0; k < count; k += 1) {
        const from = 5 + (90 / count) * k
        const at = script.map(11, from, 4096 * KIB)
        within?.(script, at)
        blocks.push({ at, from, to: Number.POSITIVE_INFINITY, bytes: 4096 * KIB })
      }
      script.call(11, 98.9, 'getpid() = 10')
      const result = await attributed(await script.trace(), await snapshots(blocks, jemalloc))
      return accountOf(result, 'mmap-anon')!.culprit
    }

    it('are likely of the one that maps them', async () => {
      expect(await culprit(6)).toEqual({ tid: 11, certainty: 'likely' })
    })

    it('are nobody’s where another thread gives pages in them back: it uses them too', async () => {
      const purge = (script: Script, at: number) =>
        void script.call(12, 98.5, `madvise(0x${(at + 65536).toString(16)}, 8192, MADV_DONTNEED) = 0`)
      expect(await culprit(6, 1, purge)).toBeNull()
    })

    it('are nobody’s by two of them, or with more threads than surely have their own', async () => {
      expect(await culprit(2)).toBeNull()
      expect(await culprit(6, 8)).toBeNull()
    })
  })

  it('files that nobody unmaps are named; memfds count as shared memory', async () => {
    const script = new Script().asleep(10).busy(12, 0.5, 99)
    for (let k = 0; k < 20; k += 1) {
      const at = 3 + 4.5 * k
      script.call(11, at - 0.005, 'read(5, "x", 10) = 10')
      script.call(
        11,
        at - 0.004,
        k % 2 ? `memfd_create("b-${k}", MFD_CLOEXEC) = 7` : `openat(AT_FDCWD, "/d/f-${k}.bin", O_RDWR) = 7`,
      )
      script.map(11, at, 64 * KIB, { flags: 'MAP_SHARED', fd: '7' })
      script.call(11, at + 0.001, 'close(7) = 0')
    }
    const result = await attributed(await script.trace(), [])
    expect(accountOf(result, 'file-mapping')!.culprit).toEqual({ tid: 11, certainty: 'likely' })
    expect(accountOf(result, 'shared-memory')!.culprit).toEqual({ tid: 11, certainty: 'likely' })
    const texts = result.threads.find((thread) => thread.tid === 11)!.activities.map((each) => each.text.en)
    expect(texts).toContain('read(5) → openat(f-#.bin) → mmap 64 KiB')
  })

  it('one buffer that is only ever enlarged is named, and its moves are no leak', async () => {
    const script = new Script().asleep(10).busy(12, 0.5, 99)
    let size = 1024 * KIB
    let at = 0x7f50_0000_0000
    script.call(
      11,
      1.5,
      `mmap(NULL, ${size}, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${at.toString(16)}`,
    )
    for (let k = 0; k < 30; k += 1) {
      const to = k % 5 === 4 ? at + 0x1000_0000 : at
      script.call(
        11,
        3 + 3 * k,
        `mremap(0x${at.toString(16)}, ${size}, ${size + 200 * KIB}, MREMAP_MAYMOVE) = 0x${to.toString(16)}`,
      )
      at = to
      size += 200 * KIB
    }
    const result = await attributed(await script.trace(), [])
    const account = accountOf(result, 'mremap')!
    expect(account.culprit?.tid).toBe(11)
    expect(account.liveBytes).toBe(30 * 200 * KIB)
    expect(result.windows[0]!.conflicts).toBe(0)
    expect(accountOf(result, 'mmap-anon')!.culprit).toBeNull()
  })

  it.each([
    ['a memfd', 'shared-memory', '3</memfd:journal>'],
    ['a file', 'file-mapping', '3</var/lib/app/data.mdb>'],
  ])('%s that mremap maps further and further is one more of its kind', async (_, mechanism, fd) => {
    const script = new Script().asleep(10)
    const at = script.map(11, 1.5, 400 * KIB, { flags: 'MAP_SHARED', fd })
    for (let k = 0; k < 30; k += 1)
      script.call(
        11,
        3 + 3 * k,
        `mremap(0x${at.toString(16)}, ${(400 + 200 * k) * KIB}, ${(600 + 200 * k) * KIB}, MREMAP_MAYMOVE) = 0x${at.toString(16)}`,
      )
    const result = await attributed(await script.trace(), [])
    const account = accountOf(result, mechanism)!
    expect(account.culprit?.tid).toBe(11)
    expect(account.liveBytes).toBe(30 * 200 * KIB + 400 * KIB)
    expect(accountOf(result, 'mremap')).toBeUndefined()
  })

  it('a heap that a runtime reserves and opens piece by piece is nobody’s', async () => {
    const script = new Script().asleep(10).busy(12, 0.5, 99)
    const base = script.map(11, 1.5, 1024 * 1024 * KIB, {
      protection: 'PROT_NONE',
      flags: 'MAP_PRIVATE|MAP_ANONYMOUS|MAP_NORESERVE',
    })
    for (let k = 0; k < 20; k += 1) {
      const at = (base + 0x1000 + k * 1024 * KIB).toString(16)
      if (k % 2)
        script.call(
          11,
          3 + 4 * k,
          `mmap(0x${at}, 1048576, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS, -1, 0) = 0x${at}`,
        )
      else script.call(11, 3 + 4 * k, `mprotect(0x${at}, 1048576, PROT_READ|PROT_WRITE) = 0`)
    }
    const account = accountOf(await attributed(await script.trace(), []), 'managed-heap')!
    expect(account.liveBytes).toBe(20 * 1024 * KIB)
    expect(account.culprit).toBeNull()
  })

  it('growth that no traced call made voids the naming', async () => {
    const script = new Script().asleep(10).busy(12, 0.5, 102)
    const blocks = rounds(script, 11, 11, 0.02, true)
    const strange: Block[] = []
    for (let k = 0; k < 20; k += 1)
      strange.push({
        at: 0x7e00_0000_0000 + k * 0x100000,
        from: 50,
        to: Number.POSITIVE_INFINITY,
        bytes: 512 * KIB,
      })
    const result = await attributed(await script.trace(), await snapshots([...strange, ...blocks]))
    expect(result.replays.at(-1)!.unexplainedBytes).toBe(20 * 512 * KIB)
    expect(result.replays.at(-1)!.reasons.length).toBeGreaterThan(0)
    expect(accountOf(result, 'mmap-anon')!.culprit).toBeNull()
  })
})
