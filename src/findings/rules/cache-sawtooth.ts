import { formatBytes } from '../../base/format.ts'
import { MIB } from '../../base/units.ts'
import { infoFinding, KIND_MECHANISM } from '../info-finding.ts'
import { eachSegment, levelsOf } from '../levels.ts'
import { clear, defineRule, found } from '../rule.ts'
import { KIND_NAMES } from '../words/kinds.ts'
import { beforeHan, ended, say } from '../words/say.ts'

/** Memory rises and falls: a cache that is flushed, a batch, a garbage collector. */
export const cacheSawtooth = defineRule({
  id: 'cache-sawtooth',
  words: {
    title: say('Sawtooth: filled and given back', '锯齿：填满后归还'),
    why: say(
      'Memory rises and is given back, again and again. Only what the troughs leave behind could show a leak; a rise of the last tooth alone shows none. First against last depends on where in the tooth the capture began and ended; a trace that covers half a tooth shows only growth, or only release, and often by different threads.',
      '内存反复上升又归还。只有谷值的变化才能反映泄漏；仅最后一个锯齿升高说明不了问题。首尾比较的结果取决于采集开始和结束落在锯齿的哪个位置；只覆盖半个锯齿的跟踪只会看到增长或只看到释放，而且往往出自不同的线程。',
    ),
    action: say(
      'Nothing, as long as the low points stay where they are. If the peaks come near the memory limit, bound the cache or flush it earlier.',
      '只要谷值不升高，就无需处理。如果峰值接近内存限额，请限制缓存大小或更早清空。',
    ),
    capture: null,
  },
  loudest: 'info',
  mechanisms: [],
  thresholds: {
    minimumTooth: {
      value: MIB,
      unit: 'bytes',
      because: say(
        'Eight top pads of malloc: glibc trims the top in such steps (M_TRIM_THRESHOLD, 128 KiB and up), smaller teeth are its own.',
        '八个 malloc top pad：glibc 以类似步长收缩堆顶（M_TRIM_THRESHOLD，128 KiB 起），更小的锯齿由它自身造成。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline'],
  evaluate: ({ timeline }, { minimumTooth }) => {
    const findings = eachSegment(timeline.processes, (process, segment) =>
      levelsOf(process, segment)
        .filter(
          ({ trend, lowest, highest }) => trend.shape === 'sawtooth' && highest - lowest >= minimumTooth,
        )
        .map(({ kind, trend, lowest, highest, lineages }) => {
          const name = KIND_NAMES[kind]
          return infoFinding({
            process,
            segment,
            mechanism: KIND_MECHANISM[kind],
            subject: kind,
            confidence: 85,
            lineages,
            more: { lowestBytes: lowest, highestBytes: highest },
            summary: say(
              `Resident memory of ${name.en} moves between ${formatBytes(lowest)} and ${formatBytes(highest)}: ${ended(trend.reason).en}`,
              `${beforeHan(name.zh)}的常驻内存在 ${formatBytes(lowest)} 与 ${formatBytes(highest)} 之间波动：${ended(trend.reason).zh}`,
            ),
          })
        }),
    )
    return findings.length > 0
      ? found(findings)
      : clear(say('No kind of memory moves in teeth.', '没有哪一类内存呈锯齿状变化。'))
  },
})
