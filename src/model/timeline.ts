import type { Bytes, Micros, Pid } from '../base/units.ts'
import type { EvidenceReference } from './evidence.ts'
import type { MappingKind } from './mapping-kind.ts'
import type { Sentence } from './sentence.ts'

/** The quantities that a series can follow. `uss` is Private_Clean + Private_Dirty. */
export const QUANTITIES = [
  'size',
  'rss',
  'pss',
  'uss',
  'swap',
  'ranges',
  'anonymous',
  'privateDirty',
  'anonHugePages',
] as const
export type Quantity = (typeof QUANTITIES)[number]

/** Fewest samples that are judged: below, any shape fits. */
export const LEAST_SAMPLES = 8

/** Sums over mappings, bytes (`ranges`: a count). `null` where the snapshot's text does not carry the field. */
export type Amounts = { readonly [Q in Quantity]: number | null } & {
  readonly size: number
  readonly ranges: number
}

/** One snapshot, summed up. */
export interface SnapshotSummary {
  readonly file: string
  readonly pid: Pid
  readonly time: Micros
  readonly timeWidth: Micros
  readonly total: Amounts
  readonly anonymousRanges: number
  /** Pages given back by MADV_FREE that the kernel has not taken yet, bytes; `null` where the text does not tell. */
  readonly lazyFree: number | null
  readonly byKind: ReadonlyMap<MappingKind, Amounts>
  readonly truncated: boolean
  /** Usable in trends: whole, ordered, with mappings. */
  readonly usable: boolean
}

export type ChangeKind =
  | 'appeared'
  | 'grew'
  | 'shrank'
  | 'split'
  | 'merged'
  | 'reprotected'
  | 'moved'
  | 'unmapped'
  | 'touched'

/** One step of one lineage between two neighbouring snapshots. */
export interface Change {
  readonly kind: ChangeKind
  readonly lineage: string
  readonly mappingKind: MappingKind
  readonly name: string
  readonly start: number
  readonly end: number
  readonly sizeDelta: Bytes
  /** `null` when either side does not know Rss. */
  readonly rssDelta: Bytes | null
  /** Header line of the region in the later snapshot (in the earlier one for `unmapped`). */
  readonly line: number
}

/** Everything that changed between two neighbouring usable snapshots of one process. */
export interface SnapshotPair {
  readonly pid: Pid
  readonly from: Micros
  readonly to: Micros
  readonly fromFile: string
  readonly toFile: string
  readonly changes: readonly Change[]
  /** Smallest changes, left out for the budget and summed up; absent when none were. */
  readonly omitted?: {
    readonly count: number
    readonly sizeDelta: Bytes
    readonly rssDelta: Bytes | null
  }
}

export type Shape = 'growing' | 'saturating' | 'step' | 'sawtooth' | 'plateau' | 'shrinking' | 'too-short'

/** A judged series. Rates are per hour of capture time, with a 95 % interval; NaN never appears. */
export interface Trend {
  readonly quantity: Quantity
  readonly shape: Shape
  readonly samples: number
  readonly from: Micros
  readonly to: Micros
  /** Theil–Sen slope after the warm-up was cut off; `null` when too short. Bytes (or ranges) an hour. */
  readonly perHour: number | null
  readonly low: number | null
  readonly high: number | null
  /** Last minus first level over the judged part, from the fitted line (robust), bytes. */
  readonly grown: number
  /** When the judged growth starts (change-point); `null` unless growing, saturating or step. */
  readonly onset: Micros | null
  /** Scatter of the residuals (robust), bytes. */
  readonly noise: number
  /** Growth over this span that would have been seen as growing. */
  readonly detectionLimit: number
  /** Why this shape, for the method section. */
  readonly reason: Sentence
}

export interface LineagePoint {
  readonly time: Micros
  /** Index into `ProcessTimeline.snapshots`. */
  readonly snapshot: number
  /** Lowest start and highest end of the lineage's ranges at that time. */
  readonly start: number
  readonly end: number
  readonly size: number
  readonly rss: number | null
  readonly ranges: number
}

/** One mapping's history, followed by overlap of bytes, never by start address. */
export interface Lineage {
  /** `L<n>`, stable for the same evidence. */
  readonly id: string
  readonly pid: Pid
  readonly segment: number
  readonly kind: MappingKind
  /** How sure the kind is: by name, by layout, or a guess. */
  readonly kindBasis: 'name' | 'layout' | 'guess'
  readonly name: string
  /** Header line of its largest range in the snapshot of its last point; `null` when it was gone before the end. */
  readonly line: number | null
  /** Its first and last sight, and each point that differs from the one before or behind it. */
  readonly points: readonly LineagePoint[]
  readonly size: Trend
  /** `null` when the snapshots carry no Rss. */
  readonly rss: Trend | null
}

/** A run of snapshots of one process without restart; no trend runs across two segments. */
export interface Segment {
  readonly index: number
  readonly pid: Pid
  /** Where another program ran than the one that the process is called after. */
  readonly otherProgram?: string
  /** Indexes into `ProcessTimeline.snapshots`, both inclusive. */
  readonly first: number
  readonly last: number
  readonly from: Micros
  readonly to: Micros
  /** Judged totals and kinds of this segment. */
  readonly totals: readonly Trend[]
  readonly byKind: readonly { readonly kind: MappingKind; readonly trends: readonly Trend[] }[]
}

export interface TimelineEvent {
  readonly kind: 'restart' | 'start' | 'end' | 'absent' | 'gap' | 'cut-snapshot' | 'kill' | 'clock-step'
  readonly pid: Pid | null
  /** `null` where the evidence of it carries no time of day. */
  readonly from: Micros | null
  readonly to: Micros | null
  readonly text: Sentence
  readonly references: readonly EvidenceReference[]
}

export interface ProcessTimeline {
  readonly pid: Pid
  readonly program: string | null
  /** Executable as mapped, when a snapshot shows it. */
  readonly executable: string | null
  readonly snapshots: readonly SnapshotSummary[]
  readonly segments: readonly Segment[]
  readonly lineages: readonly Lineage[]
  readonly pairs: readonly SnapshotPair[]
  /** First usable snapshot of the last segment against its last. */
  readonly firstToLast: SnapshotPair | null
  /** Earlier process of the same program that was gone when this one came: this is its restart, or another worker. */
  readonly restartOf: Pid | null
  /** Lineages left out for the budget, those that changed least; absent when none were. */
  readonly lineagesOmitted?: number
}

/** Where a trace's own clock lies on the host's wall clock, and why. */
export interface ClockChoice {
  readonly trace: string
  /** Add to the trace's times to get the host's wall clock. `null`: the trace cannot be placed. */
  readonly offset: Micros | null
  readonly basis: 'option' | 'agreement' | 'overlap' | 'only-day' | 'none'
  readonly reason: Sentence
}

/** A snapshot that has no place on the time line, because neither its name nor its text tells when it was taken. */
export interface UntimedSnapshot {
  readonly file: string
  readonly pid: Pid | null
  readonly total: Amounts
  readonly truncated: boolean
  /** By Rss, by size where that is not known. */
  readonly largest: readonly {
    readonly kind: MappingKind
    readonly name: string
    readonly start: number
    readonly bytes: Bytes
  }[]
}

export interface Timeline {
  readonly processes: readonly ProcessTimeline[]
  readonly events: readonly TimelineEvent[]
  /** The first few of those without a stamp. */
  readonly untimed: readonly UntimedSnapshot[]
}
