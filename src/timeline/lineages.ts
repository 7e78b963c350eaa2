import { kindOf, type MappingKind } from '../model/mapping-kind.ts'
import type { Lineage } from '../model/timeline.ts'
import type { Axis } from './axis.ts'
import type { Names } from './layout.ts'
import type { TrackedLineage } from './lineage-tracker.ts'
import { judge } from './trend/judge.ts'

const BY_LAYOUT = new Set<MappingKind>([
  'malloc-arena',
  'malloc-arena-reserve',
  'thread-stack',
  'stack-guard',
  'anonymous',
  'anonymous-reserve',
])
const BY_GUESS = new Set<MappingKind>(['jit', 'managed-heap'])

function basisOf(kind: MappingKind, name: string): Lineage['kindBasis'] {
  if (BY_GUESS.has(kind)) return name.startsWith('[anon') ? 'name' : 'guess'
  return BY_LAYOUT.has(kind) && name === '' ? 'layout' : 'name'
}

/** Lineages that are judged and kept for one process. */
export const MOST_LINEAGES = 2000

/** The lineages that changed most (then the largest), in the order of their ids. */
export function chooseLineages(all: readonly TrackedLineage[], most: number): TrackedLineage[] {
  if (all.length <= most) return [...all]
  const spread = (column: Float64Array, length: number): number => {
    let low = Number.POSITIVE_INFINITY
    let high = 0
    for (let at = 0; at < length; at++) {
      if (column[at]! < low) low = column[at]!
      if (column[at]! > high) high = column[at]!
    }
    return Math.max(0, high - low)
  }
  const weights = new Map(
    all.map((lineage) => {
      const { history, alive } = lineage
      const changed = spread(history.rss, history.length) + spread(history.size, history.length)
      return [lineage, (alive ? changed : changed / 1024) + (history.size[0] ?? 0) / 1e6]
    }),
  )
  const chosen = new Set(
    [...all].sort((a, b) => weights.get(b)! - weights.get(a)! || a.id - b.id).slice(0, most),
  )
  return all.filter((lineage) => chosen.has(lineage))
}

/** Judges one tracked lineage. Its points are made when they are read. */
export function lineageOf(
  tracked: TrackedLineage,
  head: Pick<Lineage, 'id' | 'pid' | 'segment'>,
  names: Names,
  axis: Axis,
): Lineage {
  const { history } = tracked
  const kind = kindOf(tracked.kind)
  const name = names.strings.get(tracked.name)
  const rss = axis.series(history, history.rss)
  return {
    ...head,
    kind,
    kindBasis: basisOf(kind, name),
    name,
    size: judge(axis.series(history, history.size), 'size'),
    rss: rss.values.length > 0 ? judge(rss, 'rss') : null,
    get points() {
      return axis.points(history)
    },
  }
}
