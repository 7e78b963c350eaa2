import { greatest } from '../base/extremes.ts'
import { formatByteRange } from '../base/format.ts'
import type { Bytes, Micros, Tid } from '../base/units.ts'
import { type Activity, MECHANISMS, type Mechanism } from '../model/attribution.ts'
import type { EvidenceReference } from '../model/evidence.ts'
import type { Sentence } from '../model/sentence.ts'
import type { CallContext, Trace } from '../model/trace.ts'
import { type ActivityRecord, INCIDENTAL } from './activity-table.ts'
import { type DescriptorHistory, descriptorWords } from './descriptors.ts'
import type { Living } from './living.ts'

/** References an activity cites: the oldest and largest that stayed. */
const CITED = 4
const AT_FDCWD = -2
const NONE = -1

/** Where a round of work begins: what came before the newest of these belongs to the round before. */
const SOURCES = new Set([
  'read',
  'readv',
  'recvfrom',
  'recvmsg',
  'recvmmsg',
  'recv',
  'accept',
  'accept4',
  'epoll_wait',
  'epoll_pwait',
  'epoll_pwait2',
  'poll',
  'ppoll',
  'select',
  'pselect6',
  'nanosleep',
  'clock_nanosleep',
  'rt_sigtimedwait',
  'msgrcv',
  'io_getevents',
  'io_uring_enter',
])

/** One activity for the report; `living` are its thread's allocations that stayed. */
export function describeActivity(
  record: ActivityRecord,
  living: readonly Living[],
  trace: Trace,
  descriptors: DescriptorHistory,
): Activity {
  const stayed = living.filter((one) => one.activity === record)
  const sequence = usualSequence(record, trace, descriptors)
  const sizes = formatByteRange(record.smallest, record.largest)
  const arrows = [...sequence.slice(0, -1), `${record.call} ${sizes}`].join(' → ')
  const never = stayed.reduce((sum, one) => sum + one.calls, 0)
  return {
    tid: record.tid as Tid,
    mechanism: MECHANISMS[record.mechanism] as Mechanism,
    sequence,
    text: { en: arrows, zh: arrows } satisfies Sentence,
    smallest: record.smallest as Bytes,
    largest: record.largest as Bytes,
    count: record.count,
    bytes: record.bytes as Bytes,
    released: record.count - never,
    releasedBytes: record.releasedBytes as Bytes,
    medianLifetime: record.medianLife as Micros | null,
    longestLifetime: record.longestLife as Micros | null,
    never,
    neverBytes: stayed.reduce((sum, one) => sum + one.bytes, 0) as Bytes,
    oldestAge: oldestOf(stayed),
    references: cite(stayed, trace, CITED),
  }
}

/** `null` where nothing stayed, or where the log carries no time stamps. */
function oldestOf(stayed: readonly Living[]): Micros | null {
  const age = greatest(stayed.map((one) => one.age))
  return Number.isFinite(age) ? (Math.max(0, age) as Micros) : null
}

/** Lines of the oldest and largest of these, in that order. */
export function cite(living: readonly Living[], trace: Trace, most: number): EvidenceReference[] {
  return [...living]
    .sort((a, b) => b.bytes - a.bytes || a.at - b.at || a.event - b.event)
    .slice(0, most)
    .map((one) => referenceOf(one.event, trace))
}

export function referenceOf(event: number, trace: Trace): EvidenceReference {
  const line = trace.events.line(event)
  return { file: trace.files[trace.events.file(event)]?.path ?? trace.name, firstLine: line, lastLine: line }
}

/**
 * The calls that came before, from the one that began the round of work, then the allocating call: all of the round where
 * it was the same for most, else only the newest of its calls, which is what makes the activity one.
 */
function usualSequence(record: ActivityRecord, trace: Trace, descriptors: DescriptorHistory): string[] {
  const round = roundOf(trace.contexts[record.context]?.calls ?? [])
  const isOfMost = 2 * record.contextCount >= record.count
  const time = record.contextEvent < 0 ? null : trace.events.time(record.contextEvent)
  const before = (isOfMost ? round : round.slice(-1)).map((call) => callWords(call, descriptors, time))
  return [...before, record.call]
}

type Call = CallContext['calls'][number]

/** The calls of a context that belong to the same round of work, oldest first; bookkeeping only where nothing else is. */
function roundOf(calls: readonly Call[]): Call[] {
  const telling = calls.filter((call) => !INCIDENTAL.has(call.name))
  if (telling.length === 0) return calls.slice(0, 1)
  const source = telling.findIndex((call) => SOURCES.has(call.name))
  return (source < 0 ? telling : telling.slice(0, source + 1)).reverse()
}

/** `read(5)`, `read(uploads.fifo)`, `openat(index.dat)`. */
function callWords({ name, fd }: Call, descriptors: DescriptorHistory, time: number | null): string {
  if (fd === NONE || fd === AT_FDCWD) return name
  return `${name}(${descriptorWords(fd, descriptors, time)})`
}
