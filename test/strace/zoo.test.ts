import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { UNFINISHED } from '../../src/model/trace.ts'
import { allEvents, folderFiles, hasShared, read, SHARED } from './support.ts'

const zoo = path.join(SHARED, 'zoo')
const captures = hasShared ? readdirSync(zoo).filter((name) => /^d\d\d/.test(name)) : []

/** Counted by a regular expression, independent of the parser; right for these files, which are undamaged. */
function countByPattern(text: string): Map<string, number> {
  const counts = new Map<string, number>()
  for (const line of text.split('\n')) {
    const found = /^(?:\d+ +)?\d\d:\d\d:\d\d\.\d{6} (?:<\.\.\. )?(\w+)(\(| resumed>)/.exec(line)
    if (found && found[2] === '(') counts.set(found[1]!, (counts.get(found[1]!) ?? 0) + 1)
  }
  return counts
}

describe.skipIf(!hasShared)('strace logs of the zoo (skipped without ../shared)', () => {
  it.each(captures)('%s: every call is counted, nothing is lost', async (name) => {
    const folder = path.join(zoo, name, 'evidence', 'strace')
    const { traces, diagnostics } = await read(...folderFiles(folder))
    expect(diagnostics.list().filter((entry) => entry.severity !== 'info')).toEqual([])
    for (const trace of traces) {
      const expected = new Map<string, number>()
      for (const file of trace.files)
        for (const [call, count] of countByPattern(readFileSync(path.join(folder, file.path), 'latin1')))
          expected.set(call, (expected.get(call) ?? 0) + count)
      const counted = new Map<string, number>()
      const { statistics } = trace
      for (let row = 0; row < statistics.length; row++) {
        const call = trace.strings.get(statistics.name[row]!)
        counted.set(call, (counted.get(call) ?? 0) + statistics.calls[row]!)
      }
      expect(counted).toEqual(expected)
      expect(trace.files.map((file) => file.bytes)).toEqual(
        trace.files.map((file) => readFileSync(path.join(folder, file.path)).length),
      )
    }
  })

  it('d02: each mmap has its length, result, thread, time and what the thread did before', async () => {
    const folder = path.join(zoo, 'd02-mmap-leak', 'evidence', 'strace')
    const { traces } = await read(...folderFiles(folder))
    const trace = traces[0]!
    expect(trace).toMatchObject({ name: 'thumbd', form: 'per-thread', attached: true, coverage: 'all' })
    const lines = readFileSync(path.join(folder, 'thumbd.9797'), 'latin1').split('\n')
    const events = allEvents(trace).filter((event) => event.tid === 9797)
    const pattern =
      /^(\d\d):(\d\d):(\d\d)\.(\d{6}) (mmap|munmap)\((?:NULL|0x([0-9a-f]+)), (\d+)(?:, .*)?\) += (?:0x([0-9a-f]+)|0) <0\.(\d{6})>$/
    const expected = lines.flatMap((line, index) => {
      const f = pattern.exec(line)
      if (!f) return []
      return {
        line: index + 1,
        call: f[5],
        time: ((Number(f[1]) * 60 + Number(f[2])) * 60 + Number(f[3])) * 1e6 + Number(f[4]),
        address: f[6] ? Number.parseInt(f[6], 16) : 0,
        length1: Number(f[7]),
        result: f[8] ? Number.parseInt(f[8], 16) : 0,
        duration: Number(f[9]),
      }
    })
    expect(expected.length).toBeGreaterThan(100)
    expect(
      events
        .filter((event) => event.call === 'mmap' || event.call === 'munmap')
        .map(({ line, call, time, address, length1, result, duration }) => ({
          line,
          call,
          time,
          address,
          length1,
          result,
          duration,
        })),
    ).toEqual(expected)
    expect(
      events.filter((event) => event.call === 'mmap').every((event) => event.context.includes('read(5)')),
    ).toBe(true)
  })

  it('d11: the interleaved log joins halves by thread, the summary table is read', async () => {
    const folder = path.join(zoo, 'd11-nscd', 'evidence', 'strace')
    const { traces, summaries } = await read(...folderFiles(folder))
    expect(traces.map(({ name, form }) => [name, form])).toEqual([
      ['nscd', 'per-thread'],
      ['nscd.all', 'interleaved'],
    ])
    const all = traces[1]!
    expect([...all.threads.keys()]).toEqual([...traces[0]!.threads.keys()])
    expect(all.threads.get(28339)!.futexes.length).toBeGreaterThan(0)
    expect(allEvents(all).filter((event) => event.state & UNFINISHED)).toEqual([])
    expect(summaries).toHaveLength(1)
    expect(summaries[0]!.rows[0]).toEqual({
      name: 'futex',
      calls: 2058,
      errors: 9,
      seconds: 1.476279,
      percent: 80.32,
      line: 3,
    })
    expect(summaries[0]!.rows).toHaveLength(23)
    expect(summaries[0]!.rows[1]).toMatchObject({ name: 'epoll_wait', calls: 1358, errors: 0 })
  })
})
