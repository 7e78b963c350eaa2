import { formatByteRange } from '../base/format.ts'
import type { Bytes, Micros, Tid } from '../base/units.ts'
import type { Activity, Mechanism } from '../model/attribution.ts'
import type { EvidenceReference } from '../model/evidence.ts'
import type { Sentence } from '../model/sentence.ts'
import type { Trace } from '../model/trace.ts'
import { type ActivityRecord, INCIDENTAL } from './activity-table.ts'
import type { DescriptorHistory } from './descriptors.ts'
import type { Living } from './living.ts'
import { MECHANISM_NAMES } from './mechanism.ts'

/** References an activity cites: the oldest and largest that stayed. */
const CITED = 4
const AT_FDCWD = -2
const NONE = -1

/** One activity for the report; `living` are its allocations that stayed. */
export function describeActivity(
  record: ActivityRecord,
  living: readonly Living[],
  trace: Trace,
  descriptors: DescriptorHistory,
): Activity {
  const sequence = usualSequence(record, trace, descriptors)
  const sizes = formatByteRange(record.smallest, record.largest)
  const arrows = [...sequence.slice(0, -1), `${record.call} ${sizes}`].join(' → ')
  const never = living.reduce((sum, one) => sum + one.calls, 0)
  return {
    tid: record.tid as Tid,
    mechanism: MECHANISM_NAMES[record.mechanism] as Mechanism,
    sequence,
    text: { en: arrows, zh: arrows } satisfies Sentence,
    smallest: record.smallest as Bytes,
    largest: record.largest as Bytes,
    count: record.count,
    bytes: record.bytes as Bytes,
    released: record.count - never,
    releasedBytes: record.releasedBytes as Bytes,
    medianLifetime: record.lifetimes.median() as Micros | null,
    longestLifetime: record.lifetimes.count > 0 ? (record.lifetimes.largest as Micros) : null,
    never,
    neverBytes: living.reduce((sum, one) => sum + one.bytes, 0) as Bytes,
    oldestAge: living.length > 0 ? (living.reduce((age, one) => Math.max(age, one.age), 0) as Micros) : null,
    references: cite(living, trace, CITED),
  }
}

/** Lines of the oldest and largest of these, in that order. */
export function cite(living: readonly Living[], trace: Trace, most: number): EvidenceReference[] {
  return [...living]
    .sort((a, b) => b.bytes - a.bytes || a.at - b.at || a.event - b.event)
    .slice(0, most)
    .map((one) => referenceOf(one.event, trace))
}

export function referenceOf(event: number, trace: Trace): EvidenceReference {
  const line = trace.events.line[event]!
  return { file: trace.files[trace.events.file[event]!]?.path ?? trace.name, firstLine: line, lastLine: line }
}

/** The calls that most often came before, oldest first, then the allocating call. */
function usualSequence(record: ActivityRecord, trace: Trace, descriptors: DescriptorHistory): string[] {
  let usual = 0
  let most = 0
  for (const [context, count] of [...record.contexts].sort(([a], [b]) => a - b))
    if (count > most) {
      most = count
      usual = context
    }
  const calls = trace.contexts[usual]?.calls ?? []
  const telling = calls.filter((call) => !INCIDENTAL.has(call.name))
  const shown = telling.length > 0 ? telling : calls.slice(0, 1)
  return [...[...shown].reverse().map((call) => callWords(call.name, call.fd, descriptors)), record.call]
}

/** `read(5)`, `read(uploads.fifo)`, `openat`. */
function callWords(name: string, fd: number, descriptors: DescriptorHistory): string {
  if (fd === NONE || fd === AT_FDCWD) return name
  return `${name}(${descriptorWords(fd, descriptors)})`
}

/** What a descriptor stands for when it stood for one thing only; else its number. */
export function descriptorWords(fd: number, descriptors: DescriptorHistory): string {
  return descriptors.only(fd) ?? String(fd)
}
