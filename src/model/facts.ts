import type { LineMarks } from '../base/line-marks.ts'
import type { Bytes } from '../base/units.ts'
import type { Attribution } from './attribution.ts'
import type { SideEvidence } from './side-evidence.ts'
import type { ClockChoice, Timeline } from './timeline.ts'
import type { SummaryTable } from './trace.ts'

/** What a trace holds beside its events: kept after the events were replayed and dropped. */
export interface TraceOverview {
  readonly name: string
  readonly form: 'per-thread' | 'interleaved' | 'single'
  readonly files: readonly {
    readonly path: string
    readonly tid: number | null
    readonly lines: number
    readonly bytes: number
    readonly marks?: LineMarks
  }[]
  readonly hasDurations: boolean
  readonly hasStacks: boolean
  readonly hasDescriptorNames: boolean
  readonly coverage: 'all' | 'memory' | 'some'
  readonly calls: number
}

/** Everything the rules may read. A rule's `needs` narrows it. */
export interface Facts {
  readonly timeline: Timeline
  readonly clocks: readonly ClockChoice[]
  readonly traces: readonly TraceOverview[]
  readonly attribution: Attribution
  readonly side: SideEvidence
  readonly summaries: readonly SummaryTable[]
  /** `--limit`, or the tightest memory limit in the evidence; `null` when neither is there. */
  readonly limit: { readonly bytes: Bytes; readonly source: 'option' | 'evidence' } | null
}
