import { formatBytes, formatDuration, formatRate } from '../../base/format.ts'
import { MIB } from '../../base/units.ts'
import type { Sentence } from '../../model/sentence.ts'
import type { ProcessTimeline, Segment, Trend } from '../../model/timeline.ts'
import { carriesSums, usableIn } from '../coverage.ts'
import { BODIES, type BodyName, growthOf, isGrowing, totalOf } from '../growth.ts'
import { infoFinding } from '../info-finding.ts'
import { lastSeenOf } from '../last-seen.ts'
import { eachSegment } from '../levels.ts'
import { clear, defineRule, found } from '../rule.ts'
import { paragraph, say } from '../words/say.ts'

/** The total grows and no body of memory does by itself: sums only, or growth spread over everything. */
export const unexplainedGrowth = defineRule({
  id: 'unexplained-growth',
  words: {
    title: say('Memory grows, and no mapping can be named', '内存在增长，但无法指出是哪个映射'),
    why: say(
      'The total grows without levelling off, and no single kind of mapping does: the snapshots carry sums only (smaps_rollup), or the growth is spread over kinds that each stay in their noise.',
      '总量持续增长，没有趋于平稳，但没有任何一类映射单独增长：快照只有合计（smaps_rollup），或增长分散在各类映射中，每一类都在噪声之内。',
    ),
    action: say(
      'Collect full smaps (command below): only they tell the mapping.',
      '采集完整的 smaps（命令见下）：只有它能说明是哪个映射。',
    ),
    capture: say('Which mapping grows.', '是哪个映射在增长。'),
  },
  loudest: 'warning',
  mechanisms: ['other'],
  thresholds: {
    minimumGrowth: {
      value: 4 * MIB,
      unit: 'bytes',
      because: say(
        'Half a dozen kinds may each rise by up to their own floor (256 KiB to 1 MiB) in start-up: the sum must be more.',
        '启动阶段，五六类映射各自可能上升到其下限（256 KiB 至 1 MiB）：总和必须超过此量。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline', 'attribution'],
  evaluate: ({ timeline, attribution }, { minimumGrowth }) => {
    const findings = eachSegment(timeline.processes, (process, segment) => {
      // Page cache of files comes and goes with the kernel; anonymous memory is the program's own.
      const total = totalOf(segment, 'anonymous') ?? totalOf(segment, 'rss')
      if (!total || !isGrowing(total) || total.grown < minimumGrowth || total.perHour === null) return []
      const told = grownInBodies(process, segment)
      if (told >= MOSTLY_TOLD * total.grown) return []
      return [
        infoFinding({
          process,
          segment,
          mechanism: 'other',
          subject: 'total',
          severity: 'warning',
          lastSeen: lastSeenOf({ timeline, attribution }, process, segment),
          confidence: 60,
          cap: say('Which mapping grows is not in this evidence.', '本次证据无法说明是哪个映射在增长。'),
          grownBytes: total.grown,
          rate: total,
          culpritReason: say(
            'The mapping is not known, so no thread can be.',
            '映射未知，因此也无法指出线程。',
          ),
          onset: total.onset,
          question: 'more-snapshots',
          more: { samplesCount: total.samples },
          summary: summaryOf(total, total.perHour, told, usableIn(process, segment).every(carriesSums)),
        }),
      ]
    })
    return findings.length > 0
      ? found(findings)
      : clear(say('No growth is left without an explanation.', '没有无法解释的增长。'))
  },
})

/** From this part of the growth on, the findings of single bodies tell it. */
const MOSTLY_TOLD = 0.5

/** What came in bodies of memory that grow by themselves. */
const grownInBodies = (process: ProcessTimeline, segment: Segment): number =>
  (Object.keys(BODIES) as BodyName[])
    .map((body) => growthOf(process, segment, body, 'rss'))
    .reduce((sum, growth) => sum + (growth?.growing ? growth.grown : 0), 0)

function summaryOf({ grown, from, to }: Trend, perHour: number, told: number, sums: boolean): Sentence {
  const span = formatDuration(to - from)
  const kinds = sums
    ? say('The snapshots carry sums only, no kinds of mapping.', '快照只有合计，没有各类映射。')
    : told > 0
      ? say(
          `Kinds of mapping that grow by themselves make only ${formatBytes(told)} of it; what else grows changes its kind, or is spread over several.`,
          `单独增长的各类映射只占其中的 ${formatBytes(told)}；其余增长的映射类别不断变化，或分散在多类之中。`,
        )
      : say('No kind of mapping grows by itself.', '没有任何一类映射单独增长。')
  return paragraph(
    say(
      `Memory grew by ${formatBytes(grown)} in ${span.en} and did not level off: ${formatRate(perHour).en}.`,
      `内存在 ${span.zh}内增长了 ${formatBytes(grown)}，没有趋于平稳：${formatRate(perHour).zh}。`,
    ),
    kinds,
  )
}
