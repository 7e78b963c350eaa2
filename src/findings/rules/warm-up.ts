import { formatBytes } from '../../base/format.ts'
import { MIB } from '../../base/units.ts'
import { earlierRise } from '../earlier-rise.ts'
import { infoFinding, KIND_MECHANISM } from '../info-finding.ts'
import { eachSegment, type Levels, levelsOf } from '../levels.ts'
import { clear, defineRule, found } from '../rule.ts'
import { stillRising } from '../unsettled.ts'
import { KIND_NAMES } from '../words/kinds.ts'
import { beforeHan, ended, say } from '../words/say.ts'

/** Memory rose ever more slowly: caches and tables fill up. */
export const warmUp = defineRule({
  id: 'warm-up',
  words: {
    title: say('Warm-up: the rise levels off', '预热：上升逐渐趋于平稳'),
    why: say(
      'Tables, pools and caches with a bound fill up after the start and then replace old entries by new ones. Each rise is smaller than the one before, or the rise has ended inside the capture. A straight line through all of it would be called growth.',
      '有上限的表、池和缓存在启动后逐渐填满，然后以新换旧。每次上升都比前一次小，或在采集期间已经结束。若用一条直线拟合全部数据，就会误认为是增长。',
    ),
    action: say(
      'Start the next capture after this phase, so that a slow leak is not hidden by it.',
      '下次采集请从这一阶段之后开始，以免缓慢的泄漏被它掩盖。',
    ),
    capture: null,
  },
  loudest: 'info',
  mechanisms: [],
  thresholds: {
    minimumRise: {
      value: MIB,
      unit: 'bytes',
      because: say(
        'Eight top pads of malloc: a smaller rise is start-up of the C library and needs no explanation.',
        '八个 malloc top pad：更小的上升属于 C 库启动，无需解释。',
      ),
    },
    shareOfLevel: {
      value: 0.1,
      unit: 'share',
      because: say(
        'A tenth of the level: below that nobody takes the rise for growth.',
        '达到水平的十分之一：低于此值没有人会误认为增长。',
      ),
    },
    shareOfHighest: {
      value: 0.9,
      unit: 'share',
      because: say(
        'A level that was reached is kept. What fell back from a higher one swings, and its next rise may go on.',
        '达到的水平会保持。从更高处回落的内存是在波动，它的下一次上升可能会继续。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline'],
  evaluate: ({ timeline }, { minimumRise, shareOfLevel, shareOfHighest }) => {
    const rose = ({ trend, first, last, highest }: Levels) =>
      (trend.shape === 'saturating' || trend.shape === 'plateau') &&
      last >= shareOfHighest * highest &&
      last - first >= Math.max(minimumRise, shareOfLevel * last)
    const findings = eachSegment(timeline.processes, (process, segment) =>
      // The verdict leaves it open whether it has ended.
      (earlierRise(process, segment)?.mayGoOn ? [] : levelsOf(process, segment))
        .filter((levels) => rose(levels) && !stillRising(process, segment, levels.kind, 'rss'))
        .map(({ kind, trend, first, last, lineages }) => {
          const name = KIND_NAMES[kind]
          return infoFinding({
            process,
            segment,
            mechanism: KIND_MECHANISM[kind],
            subject: kind,
            confidence: trend.shape === 'plateau' ? 85 : 75,
            grownBytes: last - first,
            lineages,
            summary: say(
              `Resident memory of ${name.en} rose from ${formatBytes(first)} to ${formatBytes(last)} and levelled off: ${ended(trend.reason).en}`,
              `${beforeHan(name.zh)}的常驻内存从 ${formatBytes(first)} 上升到 ${formatBytes(last)} 后趋于平稳：${ended(trend.reason).zh}`,
            ),
          })
        }),
    )
    return findings.length > 0
      ? found(findings)
      : clear(say('No kind of memory filled up during the capture.', '采集期间没有哪一类内存处于填充阶段。'))
  },
})
