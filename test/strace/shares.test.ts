import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { EvidenceFile } from '../../src/model/evidence.ts'
import { absorb, areSeparate } from '../../src/strace/absorb.ts'
import { deal } from '../../src/strace/deal.ts'
import { finishTrace } from '../../src/strace/finish-trace.ts'
import { closeRows } from '../../src/strace/handed-rows.ts'
import { type HandedTrace, handOver } from '../../src/strace/handed-trace.ts'
import { type ReadFile, ShareReader } from '../../src/strace/read-share.ts'
import { ALONE } from '../../src/strace/reading.ts'
import { reportTally } from '../../src/strace/tally.ts'
import { TraceBuilder } from '../../src/strace/trace-builder.ts'
import { aFolder, BIN } from '../support/command.ts'
import fc from '../support/property.ts'
import { readTraces } from '../support/read-traces.ts'
import { diskFile, dump, folderFiles, hasShared, SHARED, textFile } from './support.ts'

/** Few blocks, so that rows lie in the temporary file. */
const BLOCKS = 2

/** All that is known of a run that was read, numbers included. */
function whole(builder: TraceBuilder, read: readonly ReadFile[]) {
  const diagnostics = new Diagnostics()
  for (const { file, oddities } of read) reportTally(file.path, oddities, diagnostics)
  const trace = finishTrace('run', true, builder, read, diagnostics)!
  return {
    ...dump(trace),
    contexts: trace.contexts,
    strings: trace.strings.texts(),
    summaries: read.flatMap((file) => file.summaries),
    diagnostics: diagnostics.list(),
  }
}

async function readShare(files: readonly EvidenceFile[], from: number, to: number) {
  const builder = new TraceBuilder(1 << 20, BLOCKS)
  const reader = new ShareReader({ perThread: true, files: files.length }, builder, from)
  for (const file of files.slice(from, to)) await reader.add(file)
  return { builder, reader }
}

/** The run, read by one builder. */
async function readAlone(files: readonly EvidenceFile[]) {
  const { builder, reader } = await readShare(files, 0, files.length)
  reader.finish()
  return whole(builder, reader.read)
}

/** The run, read by several builders that begin at these files; `null` when it has to be read alone. */
async function readInShares(files: readonly EvidenceFile[], cuts: readonly number[]) {
  const ends = [...cuts, files.length]
  const { builder, reader } = await readShare(files, 0, ends[0]!)
  const handed: (HandedTrace | null)[] = []
  for (const [index, from] of cuts.entries()) {
    const share = await readShare(files, from, ends[index + 1]!)
    share.reader.finish()
    handed.push(structuredClone(handOver(share.builder, share.reader.read)))
  }
  const traces = handed.filter((trace) => trace !== null)
  if (traces.length < handed.length || !areSeparate(builder, traces)) {
    for (const trace of traces) closeRows(trace.events)
    return null
  }
  for (const trace of traces) reader.took(absorb(builder, trace))
  reader.finish()
  return whole(builder, reader.read)
}

const stamp = (line: number): string =>
  `10:00:0${Math.floor(line / 1000)}.${String(line % 1000).padStart(3, '0')}000`
/** `count` lines of a thread, with calls of many descriptors, so that contexts run out. */
const busyText = (tid: number, count: number): string =>
  Array.from({ length: count }, (_, line) => {
    const place = `0x7f${(tid * 1000 + (line % 97)).toString(16)}000`
    const call = [
      `read(${(line * 7) % 61}, "x", 9) = ${line % 5}`,
      `futex(0x55${tid}, FUTEX_WAIT_PRIVATE, 2, NULL) = 0`,
      `mmap(NULL, 8192, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = ${place}`,
      `write(${(line * 5) % 53}, "x", 9) = 9`,
      `munmap(${place}, 8192) = 0`,
      `openat(AT_FDCWD, "/data/${tid}/${line % 11}", O_RDONLY) = ${line % 61}`,
      `madvise(${place}, 4096, ${line % 2 ? 'MADV_DONTNEED' : 'MADV_WHATEVER'}) = -1 EINVAL (Invalid argument)`,
    ][(line * 3 + (line >> 3)) % 7]
    const signal = `--- SIGALRM {si_signo=SIGALRM, si_code=SI_KERNEL} ---`
    return `${stamp(line)} ${line % 50 === 49 ? signal : `${call} <0.000${String(line % 999).padStart(3, '0')}>`}\n`
  }).join('')

const busyFiles = (threads: number, lines: number): EvidenceFile[] =>
  Array.from({ length: threads }, (_, index) => textFile(`log.${100 + index}`, busyText(100 + index, lines)))

describe('files of one run read by several builders', () => {
  it('give what one builder gives, wherever they are cut', async () => {
    const files = busyFiles(5, 3000)
    const alone = await readAlone(files)
    for (const cuts of [[1], [3], [1, 2], [2, 4], [1, 2, 3, 4]])
      expect(await readInShares(files, cuts)).toEqual(alone)
  }, 120_000)

  it('keep as many signals, and name the first that are left out', async () => {
    const lines = Array.from(
      { length: 4000 },
      (_, line) => `${stamp(line)} --- SIGPROF {si_signo=SIGPROF} ---\n`,
    )
    const files = [1, 2, 3, 4].map((tid) => textFile(`log.${tid}`, lines.join('')))
    const alone = await readAlone(files)
    expect(alone.diagnostics.map(({ code, count }) => [code, count])).toContainEqual([
      'strace-signals-omitted',
      2000,
    ])
    for (const cuts of [[1], [2], [3], [1, 2, 3]]) expect(await readInShares(files, cuts)).toEqual(alone)
  })

  it('merge a thread that another one names before its own file is read, and after', async () => {
    const rename = (tid: number, name: string) =>
      `10:00:00.000001 openat(AT_FDCWD, "/proc/self/task/${tid}/comm", O_RDWR) = 3\n10:00:00.000002 write(3, "${name}", 4) = 4\n`
    const own = '10:00:00.000003 prctl(PR_SET_NAME, "own") = 0\n'
    const files = [
      textFile('log.10', rename(12, 'from10')),
      textFile('log.11', own),
      textFile('log.12', own),
      textFile('log.13', rename(11, 'from13')),
    ]
    const alone = await readAlone(files)
    expect(alone.threads.map(({ tid, name }) => [tid, name])).toContainEqual([11, 'from13'])
    for (const cuts of [[1], [2], [3]]) expect(await readInShares(files, cuts)).toEqual(alone)
  })

  it.skipIf(!hasShared)(
    'give what one builder gives on real captures (skipped without ../shared)',
    async () => {
      const folders = [
        'd03-arena-leak',
        'd04-thread-stack-leak',
        'd09-mremap-growth',
        'd10-restart',
        'd12-redis',
        'd14-stack-cache',
      ]
      for (const folder of folders) {
        const all = folderFiles(join(SHARED, 'zoo', folder, 'evidence/strace')).filter(
          (file) => file.format === 'strace-log' && file.hints.tid !== null,
        )
        const alone = await readAlone(all)
        const cuts = fc.uniqueArray(fc.integer({ min: 1, max: all.length - 1 }), {
          minLength: 1,
          maxLength: 3,
        })
        await fc.assert(
          fc.asyncProperty(cuts, async (places) => {
            expect(
              await readInShares(
                all,
                places.sort((a, b) => a - b),
              ),
            ).toEqual(alone)
          }),
          { numRuns: 3 },
        )
      }
    },
    300_000,
  )

  it.each([
    [
      'an execve that goes on in another file',
      '10:00:00.000001 execve("/p", ["p"], 0x7f /* 3 vars */ <pid changed to 10 ...>\n',
    ],
    ['a process that another one took over', '10:00:00.000300 +++ superseded by execve in pid 10 +++\n'],
    ['another word size', '[ Process PID=11 runs in 32 bit mode. ]\n10:00:00.000001 brk(NULL) = 0x5500\n'],
    ['lines of a thread of the other side', '10    10:00:00.000001 brk(NULL) = 0x5500\n'],
  ])('are read alone when there is %s', async (_, text) => {
    const plain = textFile('log.10', '10:00:00.000002 brk(NULL) = 0x5500\n')
    const odd = textFile('log.11', text)
    expect(await readInShares([plain, odd], [1])).toBeNull()
    expect(
      await readInShares([plain, textFile('log.12', '10:00:00.000002 brk(NULL) = 0x5500\n')], [1]),
    ).not.toBeNull()
  })

  it('are read alone when their times are years apart', async () => {
    const at = (seconds: number) => `${seconds}.000002 brk(NULL) = 0x5500\n`
    const files = [textFile('log.10', at(1_100_000_000)), textFile('log.11', at(1_700_000_000))]
    expect(await readInShares(files, [1])).toBeNull()
  })
})

describe('dealing the files of a run', () => {
  it('gives every file to one thread, each thread about as much, and the main one its head start', () => {
    expect(deal(Array(16).fill(64 << 20), 2)).toEqual([8, 8])
    expect(deal([1, 1, 1, 1], 8)).toEqual([1, 1, 1, 1])
    expect(deal([1000, 1, 1, 1], 2)).toEqual([1, 3])
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        (bytes, threads) => {
          const shares = deal(bytes, threads)
          expect(shares.reduce((sum, files) => sum + files, 0)).toBe(bytes.length)
          expect(shares.length).toBeLessThanOrEqual(threads)
          expect(Math.min(...shares)).toBeGreaterThan(0)
        },
      ),
    )
  })
})

/** The reading thread as it is published. */
const program = pathToFileURL(join(dirname(BIN), 'trace-worker.js'))

describe('threads that read', () => {
  const folderOf = (files: readonly (readonly [string, string])[]): EvidenceFile[] => {
    const folder = join(aFolder(), 'strace')
    mkdirSync(folder)
    return files.map(([name, text]) => {
      writeFileSync(join(folder, name), text, 'latin1')
      return diskFile(name, join(folder, name))
    })
  }
  const readWith = async (files: readonly EvidenceFile[], threads: number) => {
    const diagnostics = new Diagnostics()
    let alone = 0
    const reading = { ...ALONE, program, worthThreads: 0, threads, leaveProcessor: () => alone++ }
    const { traces, summaries } = await readTraces(files, diagnostics, reading)
    expect(alone).toBe(1)
    return {
      traces: traces.map(dump),
      contexts: traces.map((trace) => trace.contexts),
      summaries,
      list: diagnostics.list(),
    }
  }
  const busy = (): EvidenceFile[] =>
    folderOf([100, 101, 102, 103].map((tid) => [`log.${tid}`, busyText(tid, 2000)] as const))

  it('give the same however many there are, and tell how far they are', async () => {
    let passed = 0
    const hear = (more: number): void => {
      passed += more
    }
    const files = busy().map((file) => ({ ...file, passed: hear }))
    const alone = await readWith(files, 1)
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    expect(passed).toBe(bytes)
    for (const threads of [2, 3, 9]) {
      passed = 0
      expect(await readWith(files, threads)).toEqual(alone)
      expect(passed).toBe(bytes)
    }
  }, 120_000)

  it('leave to the main thread what crosses files', async () => {
    const leader =
      '10:00:00.000001 brk(NULL) = 0x5500\n10:00:00.000300 +++ superseded by execve in pid 12 +++\n10:00:00.000400 <... execve resumed>) = 0 <0.000200>\n'
    const thread =
      '10:00:00.000200 execve("/proc/self/exe", ["t"], 0x7f /* 35 vars */ <pid changed to 10 ...>\n'
    for (const names of [
      ['log.10', 'log.12'],
      ['log.12', 'log.10'],
    ]) {
      const texts = new Map([
        ['log.10', leader],
        ['log.12', thread],
      ])
      const files = folderOf(names.map((name) => [name, texts.get(name)!] as const))
      expect(await readWith(files, 2)).toEqual(await readWith(files, 1))
    }
  }, 60_000)

  it('tell as one thread does of a file that is gone', async () => {
    const files = busy().map((file, index) =>
      index === 3 ? { ...file, diskPath: `${file.diskPath}.gone` } : file,
    )
    const { list, ...rest } = await readWith(files, 2)
    expect(list).toContainEqual(
      expect.objectContaining({ code: 'evidence-unreadable', file: files[3]!.path }),
    )
    expect({ list, ...rest }).toEqual(await readWith(files, 1))
  }, 60_000)
})
