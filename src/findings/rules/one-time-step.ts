import { formatBytes, formatMoment } from '../../base/format.ts'
import { MIB } from '../../base/units.ts'
import { infoFinding, KIND_MECHANISM } from '../info-finding.ts'
import { eachSegment, levelsOf, steepestRise } from '../levels.ts'
import { clear, defineRule, found } from '../rule.ts'
import { KIND_NAMES } from '../words/kinds.ts'
import { beforeHan, say } from '../words/say.ts'

/** Memory rose once and stayed: no leak, and why not. */
export const oneTimeStep = defineRule({
  id: 'one-time-step',
  words: {
    title: say('One step, then level', '一次性上升后保持平稳'),
    why: say(
      'Most of the rise lies between two or three neighbouring snapshots, and the level after it does not grow: a configuration was loaded, an import ran, a buffer was set up. First against last would call it growth.',
      '大部分上升发生在相邻的两三个快照之间，之后水平不再增长：可能是加载配置、执行导入或建立缓冲区。若只比较首尾，就会误认为是增长。',
    ),
    action: say(
      'Nothing, if the event is known. If steps like this repeat, capture over several of them: the levels then form a staircase, which is judged as growth.',
      '如果事件已知，则无需处理。如果类似的上升会重复，请覆盖多次上升采集：这些水平会形成阶梯，并按增长判断。',
    ),
    capture: null,
  },
  loudest: 'info',
  mechanisms: [],
  thresholds: {
    minimumStep: {
      value: MIB,
      unit: 'bytes',
      because: say(
        'Eight top pads of malloc: smaller steps are single allocations and not worth a reader.',
        '八个 malloc top pad：更小的上升只是单次分配，不值得读者关注。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline'],
  evaluate: ({ timeline }, { minimumStep }) => {
    const findings = eachSegment(timeline.processes, (process, segment) =>
      levelsOf(process, segment)
        .filter(({ trend, first, last }) => trend.shape === 'step' && last - first >= minimumStep)
        .map(({ kind, trend, first, last, lineages }) => {
          const name = KIND_NAMES[kind]
          const rise = steepestRise(process, segment, kind)
          const from = rise && formatMoment(rise.from, segment.from)
          const to = rise && formatMoment(rise.to, segment.from)
          return infoFinding({
            process,
            segment,
            mechanism: KIND_MECHANISM[kind],
            subject: kind,
            confidence: 85,
            grownBytes: last - first,
            onset: rise?.to ?? trend.onset,
            lineages,
            summary: say(
              `Resident memory of ${name.en} rose from ${formatBytes(first)} to ${formatBytes(last)}${rise ? `, most of it between ${from} and ${to},` : ''} and then stayed level.`,
              `${beforeHan(name.zh)}的常驻内存从 ${formatBytes(first)} 上升到 ${formatBytes(last)}${rise ? `（主要在 ${from} 与 ${to} 之间）` : ''}，之后保持平稳。`,
            ),
          })
        }),
    )
    return findings.length > 0
      ? found(findings)
      : clear(say('No kind of memory rose in one step.', '没有哪一类内存一次性上升。'))
  },
})
