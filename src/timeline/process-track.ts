import { leafOf } from '../base/path-parts.ts'
import { HOUR, type Micros, type Pid } from '../base/units.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { ReadSnapshot } from '../model/snapshot.ts'
import type { ProcessTimeline, Segment, SnapshotSummary, TimelineEvent } from '../model/timeline.ts'
import { sumUp } from './amounts.ts'
import { Axis } from './axis.ts'
import { firstToLast, type PendingPair, pairOf, publish, trim } from './changes.ts'
import { eventOf, fileReference } from './events.ts'
import { executableOf, sameProcess } from './identity.ts'
import { headerLines, type Layout, layoutOf, type Names } from './layout.ts'
import { LineageTracker } from './lineage-tracker.ts'
import { chooseLineages, lineageOf, MOST_LINEAGES } from './lineages.ts'
import { RecentIntervals } from './recent-intervals.ts'
import type { TrackedLineage, TrackedLineages } from './tracked-lineage.ts'
import { judgeSegment } from './trends.ts'

/** A segment while it is followed. */
interface OpenSegment {
  readonly tracker: LineageTracker
  readonly snapshots: number[]
  /** Those that show ranges, so that mappings could be followed. */
  readonly followed: number[]
  first: Layout | null
  last: Layout | null
  executable: string | null
  program: string | null
}

/** A pause of this many usual intervals cuts the series: what happened meanwhile is not known. */
const GAP_INTERVALS = 10
/** Change objects kept for one process; beyond, every pair keeps its largest ones only. */
const MOST_CHANGES = 250_000

/**
 * Whether exactly one clock hour is missing, from the last sample before a full hour to the first after the next one:
 * summer time began, or the clock was set. (When it ends, an hour comes twice; names cannot show that.)
 */
function clockStepped(before: Micros, after: Micros, usual: number): boolean {
  const from = Math.ceil(before / HOUR) * HOUR
  return (
    usual <= HOUR / 2 &&
    from - before <= usual * 1.1 &&
    after >= from + HOUR &&
    after - from - HOUR <= usual * 1.1
  )
}

/** Follows one process: sums every snapshot up, cuts the run into segments, tracks its mappings. */
export class ProcessTrack {
  readonly pid: Pid
  readonly events: TimelineEvent[] = []
  program: string | null = null
  readonly summaries: SnapshotSummary[] = []
  readonly #names: Names
  readonly #diagnostics: Diagnostics
  readonly #segments: OpenSegment[] = []
  readonly #pairs: { readonly segment: number; readonly pair: PendingPair }[] = []
  #changes = 0
  #changesPerPair = 4096
  readonly #intervals = new RecentIntervals()
  #lastTime: Micros | null = null
  /** One that is followed no more, for the columns of the next. */
  #spare: Layout | null = null

  constructor(pid: Pid, names: Names, diagnostics: Diagnostics) {
    this.pid = pid
    this.#names = names
    this.#diagnostics = diagnostics
  }

  get firstTime(): Micros {
    return this.summaries[0]!.time
  }

  get lastTime(): Micros {
    return this.summaries[this.summaries.length - 1]!.time
  }

  /**
   * The one that was watched longest, in all segments that know theirs: a script that starts a service by `exec` runs
   * before it, for a moment, and gaps cut the time of a service into many segments.
   */
  get executable(): string | null {
    return this.#ofLongest('executable')
  }

  #ofLongest(what: 'executable' | 'program'): string | null {
    const spans = new Map<string, number>()
    for (const segment of this.#segments) {
      const name = segment[what]
      if (name !== null) spans.set(name, (spans.get(name) ?? 0) + this.#span(segment))
    }
    return [...spans].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
  }

  #span({ snapshots }: OpenSegment): number {
    return this.summaries[snapshots.at(-1)!]!.time - this.summaries[snapshots[0]!]!.time
  }

  /** Takes the next snapshot in time; keeps nothing of it but sums and a copy of its columns. */
  add(snapshot: ReadSnapshot, time: Micros): void {
    const index = this.summaries.length
    if (index > 0 && this.lastTime === time) this.#diagnostics.report('snapshots-same-time', snapshot.file)
    const usable = !snapshot.truncated && snapshot.mappings.length > 0
    this.summaries.push({
      file: snapshot.file,
      pid: this.pid,
      time,
      timeWidth: snapshot.timeWidth,
      ...sumUp(snapshot, this.summaries.at(-1)),
      truncated: snapshot.truncated,
      usable,
    })
    this.program ??= snapshot.program
    if (!usable) {
      if (snapshot.truncated)
        this.events.push(
          eventOf('cut-snapshot', 'cut-snapshot', this.pid, time, time, fileReference(snapshot.file)),
        )
      return
    }
    const layout = snapshot.detail === 'rollup' ? null : layoutOf(snapshot, time, this.#names, this.#spare)
    if (layout) this.#spare = null
    const segment = this.#segmentFor(layout, time, snapshot.file)
    segment.snapshots.push(index)
    segment.program ??= snapshot.program
    if (layout) this.#follow(segment, layout, index)
  }

  #segmentFor(layout: Layout | null, time: Micros, file: string): OpenSegment {
    const current = this.#segments[this.#segments.length - 1]
    const before = this.#lastTime
    this.#lastTime = time
    if (!current || before === null) return this.#open()
    const last = current.last
    if (layout && last && !sameProcess(last, layout, this.#names)) {
      this.events.push(eventOf('restart', 'restart-in-place', this.pid, before, time, fileReference(file)))
      return this.#open()
    }
    const interval = time - before
    const usual = this.#intervals.usual
    if (usual !== null && clockStepped(before, time, usual)) {
      this.events.push(eventOf('clock-step', 'clock-step', this.pid, before, time, fileReference(file)))
      return this.#open()
    }
    if (usual !== null && interval > GAP_INTERVALS * usual) {
      this.events.push(
        eventOf('gap', 'gap', this.pid, before, time, fileReference(file), { count: GAP_INTERVALS }),
      )
      return this.#open()
    }
    if (interval > 0) this.#intervals.add(interval)
    return current
  }

  #open(): OpenSegment {
    const segment = {
      tracker: new LineageTracker(),
      snapshots: [],
      followed: [],
      first: null,
      last: null,
      executable: null,
      program: null,
    }
    this.#segments.push(segment)
    return segment
  }

  #follow(segment: OpenSegment, layout: Layout, index: number): void {
    const previous = segment.last
    const steps = segment.tracker.add(layout, index)
    segment.followed.push(index)
    segment.first ??= layout
    segment.last = layout
    segment.executable ??= executableOf(layout, this.#names)
    if (!previous) return
    const pair = pairOf(previous, layout, steps)
    if (previous !== segment.first) this.#spare = previous
    trim(pair, this.#changesPerPair)
    this.#pairs.push({ segment: this.#segments.length - 1, pair })
    this.#changes += pair.changes.length
    while (this.#changes > MOST_CHANGES && this.#changesPerPair > 8) {
      this.#changesPerPair >>= 1
      this.#changes = 0
      for (const entry of this.#pairs) {
        trim(entry.pair, this.#changesPerPair)
        this.#changes += entry.pair.changes.length
      }
    }
  }

  /** Judges everything. `firstLabel` is the number of this process's first lineage; the labels used are returned. */
  finish(
    firstLabel: number,
    restartOf: Pid | null,
  ): { readonly timeline: ProcessTimeline; readonly labels: number } {
    const tracked = this.#segments.map((segment) => segment.tracker.finish())
    const numbers = this.#segments.map(({ tracker }) => new Uint32Array(tracker.size))
    let next = firstLabel
    tracked.forEach(({ ids }, segment) => {
      for (const id of ids) numbers[segment]![id] = next++
    })
    const label = (segment: number) => (id: number) =>
      `L${numbers[segment]![this.#segments[segment]!.tracker.root(id)]}`
    const kept = this.#kept(tracked)
    const lineages = this.#segments.flatMap((segment, at) => {
      const axis = new Axis(this.summaries, segment.followed)
      const published = kept[at]!
      const ids = published.map((lineage) => lineage.id)
      const lines = segment.last ? headerLines(segment.last, ids, (id) => segment.tracker.root(id)) : null
      return published.map((lineage) =>
        lineageOf(
          lineage,
          {
            id: label(at)(lineage.id),
            pid: this.pid,
            segment: at,
            line: lines?.get(lineage.id) ?? null,
          },
          this.#names,
          axis,
        ),
      )
    })
    const omitted = next - firstLabel - lineages.length
    this.#reportBudgets(omitted)
    const { executable } = this
    const timeline: ProcessTimeline = {
      pid: this.pid,
      program:
        this.#ofLongest('program') ?? this.program ?? (executable === null ? null : leafOf(executable)),
      executable,
      snapshots: this.summaries,
      segments: this.#segments.map((segment, at) => this.#judge(segment, at, executable)),
      lineages,
      pairs: this.#pairs.map(({ segment, pair }) => publish(pair, this.pid, this.#names, label(segment))),
      firstToLast: this.#firstToLast(label),
      restartOf,
      ...(omitted > 0 ? { lineagesOmitted: omitted } : {}),
    }
    return { timeline, labels: next - firstLabel }
  }

  #kept(tracked: readonly TrackedLineages[]): TrackedLineage[][] {
    const share = Math.max(1, Math.floor(MOST_LINEAGES / Math.max(1, tracked.length)))
    return tracked.map((all) => chooseLineages(all, share))
  }

  #judge(segment: OpenSegment, index: number, called: string | null): Segment {
    const first = segment.snapshots[0]!
    const last = segment.snapshots[segment.snapshots.length - 1]!
    const otherProgram = otherProgramThan(called, segment)
    return {
      index,
      pid: this.pid,
      ...(otherProgram === null ? {} : { otherProgram }),
      first,
      last,
      from: this.summaries[first]!.time,
      to: this.summaries[last]!.time,
      ...judgeSegment(segment.snapshots.map((at) => this.summaries[at]!)),
    }
  }

  #firstToLast(label: (segment: number) => (id: number) => string): ProcessTimeline['firstToLast'] {
    const at = this.#segments.length - 1
    const segment = this.#segments[at]
    if (!segment?.first || !segment.last || segment.first === segment.last) return null
    const pair = firstToLast(segment.first, segment.last, (id) => segment.tracker.root(id))
    trim(pair, MOST_LINEAGES)
    return publish(pair, this.pid, this.#names, label(at))
  }

  #reportBudgets(omitted: number): void {
    const file = this.summaries[0]!.file
    if (omitted > 0) this.#diagnostics.report('lineages-omitted', file, null, String(this.pid), omitted)
    if (this.#segments.some((segment) => segment.tracker.thinned))
      this.#diagnostics.report('lineage-points-thinned', file, null, String(this.pid))
    const changes = this.#pairs.reduce((sum, { pair }) => sum + pair.omitted.count, 0)
    if (changes > 0) this.#diagnostics.report('changes-omitted', file, null, String(this.pid), changes)
  }
}

/** Executables tell it: another version of a program lies elsewhere under the same name. */
function otherProgramThan(called: string | null, { executable, program }: OpenSegment): string | null {
  if (executable === null || called === null || leafOf(executable) === leafOf(called)) return null
  return program ?? leafOf(executable)
}
