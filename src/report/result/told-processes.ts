/** Of very many processes, those that the document tells of, and whose trends it has room for. */
import { greatest } from '../../base/extremes.ts'
import type { Verdict } from '../../model/finding.ts'
import type { ProcessTimeline, Segment } from '../../model/timeline.ts'
import type { ReportInput } from '../input.ts'
import { inOrderOfImportance } from '../lead.ts'
import { type BudgetedList, LIST_BUDGETS, type Omissions } from './omissions.ts'

export interface Told {
  readonly process: ProcessTimeline
  readonly verdict: Verdict
}

/** The processes whose verdicts matter most, in the order of the time line. */
export function toldProcesses(input: ReportInput, omissions: Omissions): readonly Told[] {
  const all = withVerdicts(input)
  return omissions.keep('processes', all, () => inOrderOfImportance(all, input.verdicts.whole))
}

/** What a list holds of each process, of those first whose verdicts matter most, in the order of the time line. */
export function toldOfEach<T>(
  input: ReportInput,
  list: BudgetedList,
  entriesOf: (process: ProcessTimeline) => readonly T[],
  omissions: Omissions,
): readonly T[] {
  const all = input.facts.timeline.processes.flatMap(entriesOf)
  return omissions.keep(list, all, () => inImportance(input).flatMap(entriesOf))
}

/** Every process, those first whose verdicts matter most. */
export const inImportance = (input: ReportInput): readonly ProcessTimeline[] =>
  inOrderOfImportance(withVerdicts(input), input.verdicts.whole).map(({ process }) => process)

const withVerdicts = ({ facts, verdicts }: ReportInput) =>
  facts.timeline.processes.map((process) => ({
    process,
    pid: process.pid,
    samples: process.snapshots.length,
    verdict: verdicts.byPid.get(process.pid) ?? verdicts.whole,
  }))

/** What of a segment has trends in the document. */
export interface ToldTrends {
  readonly totals: ReadonlySet<Segment>
  readonly byKind: ReadonlySet<Segment>
}

/** As many trends as there is room for: totals before kinds, and before those of segments too short to be judged. */
export function toldTrends(told: readonly Told[], omissions: Omissions): ToldTrends {
  const segments = told.flatMap(({ process }) => process.segments)
  const judged = (segment: Segment) => Number(segment.totals.some(({ shape }) => shape !== 'too-short'))
  const grown = (segment: Segment) => greatest([0, ...segment.totals.map((trend) => trend.perHour ?? 0)])
  const ranked = segments
    .map((segment) => ({ segment, judged: judged(segment), grown: grown(segment) }))
    .sort((a, b) => b.judged - a.judged || b.grown - a.grown)
    .map(({ segment }) => segment)
  let room: number = LIST_BUDGETS['processes.trends']
  const fitting = (trendsOf: (segment: Segment) => number): ReadonlySet<Segment> => {
    const fit = new Set<Segment>()
    for (const segment of ranked) {
      const trends = trendsOf(segment)
      if (trends <= room) fit.add(segment)
      else omissions.count('processes.trends', trends)
      room -= Math.min(room, trends)
    }
    return fit
  }
  return {
    totals: fitting(({ totals }) => totals.length),
    byKind: fitting(({ byKind }) => byKind.reduce((sum, { trends }) => sum + trends.length, 0)),
  }
}
