import { formatBytes, formatCount, formatMoment } from '../../base/format.ts'
import { groupedBy } from '../../base/grouped.ts'
import type { Pid } from '../../base/units.ts'
import type { Sentence } from '../../model/sentence.ts'
import type { ProcessTimeline, TimelineEvent } from '../../model/timeline.ts'
import { boundaryEvidence } from '../evidence.ts'
import { infoFinding } from '../info-finding.ts'
import { clear, defineRule, found } from '../rule.ts'
import { paragraph, say } from '../words/say.ts'

/** Of more restarts not all are told one by one. */
const MOST_TOLD = 3

const lastSeen = (process: ProcessTimeline) => process.snapshots[process.snapshots.length - 1]

/** The process was gone and another life of its program came; when, how big it was. One finding for all lives of a program. */
export const restartLoop = defineRule({
  id: 'restart-loop',
  words: {
    title: say('The process was restarted, or another took its place', '进程曾重启，或由另一个进程接替'),
    why: say(
      'The same program was seen under another pid, or under the same pid with another address space. Growth is never computed across a restart: each life is judged alone. Workers of a pool come and go like this in good health. A restart under memory pressure, or a watchdog, often hides a leak by ending it early.',
      '同一程序以另一个 pid 出现，或同一 pid 呈现另一个地址空间。增长绝不跨越重启计算：每一次生命周期单独判断。进程池的工作进程本来就这样来去。内存压力下的重启或看门狗往往使泄漏提前结束，从而掩盖它。',
    ),
    action: say(
      'See whether and why it died: dmesg or journalctl -k for the OOM killer, the exit status in systemctl status, the log of whatever restarts it.',
      '查明是否退出及其原因：用 dmesg 或 journalctl -k 查看 OOM killer，用 systemctl status 查看退出状态，并查看负责重启它的组件的日志。',
    ),
    capture: null,
  },
  loudest: 'info',
  mechanisms: ['other'],
  thresholds: {
    loop: {
      value: 2,
      unit: 'count',
      because: say(
        'One restart may be a deployment; from the second on it is a loop.',
        '一次重启可能是发布；从第二次起就是循环。',
      ),
    },
  },
  requires: 'snapshots',
  needs: ['timeline', 'side'],
  evaluate: ({ timeline, side }, { loop }) => {
    const restarts = groupedBy(
      timeline.events.filter(({ kind }) => kind === 'restart'),
      ({ pid }) => pid,
    )
    const findings = programsLives(timeline.processes).flatMap(({ lives, most }) => {
      const events = lives.flatMap(({ pid }) => restarts.get(pid) ?? [])
      const process = lives.findLast(({ pid, segments }) => restarts.has(pid) && segments.length > 0)
      const segment = process?.segments[0]
      if (!process || !segment) return []
      const before = lives.find(({ pid }) => pid === process.restartOf) ?? null
      const size = before ? (lastSeen(before)?.total.rss ?? null) : null
      const killed = lives.filter(
        (life) => life !== process && side.kills.some(({ pid }) => pid !== null && pid === life.pid),
      )
      const inPlace = events.length - lives.filter(({ restartOf }) => restartOf !== null).length
      const count = most + inPlace
      return [
        infoFinding({
          process,
          segment,
          mechanism: 'other',
          subject: 'restart',
          confidence: 90,
          more: { restartsCount: count, lastResidentBytes: size },
          evidence: [
            ...firstAndLast(events).flatMap((event) => event.references),
            ...(before?.segments.length
              ? boundaryEvidence(before, before.segments[before.segments.length - 1]!).slice(-1)
              : []),
            ...boundaryEvidence(process, segment).slice(0, 1),
          ],
          summary: paragraph(
            ...firstAndLast(events).map(told),
            events.length > MOST_TOLD
              ? say(
                  `${formatCount(events.length - MOST_TOLD)} more came like this in between.`,
                  `其间还有 ${formatCount(events.length - MOST_TOLD)} 次同样的情况。`,
                )
              : null,
            before === null || size === null
              ? null
              : say(
                  `When last seen pid ${before.pid} held ${formatBytes(size)} of resident memory.`,
                  `最后一次看到进程 ${before.pid} 时，其常驻内存为 ${formatBytes(size)}。`,
                ),
            killedWords(killed, before),
            count >= loop
              ? say(
                  `${formatCount(count)} times in this capture: where they are restarts, it is a loop.`,
                  `本次采集中共 ${formatCount(count)} 次：若都是重启，则形成循环。`,
                )
              : null,
          ),
        }),
      ]
    })
    return findings.length > 0
      ? found(findings)
      : clear(say('No restart during the capture.', '采集期间没有重启。'))
  },
})

/** The lives of one program that came one after another or side by side, oldest first. */
interface Lives {
  readonly lives: ProcessTimeline[]
  /** How many earlier lives led to one of them at most; each was over before the next began. */
  most: number
}

function programsLives(processes: readonly ProcessTimeline[]): Lives[] {
  const begin = ({ snapshots }: ProcessTimeline) => snapshots[0]?.time ?? 0
  const earlier = new Map<Pid, number>()
  const groups = new Map<Pid, Lives>()
  for (const process of [...processes].sort((a, b) => begin(a) - begin(b))) {
    const { pid, restartOf } = process
    const group = (restartOf === null ? null : groups.get(restartOf)) ?? { lives: [], most: 0 }
    const count = restartOf === null ? 0 : (earlier.get(restartOf) ?? 0) + 1
    earlier.set(pid, count)
    groups.set(pid, group)
    group.lives.push(process)
    group.most = Math.max(group.most, count)
  }
  return [...new Set(groups.values())]
}

/** Of many, the first ones and the last. */
const firstAndLast = <T>(events: readonly T[]): readonly T[] =>
  events.length > MOST_TOLD ? [...events.slice(0, MOST_TOLD - 1), ...events.slice(-1)] : events

const told = ({ from, to, text }: TimelineEvent): Sentence =>
  from === null || to === null
    ? text
    : say(
        `${text.en} (between ${formatMoment(from, from)} and ${formatMoment(to, from)}).`,
        `${text.zh}（发生在 ${formatMoment(from, from)} 与 ${formatMoment(to, from)} 之间）。`,
      )

function killedWords(killed: readonly ProcessTimeline[], before: ProcessTimeline | null): Sentence | null {
  if (killed.length === 0) return null
  const [only] = killed
  return killed.length === 1 && only === before
    ? say('The kernel killed it for memory.', '它因内存不足被内核终止。')
    : say(
        `The kernel killed ${formatCount(killed.length)} of them for memory, pid ${killed.at(-1)!.pid} last.`,
        `其中 ${formatCount(killed.length)} 个因内存不足被内核终止，最后一个是进程 ${killed.at(-1)!.pid}。`,
      )
}
