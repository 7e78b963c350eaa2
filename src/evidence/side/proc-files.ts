import { LONGEST_COMM, programOf } from '../../model/command-line.ts'
import type { Place } from '../../model/place.ts'
import { anyLine, isNamed, type SideReader } from './reader.ts'

/**
 * Files of /proc/PID as proc(5) describes them, each copied, printed with `tail -n +1`, or searched with `grep .`; the
 * place (pid, tid, file) comes with each line.
 */

/** `/proc/1085/task/1086/comm:worker`, or a file `…/task/1086/comm`. */
export const taskComm: SideReader = {
  id: 'proc-comm',
  sniff: (head) => {
    if (head.lines.some((line) => /\/proc\/\d+\/(?:task\/\d+\/)?comm(?::| <==)/.test(line)))
      return 'thread names out of /proc/PID/task'
    const isOne = head.whole && head.lines.length === 1 && (head.lines[0]?.length ?? 99) <= 15
    return isOne && /(?:^|\/)\d+\/(?:task\/\d+\/)?comm$/.test(head.path) ? 'a copy of /proc/PID/comm' : null
  },
  open: (into, file) => {
    let before: Place | null = null
    return {
      line(text, number, place) {
        // One line: what follows it in a pasted session is something else.
        if (place === before) return
        before = place
        const { pid, tid, source } = place
        if (source !== 'comm' || text === '' || text.length > LONGEST_COMM) return
        const reference = file.reference(number)
        if (tid !== null) into.threadNames.push({ pid, tid, name: text, reference })
        if (pid !== null && (tid === null || tid === pid))
          into.programs.push({ pid, program: text, reference })
      },
    }
  },
}

/** `Name:`, `Tgid:`, `Pid:` of /proc/PID/status; of a thread when Pid is not Tgid. */
export const procStatus: SideReader = {
  id: 'proc-status',
  sniff: (head) =>
    head.lines.some((line) => /^Name:\t/.test(line)) && head.lines.some((line) => /^Tgid:\t\d/.test(line))
      ? 'the fields of /proc/PID/status'
      : null,
  open: (into, file) => {
    let name: string | null = null
    let tgid: number | null = null
    return {
      line(text, number) {
        const [, key, value] = /^(Name|Tgid|Pid):\t(.*)$/.exec(text) ?? []
        if (key === 'Name') name = value!
        if (key === 'Tgid') tgid = Number(value)
        if (key !== 'Pid' || name === null || tgid === null) return
        const tid = Number(value)
        const reference = file.reference(number)
        into.threadNames.push({ pid: tgid, tid, name, reference })
        if (tid === tgid) into.programs.push({ pid: tgid, program: name, reference })
        name = null
        tgid = null
      },
    }
  },
}

const LIMITS = { 'Max address space': 'address-space', 'Max data size': 'data' } as const

/** `Max address space         unlimited            unlimited            bytes`: the soft limit is the one that acts. */
export const procLimits: SideReader = {
  id: 'proc-limits',
  sniff: anyLine(/^Limit\s+Soft Limit\s+Hard Limit\s+Units/, 'the columns of /proc/PID/limits'),
  open: (into, file) => ({
    line(text, number, { pid }) {
      const [, name, soft] = /^(Max address space|Max data size)\s+(unlimited|\d+)\s/.exec(text) ?? []
      if (name === undefined) return
      into.limits.push({
        pid,
        kind: LIMITS[name as keyof typeof LIMITS],
        value: soft === 'unlimited' ? null : Number(soft),
        reference: file.reference(number),
      })
    },
  }),
}

/** Arguments separated by NUL; spaces where a tool replaced them. An argument may hold newlines: only the first line counts. */
export const procCmdline: SideReader = {
  id: 'proc-cmdline',
  sniff: (head) => {
    if (head.lines.some((line) => /\/proc\/\d+\/cmdline(?::| <==)/.test(line)))
      return 'command lines out of /proc'
    const isText = head.bytes.every((byte) => byte === 0 || byte >= 32 || byte === 9 || byte === 10)
    return isNamed(head, /^(?:.*[-_.])?cmdline(?:[-_.].*)?$/) && isText ? 'a copy of /proc/PID/cmdline' : null
  },
  open: (into, file) => {
    let last: number | null = null
    return {
      line(text, number, { pid, source }) {
        if (source !== 'cmdline' || pid === null || pid === last || text === '') return
        last = pid
        const program = programOf(text)
        if (program !== null) into.programs.push({ pid, program, reference: file.reference(number) })
      },
    }
  },
}

/** `vm.max_map_count = 65530` of sysctl, or the file itself. */
export const mapCount: SideReader = {
  id: 'max-map-count',
  sniff: (head) => {
    if (head.lines.some((line) => /^(?:vm\.max_map_count\s*=|\S*\/max_map_count:)\s*\d+/.test(line)))
      return 'vm.max_map_count'
    const isOne = head.whole && /^\d{1,10}$/.test(head.lines.join('').trim())
    return isOne && isNamed(head, /max_map_count/) ? 'a copy of /proc/sys/vm/max_map_count' : null
  },
  open: (into, file) => ({
    line(text, number, { source }) {
      const match = /^vm\.max_map_count\s*=\s*(\d+)\s*$/.exec(text)
      const own = source === 'max_map_count' ? /^\s*(\d+)\s*$/.exec(text) : null
      const value = match?.[1] ?? own?.[1]
      if (value !== undefined)
        into.limits.push({
          pid: null,
          kind: 'map-count',
          value: Number(value),
          reference: file.reference(number),
        })
    },
  }),
}
