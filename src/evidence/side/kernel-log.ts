import { bytes, KIB } from '../../base/units.ts'
import { logTime } from './log-time.ts'
import type { SideReader } from './reader.ts'

/**
 * dmesg, `journalctl -k`, /var/log/messages. The kernel's mm/oom_kill.c says, in one line since 4.19 and in two before:
 *
 *     Out of memory: Killed process 1085 (nscd) total-vm:92536kB, anon-rss:81234kB, file-rss:0kB, shmem-rss:0kB, …
 *     Memory cgroup out of memory: Killed process 1085 (nscd) …
 *     Killed process 1085 (nscd), UID 28, total-vm:92536kB, anon-rss:81234kB, file-rss:0kB
 */
const KILLED =
  /((?:Memory cgroup out of memory: |Out of memory: |Out of memory \([^)]*\): )?Killed process (\d+)(?:, UID \d+,)? \((.*?)\)),?(.*)$/
const LOG_LINE =
  /^(?:<\d+>)?(?:\[ *\d+\.\d{6}\]|\[\w{3} \w{3} +\d{1,2} \d\d:\d\d:\d\d \d{4}\]|\w{3} +\d{1,2} \d\d:\d\d:\d\d(?:\.\d+)? \S+ \S+:|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S* \S+ \S+:|\w{3} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d)/
const RESIDENT = /\b(?:anon|file|shmem)-rss:(\d+)kB/g

export const kernelLog: SideReader = {
  id: 'kernel-log',
  sniff: (head) => {
    if (head.lines.some((line) => KILLED.test(line))) return 'the kernel killed a process for want of memory'
    const filled = head.lines.filter((line) => line !== '')
    const logged = filled.filter((line) => LOG_LINE.test(line)).length
    return logged > 0 && logged * 2 >= filled.length ? 'lines of a system log' : null
  },
  open: (into, file) => ({
    line(text, number) {
      const match = KILLED.exec(text)
      if (!match) return
      const parts = [...match[4]!.matchAll(RESIDENT)].map((part) => Number(part[1]))
      into.kills.push({
        pid: Number(match[2]),
        program: match[3]!,
        time: logTime(text, file),
        rss: parts.length > 0 ? bytes(parts.reduce((sum, part) => sum + part, 0) * KIB) : null,
        text: match[1]!,
        reference: file.reference(number),
      })
    },
  }),
}
