import { describe, expect, it } from 'vitest'
import { LogParser } from '../../src/strace/log-parser.ts'
import { Tally } from '../../src/strace/tally.ts'
import { TraceBuilder } from '../../src/strace/trace-builder.ts'

/** Rows that teach the reader something, at most, before it hears of them. */
const MOST = 32
const LINES = 1000

const log = (line: (at: number) => string): Buffer =>
  Buffer.from(
    Array.from({ length: LINES }, (_, at) => `7 10:00:00.${String(at).padStart(6, '0')} ${line(at)}\n`).join(
      '',
    ),
  )

/** Reads a log in one piece; `rows` of each run that the kernel made. */
function read(bytes: Buffer) {
  const builder = new TraceBuilder(bytes.length)
  const { kernel } = builder
  const rows: number[] = []
  const run = (from: number, limit: number, line: number): number => {
    rows.push(call.run(from, limit, line))
    return rows.at(-1)!
  }
  const { call } = kernel
  Object.assign(kernel, { call: { ...call, run } })
  const parser = new LogParser(builder, 0, 'log', { tid: null, hint: null }, new Tally('log'))
  parser.push(bytes)
  parser.finish()
  return { builder, parser, rows, inAll: rows.reduce((sum, count) => sum + count, 0) }
}

const hex = (at: number): string => (0x7f0000000000 + at * 4096).toString(16)

describe('a run of the line kernel', () => {
  it('ends soon when the form of its memory calls is not known, and all of them are read', () => {
    const { builder, parser, rows, inAll } = read(
      log((at) => `mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${hex(at)} <0.000004>`),
    )
    expect(Math.max(...rows)).toBe(MOST)
    expect(inAll).toBe(MOST)
    expect([parser.lines, parser.counts.calls, builder.events.length]).toEqual([LINES, LINES, LINES])
    expect(Array.from({ length: LINES }, (_, at) => builder.events.line(at))).toEqual(
      Array.from({ length: LINES }, (_, at) => at + 1),
    )
  })

  it('ends soon when its futexes are new, and all of them are read', () => {
    const { builder, parser, rows, inAll } = read(
      log((at) => `futex(0x${hex(at)}, FUTEX_WAKE_PRIVATE, 1) = 1 <0.000004>`),
    )
    expect(Math.max(...rows)).toBe(MOST)
    // A thread's futexes are known when there are so many.
    const { size } = builder.threads[0]!.futexes
    expect(size).toBeLessThan(LINES / 4)
    expect(inAll).toBeLessThan(size + MOST)
    expect([parser.lines, parser.counts.calls]).toEqual([LINES, LINES])
  })

  it('goes on over what teaches nothing', () => {
    const { builder, parser, rows } = read(
      log((at) => `openat(AT_FDCWD, "/tmp/${at}", O_RDONLY) = ${at} <0.000004>`),
    )
    expect(Math.max(...rows)).toBe(LINES - 1)
    expect([parser.lines, parser.counts.calls, builder.descriptors.length]).toEqual([LINES, LINES, LINES])
  })
})
