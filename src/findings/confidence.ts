/**
 * How sure a growth finding may be. It starts from how well the slope is known, and missing evidence caps it: the
 * lowest ceiling wins and is named in the report. Ceilings are a scale of our own; what is fixed is their order.
 */
import { formatCount, formatShare } from '../base/format.ts'
import { agreementOf, type TraceWindow } from '../model/attribution.ts'
import type { Facts } from '../model/facts.ts'
import type { Sentence } from '../model/sentence.ts'
import { CALLS_PROVE, type Charge } from './accounts.ts'
import { type Growth, isInsideMappings } from './growth.ts'
import { saidOf } from './said.ts'
import { say } from './words/say.ts'

export interface Doubt {
  /** 0..100: the confidence goes no higher than this. */
  readonly ceiling: number
  readonly because: Sentence
}

export interface Sureness {
  readonly confidence: number
  readonly cap: Sentence | null
}

/** Nothing measured from outside a process is ever quite certain. */
const HIGHEST = 98
/** An interval as wide as the slope itself costs this much; proportionally less below. */
const COST_OF_WIDTH = 25

/** Fewer points than this, and a shape rests on a handful of stamps. */
const FEW_SAMPLES = 12
const SOME_SAMPLES = 20

/** The lowest ceiling under a start value. */
export function sureness(start: number, doubts: readonly Doubt[]): Sureness {
  const lowest = [...doubts].sort((a, b) => a.ceiling - b.ceiling)[0]
  const base = Math.round(Math.max(0, Math.min(HIGHEST, start)))
  return lowest && lowest.ceiling < base
    ? { confidence: lowest.ceiling, cap: lowest.because }
    : { confidence: base, cap: null }
}

/** Also what verdicts say in a sentence of their own where nothing was traced: they leave this one out. */
export const NOT_TRACED = say('No system calls were traced.', '没有跟踪系统调用。')

/** A program that only warmed up looks the same until snapshots show whether it goes on. */
const MAY_HAVE_ENDED: Doubt = {
  ceiling: 50,
  because: say(
    'The growth may have ended in the time without snapshots.',
    '增长可能已在没有快照的那段时间里停止。',
  ),
}

/**
 * How sure a growth seen in snapshots is, with what the calls say beside it; `mayHaveEnded` where a gap behind it brought
 * little and what follows does not tell; `unproven` is what speaks against the accused thread.
 */
export function growthSureness(
  growth: Growth,
  charge: Charge,
  facts: Pick<Facts, 'attribution' | 'traces'>,
  mayHaveEnded: boolean,
  unproven: readonly Doubt[],
): Sureness {
  return sureness(HIGHEST - widthCost(growth), [
    ...(mayHaveEnded ? [MAY_HAVE_ENDED] : []),
    ...sampleDoubts(growth),
    ...kindDoubts(growth),
    ...traceDoubts(growth, charge, facts),
    ...unproven,
  ])
}

function widthCost(growth: Growth): number {
  if (growth.perHour === null || growth.low === null || growth.high === null || growth.perHour <= 0)
    return COST_OF_WIDTH
  return Math.min(COST_OF_WIDTH, (COST_OF_WIDTH * (growth.high - growth.low)) / 2 / growth.perHour)
}

function sampleDoubts(growth: Growth): Doubt[] {
  if (growth.samples >= SOME_SAMPLES) return []
  return [
    {
      ceiling: growth.samples < FEW_SAMPLES ? 70 : 88,
      because: say(
        `Only ${formatCount(growth.samples)} snapshots carry the trend.`,
        `趋势只由 ${formatCount(growth.samples)} 个快照支撑。`,
      ),
    },
  ]
}

function kindDoubts(growth: Growth): Doubt[] {
  const doubts: Doubt[] = []
  if (growth.lineages.length > 0 && growth.lineages[0]?.kindBasis === 'guess')
    doubts.push({
      ceiling: 75,
      because: say(
        'What the growing range is used for is a guess from its shape.',
        '增长区域的用途只是根据其形态推测的。',
      ),
    })
  if (growth.process.snapshots[growth.segment.last]?.total.rss === null)
    doubts.push({
      ceiling: 75,
      because: say(
        'The snapshots do not tell resident memory (no Rss), only mapped size.',
        '快照中没有 Rss，只知道映射大小，不知道常驻内存。',
      ),
    })
  return doubts
}

function traceDoubts(growth: Growth, charge: Charge, facts: Pick<Facts, 'attribution' | 'traces'>): Doubt[] {
  const pid = growth.process.pid
  const windows = saidOf(facts.attribution, pid).windows
  if (windows.length === 0)
    return [
      {
        ceiling: 80,
        because: NOT_TRACED,
      },
    ]
  const doubts = windows.flatMap(windowDoubts)
  const replays = facts.attribution.replays.filter((replay) => replay.pid === pid)
  const changed = replays.reduce((sum, replay) => sum + replay.changedPages, 0)
  const differing = replays.reduce((sum, replay) => sum + replay.differingPages, 0)
  const agreement = agreementOf(differing, changed)
  if (agreement < 0.999)
    doubts.push({
      ceiling: agreement < 0.95 ? 70 : 88,
      because:
        agreement > 0
          ? say(
              `The replayed calls explain ${formatShare(agreement)} of the mapping changes, not all.`,
              `重放的系统调用只能解释 ${formatShare(agreement)} 的映射变化。`,
            )
          : say(
              'The replayed calls explain none of the mapping changes.',
              '重放的系统调用无法解释任何映射变化。',
            ),
    })
  if (charge.culprit === null)
    doubts.push({
      ceiling: 90,
      because: say('Which thread keeps the memory is open.', '是哪个线程保留了内存尚未确定。'),
    })
  if (charge.explains !== null && charge.explains < CALLS_PROVE)
    doubts.push({
      ceiling: isPausedByCalls(growth, charge.explains) ? PAUSED : 85,
      // Nobody is accused then, for this reason.
      because: charge.culpritReason,
    })
  return doubts
}

/** Calls map what grows here, and hardly any did in the traced time: it comes in bursts, or it was a passing rise. */
const PAUSED = 60
const HARDLY = 0.1

/** Whether mappings grew, not only the touched part of them, and the traced calls added next to nothing. */
const isPausedByCalls = (growth: Growth, explains: number): boolean =>
  growth.body === 'anonymous' && explains < HARDLY && !isInsideMappings(growth)

function windowDoubts(window: TraceWindow): Doubt[] {
  const doubts: Doubt[] = []
  if (window.untracedThreads !== null && window.untracedThreads > 0)
    doubts.push({
      ceiling: 85,
      because: say(
        window.untracedThreads === 1
          ? 'At least one thread of the process was not traced.'
          : `At least ${formatCount(window.untracedThreads)} threads of the process were not traced.`,
        `进程中至少有 ${formatCount(window.untracedThreads)} 个线程没有被跟踪。`,
      ),
    })
  if (window.conflicts > 0)
    doubts.push({
      ceiling: 85,
      because: say(
        window.conflicts === 1
          ? 'One traced call contradicts the order of the others.'
          : `${formatCount(window.conflicts)} traced calls contradict each other in order.`,
        `有 ${formatCount(window.conflicts)} 个系统调用的先后顺序互相矛盾。`,
      ),
    })
  if (window.order === 'entry')
    doubts.push({
      ceiling: 90,
      because: say(
        'The trace has no durations (strace -T), so threads are merged by the start of their calls.',
        '跟踪日志没有时长（strace -T），各线程只能按调用开始时间合并。',
      ),
    })
  if (window.from === null)
    doubts.push({
      ceiling: 80,
      because: say(
        'The trace cannot be placed on the clock of the snapshots.',
        '无法把跟踪日志对应到快照的时钟上。',
      ),
    })
  return doubts
}
