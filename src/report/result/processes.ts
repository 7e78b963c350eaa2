/** Processes, snapshots, events, changes and lineages: the part of the document that snapshots alone give. */
import { greatest } from '../../base/extremes.ts'
import { endsOf } from '../../model/lineage-ends.ts'
import type {
  Amounts,
  Lineage,
  SnapshotPair as ModelPair,
  ProcessTimeline,
  SnapshotSummary,
  Trend,
} from '../../model/timeline.ts'
import type { ReportDocument, ReportTrend } from '../document.ts'
import type { ReportInput } from '../input.ts'
import { LIST_BUDGETS } from './omissions.ts'
import { toldEvents } from './told-events.ts'
import { toldOfEach, toldProcesses, toldTrends } from './told-processes.ts'
import { placesKept, shareOut, toldPairs, toldSnapshots } from './told-snapshots.ts'
import { verdictOf } from './verdicts.ts'
import { finite, type Writer, whole, wholeOrZero } from './writer.ts'

type Pair = ReportDocument['timeline'][number]
type Process = ReportDocument['processes'][number]
type ReportSnapshot = ReportDocument['snapshots'][number]
type ReportLineage = ReportDocument['lineages'][number]

const trendOf = (trend: Trend, write: Writer): ReportTrend => ({
  quantity: trend.quantity,
  shape: trend.shape,
  bytesPerHour: finite(trend.perHour),
  low: finite(trend.low),
  high: finite(trend.high),
  grownBytes: wholeOrZero(trend.grown),
  samples: trend.samples,
  from: write.time(trend.from),
  to: write.time(trend.to),
  onset: write.timeOrNull(trend.onset),
  noiseBytes: wholeOrZero(trend.noise),
  detectionLimitBytes: wholeOrZero(trend.detectionLimit),
  reason: write.say(trend.reason),
})

const amountsOf = (amounts: Amounts) => ({
  sizeBytes: wholeOrZero(amounts.size),
  rssBytes: whole(amounts.rss),
  pssBytes: whole(amounts.pss),
  ussBytes: whole(amounts.uss),
  swapBytes: whole(amounts.swap),
  anonymousBytes: whole(amounts.anonymous),
  privateDirtyBytes: whole(amounts.privateDirty),
  anonHugePagesBytes: whole(amounts.anonHugePages),
  ranges: amounts.ranges,
})

export function processesOf(input: ReportInput, write: Writer): Process[] {
  const told = toldProcesses(input, write.omissions)
  const shown = toldTrends(told, write.omissions)
  return told.map(({ process, verdict }) => {
    const usable = process.snapshots.filter((snapshot) => snapshot.usable)
    const allocator = input.facts.attribution.allocator.find((entry) => entry.pid === process.pid)
    return {
      pid: process.pid,
      program: write.nameOrNull(process.program),
      executable: process.executable === null ? null : write.path(process.executable),
      restartOf: process.restartOf,
      samples: process.snapshots.length,
      firstSample: write.timeOrNull(process.snapshots[0]?.time ?? null),
      lastSample: write.timeOrNull(process.snapshots.at(-1)?.time ?? null),
      segments: process.segments.map((segment) => ({
        from: write.time(segment.from),
        to: write.time(segment.to),
        samples: segment.last - segment.first + 1,
        trends: (shown.totals.has(segment) ? segment.totals : []).map((trend) => trendOf(trend, write)),
        byKind: (shown.byKind.has(segment) ? segment.byKind : []).map(({ kind, trends }) => ({
          kind,
          trends: trends.map((trend) => trendOf(trend, write)),
        })),
      })),
      totals: {
        first: usable[0] ? amountsOf(usable[0].total) : null,
        last: usable.length > 0 ? amountsOf(usable.at(-1)!.total) : null,
        highest: highestOf(process),
      },
      verdict: verdictOf(verdict, write),
      allocator: allocator ? { name: allocator.name, basis: write.say(allocator.basis) } : null,
    }
  })
}

/** Of each amount the most that a snapshot shows, a cut one among them; a rollup does not tell how many ranges there are. */
function highestOf({ snapshots }: ProcessTimeline): Process['totals']['highest'] {
  const most = (values: readonly (number | null)[]) => whole(greatest(values.flatMap((value) => value ?? [])))
  return {
    rssBytes: most(snapshots.map(({ total }) => total.rss)),
    ranges: most(snapshots.map(({ total, byKind }) => (byKind.has('rollup') ? null : total.ranges))),
  }
}

export function snapshotsOf(input: ReportInput, write: Writer): ReportSnapshot[] {
  return toldSnapshots(input, write.omissions).map((snapshot) => snapshotOf(snapshot, write))
}

function snapshotOf(snapshot: SnapshotSummary, write: Writer): ReportSnapshot {
  const { total } = snapshot
  return {
    pid: snapshot.pid,
    time: write.time(snapshot.time),
    file: write.path(snapshot.file),
    vmaCount: total.ranges,
    anonymousVmaCount: snapshot.anonymousRanges,
    sizeBytes: wholeOrZero(total.size),
    rssBytes: whole(total.rss),
    pssBytes: whole(total.pss),
    ussBytes: whole(total.uss),
    swapBytes: whole(total.swap),
    heapBytes: wholeOrZero(snapshot.byKind.get('main-heap')?.size ?? 0),
    truncated: snapshot.truncated,
    byKind: [...snapshot.byKind]
      .map(([kind, amounts]) => ({
        kind,
        sizeBytes: wholeOrZero(amounts.size),
        rssBytes: whole(amounts.rss),
        ranges: amounts.ranges,
      }))
      .sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0)),
  }
}

export function eventsOf(input: ReportInput, write: Writer): ReportDocument['events'] {
  return toldEvents(input.facts.timeline.events, write.omissions).map((event) => ({
    kind: event.kind,
    pid: event.pid,
    from: write.timeOrNull(event.from),
    to: write.timeOrNull(event.to),
    text: write.say(event.text),
    evidence: write.evidence(event.references),
  }))
}

function pairOf(
  pair: ModelPair,
  budget: number,
  list: Parameters<Writer['omissions']['count']>[0],
  write: Writer,
): Pair {
  const moved = (change: ModelPair['changes'][number]) =>
    Math.max(Math.abs(change.sizeDelta), Math.abs(change.rssDelta ?? 0))
  const sorted = [...pair.changes].sort((a, b) => moved(b) - moved(a) || a.start - b.start)
  const kept = sorted.slice(0, budget)
  write.omissions.count(list, sorted.length - kept.length)
  return {
    pid: pair.pid,
    from: write.time(pair.from),
    to: write.time(pair.to),
    fromFile: write.path(pair.fromFile),
    toFile: write.path(pair.toFile),
    changes: kept.map((change) => ({
      kind: change.kind,
      region: write.region(change, change.mappingKind),
      lineage: change.lineage,
      sizeDelta: wholeOrZero(change.sizeDelta),
      rssDelta: whole(change.rssDelta),
      line: change.line,
    })),
    omitted: sorted.length - kept.length,
  }
}

/** Neighbouring snapshots, each with its largest changes. */
export function timelineOf(input: ReportInput, write: Writer): Pair[] {
  const pairs = toldPairs(input, write.omissions)
  const budget = Math.max(3, Math.floor(LIST_BUDGETS['timeline.changes'] / Math.max(1, pairs.length)))
  return pairs.map((pair) => pairOf(pair, budget, 'timeline.changes', write))
}

/** First against last usable snapshot of every process. */
export function firstToLastOf(input: ReportInput, write: Writer): Pair[] {
  const lastOf = ({ firstToLast }: ProcessTimeline) => (firstToLast ? [firstToLast] : [])
  const pairs = toldOfEach(input, 'firstToLast', lastOf, write.omissions)
  const budget = Math.max(3, Math.floor(LIST_BUDGETS['firstToLast.changes'] / Math.max(1, pairs.length)))
  return pairs.map((pair) => pairOf(pair, budget, 'firstToLast.changes', write))
}

/** The most a lineage moved: over its judged end, or from its first to its last sight, whichever is more. */
const growthOf = (lineage: Lineage): number => {
  const { rss, size } = lineage
  const { first, last } = endsOf(lineage)
  const seen = (key: 'rss' | 'size') => Math.abs((last?.[key] ?? 0) - (first?.[key] ?? 0))
  return Math.max(Math.abs(rss?.grown ?? 0), Math.abs(size.grown), seen('rss'), seen('size'))
}

/** Lineages by how much they moved, then by size, so that a cut leaves out those that stood still. */
export function lineagesOf(input: ReportInput, write: Writer): ReportLineage[] {
  const all = input.facts.timeline.processes
    .flatMap((process: ProcessTimeline) => process.lineages)
    .map((lineage) => ({ lineage, growth: growthOf(lineage), size: endsOf(lineage).last?.size ?? 0 }))
    .sort(
      (a, b) =>
        b.growth - a.growth ||
        b.size - a.size ||
        a.lineage.pid - b.lineage.pid ||
        (a.lineage.id < b.lineage.id ? -1 : 1),
    )
    .map(({ lineage }) => lineage)
  const told = write.omissions.cut('lineages', all)
  const rooms = shareOut(
    told.map(({ points }) => points.length),
    LIST_BUDGETS['lineages.regions'],
  )
  return told.map((lineage, at) => {
    const { points } = lineage
    const values = points.map((point) => point.rss ?? point.size)
    const kept = placesKept(values, rooms[at]!).map((place) => points[place]!)
    write.omissions.count('lineages.regions', points.length - kept.length)
    return {
      id: lineage.id,
      pid: lineage.pid,
      kind: lineage.kind,
      kindBasis: lineage.kindBasis,
      name: write.path(lineage.name),
      segment: lineage.segment,
      regions: kept.map((point) => ({
        time: write.time(point.time),
        start: write.address(point.start),
        end: write.address(point.end),
        sizeBytes: wholeOrZero(point.size),
        rssBytes: whole(point.rss),
        ranges: point.ranges,
      })),
      trend: trendOf(lineage.rss ?? lineage.size, write),
      sizeTrend: trendOf(lineage.size, write),
    }
  })
}
