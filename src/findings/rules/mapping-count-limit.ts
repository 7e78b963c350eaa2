import { formatCount, formatForecast } from '../../base/format.ts'
import { HOUR } from '../../base/units.ts'
import type { ProcessTimeline } from '../../model/timeline.ts'
import { fileReference } from '../../timeline/events.ts'
import { carriesSums } from '../coverage.ts'
import { forecast } from '../forecast.ts'
import { isGrowing, totalOf } from '../growth.ts'
import { infoFinding } from '../info-finding.ts'
import { lastSeenOf } from '../last-seen.ts'
import { eachSegment } from '../levels.ts'
import { clear, defineRule, found, notApplicable } from '../rule.ts'
import { say } from '../words/say.ts'

/** Ranges near `vm.max_map_count`, with the time to the limit. */
export const mappingCountLimit = defineRule({
  id: 'mapping-count-limit',
  words: {
    title: say('The number of mappings nears its limit', '映射数量接近上限'),
    why: say(
      'A process may have vm.max_map_count mappings, 65,530 unless changed. Beyond it mmap, munmap in the middle of a mapping, mprotect and pthread_create fail with ENOMEM while memory is free. Lost thread stacks (two ranges each), guard pages and small file mappings use it up first.',
      '一个进程最多有 vm.max_map_count 个映射，默认 65,530。超过后，即使内存充足，mmap、在映射中间的 munmap、mprotect 和 pthread_create 也会以 ENOMEM 失败。丢失的线程栈（每个两个区域）、保护页和小文件映射最先耗尽它。',
    ),
    action: say(
      'Remove the cause that the growth finding of this process names. Raising vm.max_map_count (sysctl) buys time: each range costs about 200 bytes of kernel memory and makes fork, exit and reading smaps slower.',
      '消除该进程增长类发现所指出的原因。调高 vm.max_map_count（sysctl）可以争取时间：每个区域约占 200 字节内核内存，并使 fork、退出和读取 smaps 变慢。',
    ),
    capture: null,
  },
  loudest: 'warning',
  mechanisms: ['other'],
  thresholds: {
    defaultLimit: {
      value: 65_530,
      unit: 'count',
      because: say(
        'DEFAULT_MAX_MAP_COUNT of the kernel; a value in the evidence (vm.max_map_count) goes before.',
        '内核的 DEFAULT_MAX_MAP_COUNT；若证据中有 vm.max_map_count，则以其为准。',
      ),
    },
    near: {
      value: 0.8,
      unit: 'share',
      because: say(
        'Four fifths: one burst of thread creation or one large munmap pattern from there can meet the limit.',
        '五分之四：从此处起，一次线程创建高峰或一次大规模 munmap 就可能触及上限。',
      ),
    },
    soon: {
      value: HOUR,
      unit: 'micros',
      because: say(
        'An hour: with less left, nobody waits until four fifths are used.',
        '一小时：剩余时间更短时，不必等到用掉五分之四才提示。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline', 'side', 'attribution'],
  evaluate: ({ timeline, side, attribution }, { defaultLimit, near, soon }) => {
    const findings = eachSegment(timeline.processes, (process, segment) => {
      const last = process.snapshots[segment.last]
      if (!last || segment !== process.segments[process.segments.length - 1]) return []
      const said = side.limits.find(
        (limit) => limit.kind === 'map-count' && (limit.pid ?? process.pid) === process.pid,
      )
      const limit = said?.value ?? defaultLimit
      const trend = totalOf(segment, 'ranges')
      const growing = trend !== null && isGrowing(trend)
      const ahead = growing ? forecast(last.total.ranges, segment.to, limit, trend) : null
      const at = ahead?.at ?? null
      const isSoon = at !== null && at - segment.to < soon
      if (last.total.ranges < near * limit && !isSoon) return []
      const lastSeen = at === null ? null : lastSeenOf({ timeline, attribution }, process, segment)
      return [
        infoFinding({
          process,
          segment,
          mechanism: 'other',
          subject: 'ranges',
          lastSeen,
          severity: growing ? 'warning' : 'info',
          confidence: growing ? 90 : 80,
          quantity: 'address-space',
          more: { rangesCount: last.total.ranges, limitCount: limit, limitAtMicros: at },
          evidence: fileReference(last.file),
          summary: say(
            `${formatCount(last.total.ranges)} mappings of ${formatCount(limit)} allowed${at === null ? ', and their number does not grow' : `; at ${lastSeen ? 'that' : 'this'} rate the limit is reached at ${formatForecast(at, segment.to)}`}.`,
            `已有 ${formatCount(last.total.ranges)} 个映射，上限为 ${formatCount(limit)}${at === null ? '，数量没有增长' : `；按此速率将在 ${formatForecast(at, segment.to)} 达到上限`}。`,
          ),
        }),
      ]
    })
    if (findings.length > 0) return found(findings)
    return timeline.processes.some(isCounted)
      ? clear(say('The number of mappings is far from its limit.', '映射数量远未接近上限。'))
      : notApplicable(
          say('The snapshots carry sums only, no number of mappings.', '快照只有合计，没有映射数量。'),
        )
  },
})

/** Whether the number of mappings is known. */
const isCounted = ({ snapshots }: ProcessTimeline): boolean =>
  snapshots.some((snapshot) => snapshot.usable && !carriesSums(snapshot))
