/** Of very many snapshots, and of what changed between them, those that the document tells of: evenly fewer, ends kept. */
import type { Change, ProcessTimeline, SnapshotPair, SnapshotSummary } from '../../model/timeline.ts'
import type { ReportInput } from '../input.ts'
import { keepIndices, POINTS_PER_SERIES, spread } from '../sampling.ts'
import { worstFirst } from './findings.ts'
import { type BudgetedList, LIST_BUDGETS, type Omissions } from './omissions.ts'
import { inImportance } from './told-processes.ts'

/** Those that findings cite, the extremes of Rss, and the first and last of each process among them. */
export function toldSnapshots(input: ReportInput, omissions: Omissions): readonly SnapshotSummary[] {
  const cited = citedFiles(input)
  return fewerOfEach(input, omissions, 'snapshots', {
    of: ({ snapshots }) => snapshots,
    value: ({ total }) => total.rss ?? total.size,
    isCited: ({ file }) => cited.has(file),
  })
}

/** Those that findings cite, the largest changes, and the first and last of each process among them. */
export function toldPairs(input: ReportInput, omissions: Omissions): readonly SnapshotPair[] {
  const cited = citedFiles(input)
  return fewerOfEach(input, omissions, 'timeline', {
    of: ({ pairs }) => pairs,
    value: ({ changes }) => changes.reduce((sum, change) => sum + moved(change), 0),
    isCited: ({ fromFile, toFile }) => cited.has(fromFile) || cited.has(toFile),
  })
}

const moved = ({ sizeDelta, rssDelta }: Change): number => Math.abs(sizeDelta) + Math.abs(rssDelta ?? 0)

const citedFiles = ({ results }: ReportInput): ReadonlySet<string> =>
  new Set(worstFirst(results).flatMap(({ evidence }) => evidence.map(({ file }) => file)))

interface Entries<T> {
  readonly of: (process: ProcessTimeline) => readonly T[]
  /** Its lowest and highest stay. */
  readonly value: (entry: T) => number
  readonly isCited: (entry: T) => boolean
}

/** In the order of the time line. What a chart can show comes first, of the processes whose verdicts matter most. */
function fewerOfEach<T>(
  input: ReportInput,
  omissions: Omissions,
  list: BudgetedList,
  entries: Entries<T>,
): readonly T[] {
  const ranked = inImportance(input)
  const lengths = ranked.map((process) => entries.of(process).length)
  const rooms = shareOut(lengths, LIST_BUDGETS[list], POINTS_PER_SERIES)
  const roomOf = new Map(ranked.map((process, at) => [process, rooms[at]!]))
  return input.facts.timeline.processes.flatMap((process) => {
    const all = entries.of(process)
    const kept = fewer(all, roomOf.get(process)!, entries)
    omissions.count(list, all.length - kept.length)
    return kept
  })
}

function fewer<T>(all: readonly T[], room: number, { value, isCited }: Omit<Entries<T>, 'of'>): readonly T[] {
  if (all.length <= room) return all
  const cited = all.flatMap((entry, at) => (isCited(entry) ? [at] : []))
  return placesKept(all.map(value), room, cited).map((at) => all[at]!)
}

/** `room` places, ascending: the ends and those of `first`, the extremes of every stretch, the rest evenly. */
export function placesKept(
  values: readonly number[],
  room: number,
  first: readonly number[] = [],
): readonly number[] {
  if (values.length <= room) return values.map((_, at) => at)
  const kept = new Set([0, values.length - 1, ...first])
  for (const at of keepIndices(values, (room - kept.size) / 2)) kept.add(at)
  const rest = values.flatMap((_, at) => (kept.has(at) ? [] : [at]))
  const more = spread(rest, Math.max(0, room - kept.size)).kept
  return [...kept, ...more].slice(0, room).sort((a, b) => a - b)
}

/** Of `room` places those that each list gets: up to `first` in the order of the lists, what is left in equal parts. */
export function shareOut(lengths: readonly number[], room: number, first = 0): number[] {
  const shares = lengths.map(() => 0)
  let left = room
  const give = (at: number, most: number) => {
    const more = Math.min(most, lengths[at]! - shares[at]!, left)
    shares[at]! += more
    left -= more
  }
  for (let at = 0; at < lengths.length; at++) give(at, first)
  for (;;) {
    const open = shares.flatMap((share, at) => (share < lengths[at]! ? [at] : []))
    if (left === 0 || open.length === 0) return shares
    const each = Math.max(1, Math.floor(left / open.length))
    for (const at of open) give(at, each)
  }
}
