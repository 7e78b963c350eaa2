import type { DescriptorEvents } from '../model/trace.ts'
import type { HandedContexts } from './contexts.ts'
import type { HandedRows } from './handed-rows.ts'
import type { ReadFile } from './read-share.ts'
import type { HandedCounts } from './statistics.ts'
import type { HandedThread } from './threads.ts'
import type { TraceBuilder } from './trace-builder.ts'

/**
 * What one thread has read of a run, for another one of this process: plain data that can be sent, and the memory calls
 * in an open file. Numbers are the sender's: of strings, names, threads, statistics, contexts, forms and rows.
 */
export interface HandedTrace {
  readonly files: readonly ReadFile[]
  readonly strings: readonly string[]
  readonly names: readonly string[]
  readonly threads: readonly HandedThread[]
  readonly statistics: HandedCounts
  readonly contexts: HandedContexts
  readonly events: HandedRows
  readonly descriptors: DescriptorEvents
  readonly signals: TraceBuilder['signals']
  readonly makerRows: readonly number[]
  readonly pageOffsetRows: readonly number[]
  readonly pageOffsets: boolean
  readonly hasDurations: boolean
  readonly hasStacks: boolean
  readonly hasDescriptorNames: boolean
}

/** Takes out of a builder what it was told by these files; `null` when that cannot be understood without other files. */
export function handOver(builder: TraceBuilder, files: readonly ReadFile[]): HandedTrace | null {
  if (builder.crossesFiles) return null
  const { statistics } = builder
  return {
    files,
    strings: builder.strings.texts(),
    names: builder.names.texts(),
    threads: builder.threads.map((thread) => thread.handOver()),
    statistics: statistics.handOver(),
    contexts: builder.contexts.handOver((row) => statistics.handedRow(row)),
    events: builder.events.handOver(),
    descriptors: builder.descriptors.handOver(),
    signals: builder.signals,
    makerRows: builder.makerRows,
    pageOffsetRows: builder.pageOffsetRows,
    pageOffsets: builder.pageOffsets,
    hasDurations: builder.hasDurations,
    hasStacks: builder.hasStacks,
    hasDescriptorNames: builder.hasDescriptorNames,
  }
}
