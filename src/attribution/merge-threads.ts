import type { Bytes } from '../base/units.ts'
import type { ThreadAttribution } from '../model/attribution.ts'

/**
 * One entry a thread: what several traces say about it, put together. Sums are added; what is true of a moment is taken
 * from the later trace (`threads` are in the order of the traces).
 */
export function mergeThreads(threads: readonly ThreadAttribution[]): ThreadAttribution[] {
  const byThread = new Map<string, ThreadAttribution>()
  for (const thread of threads) {
    const key = `${thread.pid}/${thread.tid}`
    const known = byThread.get(key)
    byThread.set(key, known === undefined ? thread : together(known, thread))
  }
  return [...byThread.values()].sort((a, b) => a.pid - b.pid || a.tid - b.tid)
}

function together(a: ThreadAttribution, b: ThreadAttribution): ThreadAttribution {
  const named = b.name !== null || a.name === null ? b : a
  const busier = callsOf(b) >= callsOf(a) ? b : a
  return {
    pid: a.pid,
    tid: a.tid,
    name: named.name,
    nameSource: named.nameSource,
    role: busier.role,
    createdBy: a.createdBy ?? b.createdBy,
    createdAt: a.createdAt ?? b.createdAt,
    endedAt: b.endedAt ?? a.endedAt,
    traced: a.traced || b.traced,
    memory: sumOf(a.memory, b.memory),
    syscalls: callRows(a, b),
    activities: [...a.activities, ...b.activities].sort((x, y) => y.bytes - x.bytes),
    callsOverTime: [...a.callsOverTime, ...b.callsOverTime].sort((x, y) => (x.from ?? 0) - (y.from ?? 0)),
    liveOverTime: [...a.liveOverTime, ...b.liveOverTime].sort((x, y) => (x.at ?? 0) - (y.at ?? 0)),
    ages: b.ages.length > 0 ? b.ages : a.ages,
  }
}

const callsOf = (thread: ThreadAttribution): number =>
  thread.syscalls.reduce((sum, row) => sum + row.calls, 0)

type Memory = ThreadAttribution['memory']

function sumOf(a: Memory, b: Memory): Memory {
  const add = (key: keyof Memory): Bytes => (a[key] + b[key]) as Bytes
  return {
    mmapBytes: add('mmapBytes'),
    munmapBytes: add('munmapBytes'),
    brkBytes: add('brkBytes'),
    brkUpBytes: add('brkUpBytes'),
    brkDownBytes: add('brkDownBytes'),
    mprotectBytes: add('mprotectBytes'),
    mremapBytes: add('mremapBytes'),
    netBytes: add('netBytes'),
    liveBytes: add('liveBytes'),
  }
}

function callRows(a: ThreadAttribution, b: ThreadAttribution): ThreadAttribution['syscalls'] {
  const rows = new Map(a.syscalls.map((row) => [row.name, row]))
  for (const row of b.syscalls) {
    const known = rows.get(row.name)
    rows.set(
      row.name,
      known === undefined
        ? row
        : {
            name: row.name,
            calls: known.calls + row.calls,
            errors: known.errors + row.errors,
            seconds: known.seconds === null ? row.seconds : known.seconds + (row.seconds ?? 0),
          },
    )
  }
  return [...rows.values()].sort((x, y) => y.calls - x.calls || (x.name < y.name ? -1 : 1))
}
