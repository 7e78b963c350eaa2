import { describe, expect, it } from 'vitest'
import type { EvidenceFile } from '../../src/model/evidence.ts'
import { groupRuns } from '../../src/strace/group-runs.ts'
import { read, textFile } from './support.ts'

const call = (second: number, pid = ''): string =>
  `${pid}10:00:0${second}.000001 mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f000000${second}000 <0.000004>\n`

/** Each run's name and files, in order. */
const runsOf = async (...files: readonly EvidenceFile[]) =>
  (await groupRuns(files)).map(({ name, files: some, perThread }) => ({
    name,
    perThread,
    files: some.map(({ path, hints }) => `${path} ${hints.tid}`),
  }))

describe('the runs of strace logs', () => {
  it('have the files of -ff by thread, each with its rotated parts before it', async () => {
    const names = ['log.4242', 'log.4242.1', 'log.4242.3', 'log.4242.2', 'log.4243', 'log.97']
    expect(await runsOf(...names.map((name) => textFile(name, call(1))))).toEqual([
      {
        name: 'log',
        perThread: true,
        files: [
          'log.97 97',
          'log.4242.3 4242',
          'log.4242.2 4242',
          'log.4242.1 4242',
          'log.4242 4242',
          'log.4243 4243',
        ],
      },
    ])
  })

  it('take a number for a thread where no log is there that could have been rotated', async () => {
    expect(await runsOf(textFile('log.4242.1', call(1)), textFile('log.4242.2', call(1)))).toEqual([
      { name: 'log.4242', perThread: true, files: ['log.4242.1 1', 'log.4242.2 2'] },
    ])
    // What strace-log-merge made stands beside the threads of a container.
    expect(
      (await runsOf(textFile('log', call(1, '7 ')), textFile('log.7', call(1)))).map(({ files }) => files),
    ).toEqual([['log null'], ['log.7 7']])
    // Rotation leaves no gap.
    expect(await runsOf(...['app.1', 'app.1.7', 'app.1.8'].map((name) => textFile(name, call(1))))).toEqual([
      { name: 'app', perThread: true, files: ['app.1 1'] },
      { name: 'app.1', perThread: true, files: ['app.1.7 7', 'app.1.8 8'] },
    ])
    // Too many for rotation.
    expect(
      (await runsOf(textFile('log', call(1)), textFile('log.4242', call(1)))).map(({ files }) => files),
    ).toEqual([['log null'], ['log.4242 4242']])
  })

  it('leave the parts of a log without thread numbers without them', async () => {
    expect(await runsOf(textFile('log', call(2)), textFile('log.1', call(1)))).toEqual([
      { name: 'log', perThread: false, files: ['log null'] },
      { name: 'log.1', perThread: false, files: ['log.1 null'] },
    ])
  })
})

describe('a rotated log of a thread', () => {
  it('is read as what the thread did before', async () => {
    const { traces, diagnostics } = await read(
      textFile('log.4242', call(3)),
      textFile('log.4242.1', call(2)),
      textFile('log.4242.2', call(1)),
    )
    expect(traces.map(({ threads }) => [...threads.keys()])).toEqual([[4242]])
    const told = diagnostics.list().filter(({ code }) => code === 'strace-rotated')
    expect(told.map(({ file }) => file).sort()).toEqual(['log.4242.1', 'log.4242.2'])
    const { events } = traces[0]!
    expect(Array.from({ length: events.length }, (_, at) => events.result(at).toString(16))).toEqual([
      '7f0000001000',
      '7f0000002000',
      '7f0000003000',
    ])
  })

  it('is known where it is empty now, and nothing is said to be unreadable', async () => {
    for (const name of ['log.4242', 'trace.log']) {
      const { traces, diagnostics } = await read(
        textFile(name, ''),
        textFile(`${name}.1`, call(2)),
        textFile(`${name}.2`, call(1)),
      )
      expect(traces.flatMap(({ threads }) => [...threads.keys()])).not.toContain(1)
      expect(diagnostics.list().map(({ code }) => code)).not.toContain('strace-nothing-read')
    }
  })
})
