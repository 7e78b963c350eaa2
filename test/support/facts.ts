/**
 * Builders of facts for rule tests: a healthy process with nothing to report, changed only where a test says so.
 * Times start at T0 on the captured host's clock; snapshots are 10 s apart.
 */
import { bytes, MIB, type Micros, micros, pid, SECOND, tid } from '../../src/base/units.ts'
import type {
  Activity,
  Attribution,
  MechanismAccount,
  ReplayWindow,
  ThreadAttribution,
  TraceWindow,
} from '../../src/model/attribution.ts'
import type { Facts, TraceOverview } from '../../src/model/facts.ts'
import type { MappingKind } from '../../src/model/mapping-kind.ts'
import { verbatim } from '../../src/model/sentence.ts'
import type { SideEvidence } from '../../src/model/side-evidence.ts'
import type {
  Amounts,
  Lineage,
  ProcessTimeline,
  Quantity,
  Segment,
  Shape,
  SnapshotSummary,
  Timeline,
  TimelineEvent,
  Trend,
} from '../../src/model/timeline.ts'
import { NO_SIDE_EVIDENCE } from './side-evidence.ts'

export const T0 = micros(Date.UTC(2026, 10, 22, 19, 45, 0) * 1000)
export const STEP = 10 * SECOND
export const PID = pid(4242)
export const TID = tid(4250)
export const SAMPLES = 30

const HOUR_OF_STEPS = (3600 * SECOND) / STEP

/** A judged series; `perHour` and `grown` follow each other when only one is given. */
function aTrend(over: Partial<Trend> = {}): Trend {
  const samples = over.samples ?? SAMPLES
  const steps = Math.max(1, samples - 1)
  const shape: Shape = over.shape ?? 'plateau'
  const grown = over.grown ?? (shape === 'growing' ? 40 * MIB : 0)
  const perHour = over.perHour === undefined ? (grown / steps) * HOUR_OF_STEPS : over.perHour
  return {
    quantity: 'rss',
    shape,
    samples,
    from: T0,
    to: micros(T0 + steps * STEP),
    perHour,
    low: perHour === null ? null : perHour * 0.95,
    high: perHour === null ? null : perHour * 1.05,
    grown,
    onset: shape === 'growing' || shape === 'saturating' || shape === 'step' ? T0 : null,
    noise: 64 * 1024,
    detectionLimit: 256 * 1024,
    reason: verbatim(shape),
    ...over,
  }
}

export const amounts = (over: Partial<Amounts> = {}): Amounts => ({
  size: 100 * MIB,
  rss: 50 * MIB,
  pss: 50 * MIB,
  uss: 50 * MIB,
  swap: 0,
  ranges: 60,
  anonymous: 40 * MIB,
  privateDirty: 40 * MIB,
  anonHugePages: 0,
  ...over,
})

export function aSnapshot(index: number, over: Partial<SnapshotSummary> = {}): SnapshotSummary {
  return {
    file: `smaps/smaps_${PID}_${index}`,
    pid: PID,
    time: micros(T0 + index * STEP),
    timeWidth: micros(SECOND),
    total: amounts(),
    anonymousRanges: 20,
    lazyFree: 0,
    byKind: new Map(),
    truncated: false,
    usable: true,
    ...over,
  }
}

/** Trends of one kind: every quantity that is given, the shape of the others is a plateau. */
interface KindTrends {
  readonly kind: MappingKind
  readonly rss?: Partial<Trend> | null
  readonly size?: Partial<Trend>
  readonly ranges?: Partial<Trend>
  readonly swap?: Partial<Trend>
  readonly privateDirty?: Partial<Trend>
}

const TREND_QUANTITIES = ['rss', 'size', 'ranges', 'swap', 'privateDirty'] as const

function trendsOf(given: Omit<KindTrends, 'kind'>, samples: number): Trend[] {
  const wanted: Quantity[] = TREND_QUANTITIES.filter((quantity) => given[quantity] !== null)
  return wanted.map((quantity) =>
    aTrend({ quantity, samples, ...(given[quantity as keyof typeof given] ?? {}) }),
  )
}

export interface ProcessGiven {
  readonly pid?: number
  readonly program?: string | null
  readonly samples?: number
  readonly kinds?: readonly KindTrends[]
  readonly totals?: Omit<KindTrends, 'kind'>
  readonly lineages?: readonly Lineage[]
  readonly snapshots?: readonly SnapshotSummary[]
  readonly restartOf?: number | null
  readonly last?: Partial<Amounts>
}

/** One lineage per given kind, so that findings have regions and evidence to point at. */
export function aProcess(given: ProcessGiven = {}): ProcessTimeline {
  const samples = given.samples ?? SAMPLES
  const id = pid(given.pid ?? PID)
  const kinds = given.kinds ?? []
  // What grows is mapped: the size goes with the larger of the two trends.
  const byKindAt = (part: number) =>
    new Map(
      kinds.map(({ kind, rss, size }) => {
        const grown = Math.max(size?.grown ?? 0, rss?.grown ?? 0)
        return [kind, amounts({ size: 100 * MIB + grown * part })]
      }),
    )
  const snapshots =
    given.snapshots ??
    Array.from({ length: samples }, (_, index) =>
      aSnapshot(index, {
        pid: id,
        file: `smaps/smaps_${id}_${index}`,
        byKind: byKindAt(index / Math.max(1, samples - 1)),
        total: amounts(index === samples - 1 ? given.last : {}),
      }),
    )
  const segment: Segment = {
    index: 0,
    pid: id,
    first: 0,
    last: samples - 1,
    from: T0,
    to: micros(T0 + (samples - 1) * STEP),
    totals: trendsOf(given.totals ?? {}, samples),
    byKind: kinds.map(({ kind, ...rest }) => ({ kind, trends: trendsOf(rest, samples) })),
  }
  return {
    pid: id,
    program: given.program === undefined ? 'exampled' : given.program,
    executable: null,
    snapshots,
    segments: samples > 0 ? [segment] : [],
    lineages:
      given.lineages ??
      kinds.map(({ kind, rss, size }, index) =>
        aLineage({ id: `L${index + 1}`, pid: id, kind, samples, rss, size }),
      ),
    pairs: [],
    firstToLast: null,
    restartOf: given.restartOf == null ? null : pid(given.restartOf),
  }
}

/** A lineage at a fixed place whose points follow its trends linearly. */
export function aLineage(
  given: {
    id?: string
    pid?: number
    kind?: MappingKind
    name?: string
    samples?: number
    start?: number
    rss?: Partial<Trend> | null | undefined
    size?: Partial<Trend> | undefined
    kindBasis?: Lineage['kindBasis']
  } = {},
): Lineage {
  const samples = given.samples ?? SAMPLES
  const start = given.start ?? 0x7f00_0000_0000
  const size = aTrend({ quantity: 'size', samples, ...given.size })
  const rss = given.rss === null ? null : aTrend({ samples, ...given.rss })
  const level = 10 * MIB
  return {
    id: given.id ?? 'L1',
    pid: pid(given.pid ?? PID),
    segment: 0,
    kind: given.kind ?? 'anonymous',
    kindBasis: given.kindBasis ?? 'layout',
    name: given.name ?? '',
    line: 1,
    points: Array.from({ length: samples }, (_, index) => {
      const part = samples > 1 ? index / (samples - 1) : 0
      const length = level + Math.max(size.grown, rss?.grown ?? 0) * part
      return {
        time: micros(T0 + index * STEP),
        snapshot: index,
        start,
        end: start + Math.ceil(length / 4096) * 4096,
        size: length,
        rss: rss === null ? null : level + rss.grown * part,
        ranges: 1,
      }
    }),
    size,
    rss,
  }
}

export const aTimeline = (
  processes: readonly ProcessTimeline[] = [aProcess()],
  events: readonly TimelineEvent[] = [],
): Timeline => ({ processes, events, untimed: [] })

/** An account in which one thread made everything that is live. */
export function anAccount(over: Partial<MechanismAccount> & { live?: number } = {}): MechanismAccount {
  const { live = 10 * MIB, ...rest } = over
  return {
    pid: PID,
    trace: 'strace/exampled',
    mechanism: 'mmap-anon',
    subject: '',
    from: micros(T0 + 60 * SECOND),
    to: micros(T0 + 180 * SECOND),
    span: micros(120 * SECOND),
    shares: [
      {
        tid: TID,
        acquiredBytes: bytes(live * 3),
        releasedBytes: bytes(live * 2),
        liveBytes: bytes(live),
        calls: 90,
        liveCount: 30,
        share: 1,
      },
    ],
    acquiredBytes: bytes(live * 3),
    releasedBytes: bytes(live * 2),
    liveBytes: bytes(live),
    overdueCount: 30,
    bytesPerHour: live * 30,
    culprit: { tid: TID, certainty: 'certain' },
    culpritReason: verbatim('the replay proves it'),
    regions: [],
    references: [{ file: 'strace/exampled.4250', firstLine: 10, lastLine: 10 }],
    ...rest,
  }
}

export function anActivity(over: Partial<Activity> = {}): Activity {
  return {
    tid: TID,
    mechanism: 'mmap-anon',
    sequence: ['read(5)', 'mmap'],
    text: verbatim('read(5) → mmap 256 KiB–1 MiB'),
    smallest: bytes(256 * 1024),
    largest: bytes(MIB),
    count: 90,
    bytes: bytes(30 * MIB),
    released: 60,
    releasedBytes: bytes(20 * MIB),
    medianLifetime: micros(20_000),
    longestLifetime: micros(30_000),
    never: 30,
    neverBytes: bytes(10 * MIB),
    oldestAge: micros(110 * SECOND),
    references: [],
    ...over,
  }
}

export function aThread(over: Partial<ThreadAttribution> = {}): ThreadAttribution {
  return {
    pid: PID,
    tid: TID,
    name: 'worker',
    nameSource: 'prctl',
    role: verbatim('reads descriptor 5'),
    createdBy: null,
    createdAt: null,
    endedAt: null,
    traced: true,
    memory: {
      mmapBytes: bytes(30 * MIB),
      munmapBytes: bytes(20 * MIB),
      brkBytes: bytes(0),
      brkUpBytes: bytes(0),
      brkDownBytes: bytes(0),
      mprotectBytes: bytes(0),
      mremapBytes: bytes(0),
      netBytes: bytes(10 * MIB),
      liveBytes: bytes(10 * MIB),
    },
    syscalls: [],
    activities: [anActivity()],
    callsOverTime: [],
    liveOverTime: [],
    ages: [],
    ...over,
  }
}

export function aWindow(over: Partial<TraceWindow> = {}): TraceWindow {
  return {
    trace: 'strace/exampled',
    pids: [PID],
    from: micros(T0 + 60 * SECOND),
    to: micros(T0 + 180 * SECOND),
    threads: 6,
    untracedThreads: 0,
    homelessThreads: 0,
    events: 400,
    conflicts: 0,
    order: 'effect',
    notes: [],
    ...over,
  }
}

export const aReplay = (over: Partial<ReplayWindow> = {}): ReplayWindow => ({
  pid: PID,
  trace: 'strace/exampled',
  fromFile: 'a',
  toFile: 'b',
  from: T0,
  to: T0,
  tracedBytes: bytes(0),
  ownedBytes: bytes(0),
  unexplainedBytes: bytes(0),
  absentBytes: bytes(0),
  changedPages: 0,
  differingPages: 0,
  conflicts: 0,
  agreement: 1,
  reasons: [],
  ...over,
})

export const NO_ATTRIBUTION: Attribution = {
  windows: [],
  replays: [],
  contradictions: [],
  accounts: [],
  threads: [],
  descriptors: [],
  allocator: [],
  owners: [],
}

/** Attribution of one traced window with the given accounts. */
export const anAttribution = (over: Partial<Attribution> = {}): Attribution => ({
  ...NO_ATTRIBUTION,
  windows: [aWindow()],
  threads: [aThread()],
  ...over,
})

function anOverview(over: Partial<TraceOverview> = {}): TraceOverview {
  return {
    name: 'strace/exampled',
    form: 'per-thread',
    files: [],
    hasDurations: true,
    hasStacks: false,
    hasDescriptorNames: false,
    coverage: 'all',
    calls: 4000,
    ...over,
  }
}

export interface FactsGiven {
  readonly timeline?: Timeline
  readonly attribution?: Attribution
  readonly side?: Partial<SideEvidence>
  readonly limit?: Facts['limit']
  readonly traces?: readonly TraceOverview[]
}

/** Facts of a capture; without `attribution` nothing was traced. */
export function theFacts(given: FactsGiven = {}): Facts {
  const attribution = given.attribution ?? NO_ATTRIBUTION
  return {
    timeline: given.timeline ?? aTimeline(),
    clocks: attribution.windows.map(({ trace }) => ({
      trace,
      offset: micros(0) as Micros,
      basis: 'agreement',
      reason: verbatim('agrees'),
    })),
    traces: given.traces ?? (attribution.windows.length ? [anOverview()] : []),
    attribution,
    side: { ...NO_SIDE_EVIDENCE, ...given.side },
    summaries: [],
    limit: given.limit ?? null,
  }
}
