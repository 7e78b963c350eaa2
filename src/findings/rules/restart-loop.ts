import { formatBytes, formatCount, formatMoment } from '../../base/format.ts'
import { groupedBy } from '../../base/grouped.ts'
import type { Pid } from '../../base/units.ts'
import type { ProcessTimeline } from '../../model/timeline.ts'
import { boundaryEvidence } from '../evidence.ts'
import { infoFinding } from '../info-finding.ts'
import { clear, defineRule, found } from '../rule.ts'
import { paragraph, say } from '../words/say.ts'

const lastSeen = (process: ProcessTimeline) => process.snapshots[process.snapshots.length - 1]

/** The process was gone and another life of its program came; when, how big it was. */
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
    const events = timeline.events.filter(({ kind }) => kind === 'restart')
    const restarts = groupedBy(events, ({ pid }) => pid)
    const known = new Map(timeline.processes.map((process) => [process.pid, process]))
    const lives = earlierLives(timeline.processes)
    const findings = timeline.processes.flatMap((process) => {
      const mine = restarts.get(process.pid) ?? []
      const segment = process.segments[0]
      if (mine.length === 0 || !segment) return []
      const before = process.restartOf === null ? null : (known.get(process.restartOf) ?? null)
      const size = before ? (lastSeen(before)?.total.rss ?? null) : null
      const killed = side.kills.some((kill) => kill.pid !== null && kill.pid === before?.pid)
      const count = lives.get(process.pid)! + Math.max(0, mine.length - (before ? 1 : 0))
      const looped = count >= loop
      return [
        infoFinding({
          process,
          segment,
          mechanism: 'other',
          subject: 'restart',
          confidence: 90,
          more: { restartsCount: count, lastResidentBytes: size },
          evidence: [
            ...mine.flatMap((event) => event.references),
            ...(before?.segments.length
              ? boundaryEvidence(before, before.segments[before.segments.length - 1]!).slice(-1)
              : []),
            ...boundaryEvidence(process, segment).slice(0, 1),
          ],
          summary: paragraph(
            ...mine.map(({ from, to, text }) =>
              from === null || to === null
                ? text
                : say(
                    `${text.en} (between ${formatMoment(from, from)} and ${formatMoment(to, from)}).`,
                    `${text.zh}（发生在 ${formatMoment(from, from)} 与 ${formatMoment(to, from)} 之间）。`,
                  ),
            ),
            before === null || size === null
              ? null
              : say(
                  `When last seen pid ${before.pid} held ${formatBytes(size)} of resident memory.`,
                  `最后一次看到进程 ${before.pid} 时，其常驻内存为 ${formatBytes(size)}。`,
                ),
            killed ? say('The kernel killed it for memory.', '它因内存不足被内核终止。') : null,
            looped
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

/** How many earlier lives led to each process; a life was over before the next began. */
function earlierLives(processes: readonly ProcessTimeline[]): ReadonlyMap<Pid, number> {
  const lives = new Map<Pid, number>()
  const begin = ({ snapshots }: ProcessTimeline) => snapshots[0]?.time ?? 0
  for (const { pid, restartOf } of [...processes].sort((a, b) => begin(a) - begin(b)))
    lives.set(pid, restartOf === null ? 0 : (lives.get(restartOf) ?? 0) + 1)
  return lives
}
