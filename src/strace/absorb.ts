import { LineMarks } from '../base/line-marks.ts'
import type { HandedTrace } from './handed-trace.ts'
import type { ReadFile } from './read-share.ts'
import { withLinesBefore } from './tally.ts'
import type { TraceBuilder } from './trace-builder.ts'

/**
 * Whether the files that a builder was told by, and those that others have read, can be put together. They cannot when
 * reading them one after the other could have given something else:
 *   - a line told of what lines of other files depend on (`TraceBuilder.crossesFiles`): an execve that goes on in another
 *     thread's file, a thread that gets its number late, the personality of a process,
 *   - a thread has lines on two sides,
 *   - their times count from different bases.
 */
export function areSeparate(builder: TraceBuilder, others: readonly HandedTrace[]): boolean {
  if (builder.crossesFiles) return false
  const bases = [builder.events.base, ...others.map(({ events }) => events.base)]
  if (new Set(bases.filter((base) => !Number.isNaN(base))).size > 1) return false
  const seen = new Set(builder.threads.filter((thread) => thread.lines > 0).map((thread) => thread.tid))
  for (const { threads } of others)
    for (const { tid, lines } of threads) {
      if (lines === 0) continue
      if (seen.has(tid)) return false
      seen.add(tid)
    }
  return true
}

/**
 * Adds to a builder what another thread has read of the files behind its own: then it is as if it had read them itself.
 * Only for what is separate; nothing can be read into the builder afterwards. Returns those files.
 */
export function absorb(builder: TraceBuilder, handed: HandedTrace): ReadFile[] {
  const strings = Uint32Array.from(handed.strings, (text) => builder.strings.intern(text))
  const names = Int32Array.from(handed.names, (text) => {
    const bytes = Buffer.from(text, 'latin1')
    return builder.names.number(bytes, 0, bytes.length)
  })
  const threads = Int32Array.from(handed.threads, (read) => {
    const thread = builder.thread(read.tid)
    thread.absorb(read)
    return thread.index
  })
  const rows = builder.statistics.absorb(handed.statistics, threads, names)
  const context = builder.contexts.absorb(handed.contexts, rows)
  const forms = builder.events.absorbForms(handed.events, threads, strings)
  const events = builder.events.length
  const descriptors = builder.descriptors.length
  builder.events.absorb(handed.events, { forms, strings, context })
  builder.descriptors.absorb(handed.descriptors, threads, strings)
  for (const row of handed.makerRows) builder.makerRows.push(events + row)
  for (const row of handed.pageOffsetRows) builder.pageOffsetRows.push(events + row)
  builder.pageOffsets ||= handed.pageOffsets
  builder.hasDurations ||= handed.hasDurations
  builder.hasStacks ||= handed.hasStacks
  builder.hasDescriptorNames ||= handed.hasDescriptorNames
  const omitted = absorbSignals(builder, handed, threads)
  return handed.files.map((read) => ({
    ...read,
    file: { ...read.file, ...marksOf(read) },
    oddities: withOmitted(read, omitted),
    events: events + read.events,
    eventsEnd: events + read.eventsEnd,
    descriptors: descriptors + read.descriptors,
    descriptorsEnd: descriptors + read.descriptorsEnd,
  }))
}

/** Keeps as many signals as there is still room for; returns the lines of the others by file. */
function absorbSignals(
  builder: TraceBuilder,
  { signals }: HandedTrace,
  threads: Int32Array,
): ReadonlyMap<string, number[]> {
  const omitted = new Map<string, number[]>()
  for (const { thread, time, text, reference } of signals) {
    if (builder.signal(threads[thread]!, time, text, reference)) continue
    const lines = omitted.get(reference.file) ?? []
    lines.push(reference.firstLine)
    omitted.set(reference.file, lines)
  }
  return omitted
}

function withOmitted(read: ReadFile, omitted: ReadonlyMap<string, number[]>): ReadFile['oddities'] {
  const lines = omitted.get(read.file.path)
  return lines ? withLinesBefore(read.oddities, 'strace-signals-omitted', lines) : read.oddities
}

/** The marks of a file again as what they were before they were sent. */
function marksOf({ file: { marks } }: ReadFile): { marks?: LineMarks } {
  return marks ? { marks: new LineMarks(marks.lines, marks.offsets) } : {}
}
