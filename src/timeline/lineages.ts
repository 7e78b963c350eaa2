import { BASES, kindOf } from '../model/mapping-kind.ts'
import type { Lineage } from '../model/timeline.ts'
import type { Axis } from './axis.ts'
import { History } from './history.ts'
import type { Names } from './layout.ts'
import type { TrackedLineage, TrackedLineages } from './tracked-lineage.ts'
import { judge } from './trend/judge.ts'

/** Lineages that are judged and kept for one process. */
export const MOST_LINEAGES = 2000

/** The lineages that changed most (then the largest), in the order of their ids. */
export function chooseLineages(all: TrackedLineages, most: number): TrackedLineage[] {
  const { ids } = all
  if (ids.length <= most) return ids.map((id) => all.lineage(id))
  const weights = all.weights()
  const least = weights.slice().sort()[ids.length - most]!
  const chosen = new Uint8Array(ids.length)
  const equal: number[] = []
  let room = most
  for (let at = 0; at < ids.length; at++) {
    if (weights[at]! > least) {
      chosen[at] = 1
      room--
    } else if (weights[at] === least) equal.push(at)
  }
  equal.sort((a, b) => ids[a]! - ids[b]!)
  for (const at of equal.slice(0, room)) chosen[at] = 1
  return ids.filter((_, at) => chosen[at] === 1).map((id) => all.lineage(id))
}

/** Most mappings never change: their one record is read from here and let go. */
const SINGLE = new History(1)

/**
 * Judges one tracked lineage. Its points are made when they are read; those of a mapping that never changed take less
 * room than the history that they are made of.
 */
export function lineageOf(
  tracked: TrackedLineage,
  head: Pick<Lineage, 'id' | 'pid' | 'segment' | 'line'>,
  names: Names,
  axis: Axis,
): Lineage {
  const { description } = tracked
  const history = tracked.history(SINGLE)
  const size = judge(axis.series(history, history.size), 'size')
  const rss = axis.series(history, history.rss)
  // A list that was filled has room for more: its copy has not.
  const points = history.length === 1 ? [...axis.points(history)] : []
  const lineage: Lineage = {
    id: head.id,
    pid: head.pid,
    segment: head.segment,
    line: head.line,
    kind: kindOf(description.kind),
    kindBasis: BASES[description.basis]!,
    name: names.strings.get(description.name),
    size,
    rss: rss.values.length > 0 ? judge(rss, 'rss') : null,
    points,
  }
  return history.length === 1 ? lineage : withPoints(lineage, history, axis)
}

const withPoints = (lineage: Lineage, history: History, axis: Axis): Lineage => ({
  ...lineage,
  get points() {
    return axis.points(history)
  },
})
