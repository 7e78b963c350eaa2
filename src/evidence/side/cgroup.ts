import { MEMORY_FILE } from '../../model/place.ts'
import type { SideEvidence } from '../../model/side-evidence.ts'
import { isNamed, type SideReader } from './reader.ts'

/** Control files of cgroup v2 (Documentation/admin-guide/cgroup-v2.rst) and v1, and what they limit. */
const LIMIT_FILES: Readonly<Record<string, SideEvidence['limits'][number]['kind']>> = {
  'memory.max': 'cgroup-memory',
  'memory.limit_in_bytes': 'cgroup-memory',
  'memory.swap.max': 'cgroup-swap',
  'memory.memsw.limit_in_bytes': 'cgroup-swap',
}
/** v1 prints the largest multiple of the page size for "no limit": 0x7ffffffffffff000, or ...f0000 with 64 kB pages. */
const V1_UNLIMITED = 2 ** 62

const NAME = new RegExp(String.raw`(?:^|[\W_])${MEMORY_FILE}`)
const VALUE = /^(?:max|\d{1,20}|(?:low|high|max|oom|oom_kill|oom_group_kill) \d+)$/

export const cgroupMemory: SideReader = {
  id: 'cgroup-memory',
  sniff: (head) => {
    const prefixed = /(?:^|\/)memory\.[\w.]+(?::\S| <==$)/
    if (head.lines.some((line) => prefixed.test(line) && NAME.test(line))) return 'memory files of a cgroup'
    const lines = head.lines.filter((line) => line !== '')
    const fits = lines.length > 0 && lines.length <= 8 && lines.every((line) => VALUE.test(line))
    return isNamed(head, NAME) && fits ? 'a memory file of a cgroup' : null
  },
  open: (into, file) => ({
    line(text, number, { pid, source }) {
      if (source === null || !VALUE.test(text)) return
      const kind = LIMIT_FILES[source]
      const reference = file.reference(number)
      if (kind && !text.includes(' ')) {
        const value = text === 'max' || Number(text) >= V1_UNLIMITED ? null : Number(text)
        into.limits.push({ pid, kind, value, reference })
      }
      const kills = source === 'memory.events' ? Number(/^oom_kill (\d+)$/.exec(text)?.[1] ?? 0) : 0
      if (kills > 0)
        into.kills.push({
          pid,
          program: null,
          time: null,
          rss: null,
          text: `memory.events: oom_kill ${kills}`,
          reference,
        })
    },
  }),
}
