import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, type Micros, micros, SECOND } from '../../src/base/units.ts'
import { discover } from '../../src/evidence/discover.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { ReadSnapshot } from '../../src/model/snapshot.ts'
import {
  type CallAtHand,
  type CallForms,
  callIndex,
  type EventLinks,
  type EventSurvey,
  type MemoryEvents,
  type RowsVisitor,
  type Trace,
} from '../../src/model/trace.ts'
import { surveyEvents } from '../../src/strace/event-survey.ts'
import { FORM, LINE, WORD_BITS } from '../../src/strace/row-words.ts'
import { zoneOffset } from '../../src/timeline/clock/time-zone.ts'
import { type ClockOptions, chooseClocks } from '../../src/timeline/clock.ts'
import { snapshotOf, traceOf } from '../attribution/support.ts'
import { readTraces } from '../support/read-traces.ts'
import { hasZoo, SAMPLES, snapshotsIn, zooCases, zooEvidence } from './captures.ts'

const NO_OPTIONS: ClockOptions = { straceDate: null, timeZone: null }
const THE_DAY = Date.UTC(2026, 10, 22) * 1000

interface Loaded {
  readonly snapshots: ReadSnapshot[]
  readonly traces: readonly Trace[]
}

async function load(path: string): Promise<Loaded> {
  const diagnostics = new Diagnostics()
  const capture = await discover([path], diagnostics)
  const logs = capture.files.filter((file) => file.format === 'strace-log')
  return {
    snapshots: await snapshotsIn(capture, diagnostics),
    traces: (await readTraces(logs, diagnostics)).traces,
  }
}

/** The same events, some of what they say replaced: each of a form of its own, read one by one. */
function altered(events: MemoryEvents, changes: Partial<MemoryEvents>): MemoryEvents {
  const one: MemoryEvents = new Proxy(events, {
    get(target, name: keyof MemoryEvents) {
      if (name in changes) return changes[name]
      if (name in inBulk) return inBulk[name as keyof typeof inBulk]
      const own = target[name]
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
  const all = (read: (event: number) => number) =>
    Array.from({ length: one.length }, (_, event) => read(event))
  const fill = (into: Int32Array | Float64Array, from: number, read: (event: number) => number): number => {
    const count = Math.min(into.length, one.length - from)
    for (let at = 0; at < count; at++) into[at] = read(from + at)
    return count
  }
  const inBulk = {
    get forms(): CallForms {
      return {
        length: one.length,
        tid: Int32Array.from(all(one.tid)),
        call: Uint8Array.from(all(one.call)),
        state: Uint8Array.from(all(one.state)),
        protection: Uint32Array.from(all(one.protection)),
        flags: Float64Array.from(all(one.flags)),
        name: Uint32Array.from(all(one.name)),
        inRow: new Uint8Array(one.length),
        time: Float64Array.from(all(one.time)),
        duration: Float64Array.from(all(one.duration)),
      }
    },
    get survey(): EventSurvey {
      return surveyEvents(one)
    },
    form: (event: number) => event,
    readForms: (from: number, into: Int32Array) => fill(into, from, (event) => event),
    readRows: (from: number, count: number, into: Int32Array, at: number) => {
      into.fill(0, at, at + (count << WORD_BITS))
      for (let row = 0; row < count; row++) into[at + (row << WORD_BITS) + FORM] = from + row
    },
    readLinked: (from: number, most: number, links: EventLinks, into: Int32Array, at: number) => {
      let count = 0
      for (let event = from; event >= 0 && count < most; event = links.next(event), count++) {
        const row = at + (count << WORD_BITS)
        inBulk.readRows(event, 1, into, row)
        into[row + LINE] = event
      }
      return count
    },
    visitRows: (visit: RowsVisitor) => {
      const words = new Int32Array(one.length << WORD_BITS)
      inBulk.readRows(0, one.length, words, 0)
      visit(words, 0, 0, one.length)
    },
    at: (event: number): CallAtHand => ({
      event,
      form: event,
      tid: one.tid(event),
      call: one.call(event),
      state: one.state(event),
      address: one.address(event),
      length1: one.length1(event),
      result: one.result(event),
      protection: one.protection(event),
      flags: one.flags(event),
      context: one.context(event),
    }),
  }
  return one
}

/** The same trace with all its times moved, and perhaps another kind of clock. */
function moved(trace: Trace, by: number, kind: Trace['clock']['kind'] = trace.clock.kind): Trace {
  return {
    ...trace,
    clock: { ...trace.clock, kind },
    firstTime: trace.firstTime + by,
    lastTime: trace.lastTime + by,
    events: altered(trace.events, { time: (at) => trace.events.time(at) + by }),
  }
}

const later = (snapshots: readonly ReadSnapshot[], by: number): ReadSnapshot[] =>
  snapshots.map((snapshot) => ({ ...snapshot, time: micros(snapshot.time! + by) }))

const choose = (traces: readonly Trace[], snapshots: readonly ReadSnapshot[], options = NO_OPTIONS) =>
  chooseClocks(traces, snapshots, options, new Diagnostics())

describe('the clock of a trace', () => {
  let leak: Loaded
  beforeAll(async () => {
    leak = await load(join(SAMPLES, 'mmap-leak'))
  })

  it('is placed on the day of the snapshots, and they agree', () => {
    const [choice] = choose(leak.traces, leak.snapshots)
    expect(choice).toMatchObject({ trace: 'strace/thumbd', offset: THE_DAY, basis: 'agreement' })
    expect(choice!.reason.en).toMatch(/658 of 658 statements/)
    expect(choice!.reason.zh).toContain('658')
  })

  it('finds the day among several by what was mapped then', () => {
    const days = [-2, -1, 0, 1].flatMap((day) =>
      later(
        day === 0
          ? leak.snapshots
          : leak.snapshots.map((s, _, all) => ({ ...all[day > 0 ? 47 : 0]!, time: s.time })),
        day * DAY,
      ),
    )
    const [choice] = choose(leak.traces, days)
    expect(choice).toMatchObject({ offset: THE_DAY, basis: 'agreement' })
    expect(choice!.reason.en).toMatch(/of 4 possible shifts/)
  })

  it('crosses midnight', () => {
    const trace = leak.traces[0]!
    const by = DAY - trace.firstTime - MINUTE
    const [choice] = choose([moved(trace, by)], later(leak.snapshots, by))
    expect(choice).toMatchObject({ offset: THE_DAY, basis: 'agreement' })
    // A log that begins after midnight, beside snapshots that began the day before.
    const after = DAY - trace.firstTime + 10 * SECOND
    const [next] = choose([moved(trace, after - DAY)], later(leak.snapshots, after))
    expect(next).toMatchObject({ offset: THE_DAY + DAY, basis: 'agreement' })
  })

  it.each([
    ['+08:00', 8 * HOUR],
    ['+05:45', 5 * HOUR + 45 * MINUTE],
    ['−03:30', -3.5 * HOUR],
    ['+00:00', 0],
    ['−10:00', -10 * HOUR],
  ])('finds the zone %s of the host behind a -ttt log', (text, offset) => {
    const [choice] = choose([moved(leak.traces[0]!, THE_DAY - offset, 'unix')], leak.snapshots)
    expect(choice).toMatchObject({ offset, basis: 'agreement' })
    expect(choice!.reason.en).toContain(text)
  })

  it('finds the zone among the many that overlap in a long capture', () => {
    // Six hours around: what was there first, before, and what was there last, after.
    const long = [
      ...Array.from({ length: 180 }, (_, at) => ({
        ...leak.snapshots[0]!,
        time: micros(leak.snapshots[0]!.time! - (at + 1) * MINUTE),
      })),
      ...leak.snapshots,
      ...Array.from({ length: 180 }, (_, at) => ({
        ...leak.snapshots[47]!,
        time: micros(leak.snapshots[47]!.time! + (at + 1) * MINUTE),
      })),
    ]
    const [choice] = choose([moved(leak.traces[0]!, THE_DAY - 8 * HOUR, 'unix')], long)
    expect(choice).toMatchObject({ offset: 8 * HOUR, basis: 'agreement' })
  })

  it('finds a strace that ran under another TZ than the collector', () => {
    const long = [-8, 0].flatMap((hours) =>
      hours === 0
        ? leak.snapshots
        : later(
            leak.snapshots.map((s) => ({ ...leak.snapshots[0]!, time: s.time })),
            hours * HOUR,
          ),
    )
    const [choice] = choose([moved(leak.traces[0]!, -8 * HOUR)], long)
    expect(choice).toMatchObject({ offset: THE_DAY + 8 * HOUR, basis: 'agreement' })
    expect(choice!.reason.en).toContain('2026-11-22 +08:00')
  })

  it('is decided by the options where they are given', () => {
    const [dated] = choose(leak.traces, leak.snapshots, { straceDate: '2025-01-31', timeZone: null })
    expect(dated).toMatchObject({ offset: Date.UTC(2025, 0, 31) * 1000, basis: 'option' })
    const unix = moved(leak.traces[0]!, THE_DAY - 8 * HOUR, 'unix')
    const [zoned] = choose([unix], leak.snapshots, { straceDate: null, timeZone: 'Asia/Shanghai' })
    expect(zoned).toMatchObject({ offset: 8 * HOUR, basis: 'option' })
    const diagnostics = new Diagnostics()
    const [bad] = chooseClocks(
      [unix],
      leak.snapshots,
      { straceDate: null, timeZone: 'Mars/Olympus' },
      diagnostics,
    )
    expect(bad!.basis).toBe('agreement')
    expect(diagnostics.list().map(({ code }) => code)).toEqual(['option-not-understood'])
  })

  it('says when it cannot be placed, and what would settle it', () => {
    const trace = leak.traces[0]!
    const diagnostics = new Diagnostics()
    const none = {
      ...trace,
      clock: { ...trace.clock, kind: 'none' as const },
      firstTime: Number.NaN,
      lastTime: Number.NaN,
    }
    const [blank, relative, lonely] = [
      ...chooseClocks([none, moved(trace, 0, 'relative')], leak.snapshots, NO_OPTIONS, diagnostics),
      ...chooseClocks([trace], [], NO_OPTIONS, diagnostics),
    ]
    for (const choice of [blank, relative, lonely])
      expect(choice).toMatchObject({ offset: null, basis: 'none' })
    expect(blank!.reason.en).toContain('-ttt')
    expect(diagnostics.list()).toMatchObject([{ code: 'trace-clock-unknown', count: 3 }])
  })

  it('takes the only day there is when log and snapshots do not overlap', () => {
    const trace = moved(leak.traces[0]!, -3 * HOUR)
    const [choice] = choose([{ ...trace, events: altered(trace.events, { length: 0 }) }], leak.snapshots)
    expect(choice).toMatchObject({ offset: THE_DAY, basis: 'only-day' })
  })

  it('decides nothing between days on which nothing differs', () => {
    const still = { ...leak.traces[0]!, events: altered(leak.traces[0]!.events, { length: 0 }) }
    const [choice] = choose([still], [...leak.snapshots, ...later(leak.snapshots, DAY)])
    expect(choice).toMatchObject({ offset: null, basis: 'none' })
    expect(choice!.reason.en).toContain('--strace-date')
  })

  it('reports a clock that was set back inside the log', () => {
    const trace = leak.traces[0]!
    const half = trace.firstTime + MINUTE
    const setBack = (time: number): number => (time > half ? time - HOUR : time)
    const back = {
      ...trace,
      events: altered(trace.events, { time: (at) => setBack(trace.events.time(at)) }),
    }
    const diagnostics = new Diagnostics()
    chooseClocks([back], leak.snapshots, NO_OPTIONS, diagnostics)
    const [entry] = diagnostics.list()
    expect(entry).toMatchObject({ code: 'trace-clock-set-back', severity: 'data-loss' })
    expect(entry!.message.en).toMatch(/3\d\d\d s/)
  })

  /** The trace with tens of thousands of calls more in its first second, which say nothing. */
  function crowded(trace: Trace): Trace {
    const { events } = trace
    const fillers = 30_000
    const filled =
      (
        name:
          | 'tid'
          | 'time'
          | 'duration'
          | 'protection'
          | 'state'
          | 'result'
          | 'length1'
          | 'address'
          | 'call',
        filler: (at: number) => number,
      ) =>
      (at: number): number =>
        at < events.length ? events[name](at) : filler(at - events.length)
    return {
      ...trace,
      events: altered(events, {
        length: events.length + fillers,
        tid: filled('tid', () => 1),
        call: filled('call', () => callIndex('mprotect')),
        time: filled('time', (at) => trace.firstTime + at),
        duration: filled('duration', () => Number.NaN),
        protection: filled('protection', () => 0),
        state: filled('state', () => 0),
        result: filled('result', () => 0),
        length1: filled('length1', () => 4096),
        address: filled('address', () => 4096),
        flags: (at) => (at < events.length ? events.flags(at) : 0),
        name: () => 0,
        context: () => 0,
      }),
    }
  }

  const statements = (choice: { readonly reason: { readonly en: string } } | undefined): number =>
    Number(/ of (\d+) statements/.exec(choice!.reason.en)![1])

  it('reads the beginning of a very large log for which there is but one shift', () => {
    const [choice] = choose([crowded(leak.traces[0]!)], leak.snapshots)
    expect(choice).toMatchObject({ offset: THE_DAY, basis: 'agreement' })
    expect(statements(choice)).toBeLessThan(100)
    expect(choice!.reason.en).toMatch(/ hold in \d+ of the 23 snapshots inside it$/)
    expect(choice!.reason.zh).toMatch(/其间 23 个快照中的 \d+ 个中成立$/)
  })

  it('reads all of a very large log where there is a choice', () => {
    const [choice] = choose(
      [crowded(moved(leak.traces[0]!, THE_DAY - 8 * HOUR, 'unix'))],
      [
        ...later(leak.snapshots, -DAY / 4).map((s) => ({ ...leak.snapshots[0]!, time: s.time })),
        ...leak.snapshots,
      ],
    )
    expect(choice).toMatchObject({ offset: 8 * HOUR, basis: 'agreement' })
    expect(statements(choice)).toBeGreaterThan(500)
  })

  it('reads all of a very large log that does not fit the only day', () => {
    const first = leak.snapshots[0]!
    const [choice] = choose(
      [crowded(moved(leak.traces[0]!, -8 * HOUR))],
      [...later(leak.snapshots, -8 * HOUR).map((s) => ({ ...first, time: s.time })), ...leak.snapshots],
    )
    expect(choice).toMatchObject({ offset: THE_DAY + 8 * HOUR, basis: 'agreement' })
  })

  it('reads all of a very large log inside which no snapshot lies on the only day', () => {
    const [first] = leak.snapshots
    const [choice] = choose(
      [crowded(leak.traces[0]!)],
      [{ ...first!, time: micros(first!.time! - 30 * MINUTE) }, ...later(leak.snapshots, HOUR)],
    )
    expect(choice).toMatchObject({ offset: THE_DAY + HOUR, basis: 'agreement' })
  })

  it('holds what a forked child does against no snapshot of its parent', async () => {
    const places = Array.from({ length: 10 }, (_, at) => (0x7f00_0000_0000 + at * 0x10_0000).toString(16))
    const trace = await traceOf({
      10: [
        ...places.map(
          (place, at) =>
            `1.00${at} mmap(NULL, 65536, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${place} <5>`,
        ),
        '2.0 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x7f01) = 20 <50>',
        '60.0 getpid() = 10 <1>',
      ].join('\n'),
      20: [
        ...places.map((place, at) => `3.00${at} munmap(0x${place}, 65536) = 0 <5>`),
        '4.0 execve("/bin/true", ["true"], 0x7ffd /* 9 vars */) = 0 <300>',
        '5.0 exit_group(0) = ?',
      ].join('\n'),
    })
    const mapped = places.map(
      (place) => `${place.slice(0, -3)}-${(Number.parseInt(place, 16) / 4096 + 16).toString(16)} rw-p`,
    )
    const snapshots = await Promise.all(
      [10, 20, 30].map((second) => snapshotOf(10, second, mapped.join('\n'))),
    )
    const [choice] = chooseClocks([trace], snapshots, NO_OPTIONS, new Diagnostics())
    expect(choice).toMatchObject({ offset: THE_DAY, basis: 'agreement' })
    expect(choice!.reason.en).toContain('30 of 30 statements')
  })

  it('places both traces of a restarted program, each by its own process', async () => {
    const restart = await load(join(SAMPLES, 'restart'))
    const choices = choose(restart.traces, restart.snapshots)
    expect(choices.map(({ trace, offset, basis }) => [trace, offset, basis])).toEqual([
      ['strace/quoted', THE_DAY, 'agreement'],
      ['strace/quoted.early', THE_DAY, 'agreement'],
    ])
  })

  it('keeps a quiet log on its day by overlap alone', async () => {
    const quiet = await load(join(SAMPLES, 'nscd'))
    for (const choice of choose(quiet.traces, quiet.snapshots))
      expect(choice).toMatchObject({ offset: THE_DAY, basis: 'overlap' })
  })

  it.skipIf(!hasZoo)(
    'is right for every capture beside the project, at any hour and in any zone',
    async () => {
      for (const name of zooCases()) {
        const { traces, snapshots } = await load(zooEvidence(name))
        for (const choice of choose(traces, snapshots))
          expect(choice.offset, `${name} ${choice.trace}`).toBe(THE_DAY)
        const unix = traces.map((trace) => moved(trace, THE_DAY + 3.5 * HOUR, 'unix'))
        for (const choice of choose(unix, snapshots))
          if (choice.basis === 'agreement') expect(choice.offset, `${name} ${choice.trace}`).toBe(-3.5 * HOUR)
      }
    },
  )
})

describe('time zones', () => {
  const at = (text: string): Micros => micros(Date.parse(`${text}Z`) * 1000)
  it.each<[string, string, number | null]>([
    ['UTC', '2026-11-22T12:00:00', 0],
    ['Asia/Shanghai', '2026-11-22T12:00:00', 8 * HOUR],
    ['Asia/Kathmandu', '2026-11-22T12:00:00', 5 * HOUR + 45 * MINUTE],
    ['Europe/Berlin', '2026-10-25T00:30:00', 2 * HOUR],
    ['Europe/Berlin', '2026-10-25T01:30:00', HOUR],
    ['America/New_York', '2026-03-08T06:59:59', -5 * HOUR],
    ['America/New_York', '2026-03-08T07:00:00', -4 * HOUR],
    ['+08:00', '2026-11-22T12:00:00', 8 * HOUR],
    ['-0330', '2026-11-22T12:00:00', -3.5 * HOUR],
    ['Mars/Olympus', '2026-11-22T12:00:00', null],
    ['', '2026-11-22T12:00:00', null],
  ])('%s at %s', (zone, when, offset) => {
    expect(zoneOffset(zone, at(when))).toBe(offset)
  })
})
