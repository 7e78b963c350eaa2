import { isCommandLine, programOf } from '../../model/command-line.ts'
import type { SideReader } from './reader.ts'

/**
 * `top -b` and `top -H -b` of procps-ng:
 *
 *     Threads:   6 total,   0 running, …
 *         PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND
 *        1086 root      20   0   92536   2104   1724 S   0.0   0.1   0:00.01 nscd
 *
 * With -H the column PID holds thread ids, and nothing says whose threads they are. With -c COMMAND is the command line,
 * which names the program and no thread.
 */
const HEADER = /^\s*PID\s+USER\s+PR\s+NI\s+VIRT\s+.*%CPU\s+%MEM\s+TIME\+\s+COMMAND\s*$/
const ROW = /^\s*(\d+) \S+\s+\S+\s+-?\d+\s+\S+\s+\S+\s+\S+\s+\S\s+\S+\s+\S+\s+\S+ +(\S.*)$/

export const topThreads: SideReader = {
  id: 'top',
  sniff: (head) => {
    if (!head.lines.some((line) => HEADER.test(line))) return null
    return head.lines.some((line) => line.startsWith('Threads:'))
      ? 'the columns of top -H'
      : 'the columns of top'
  },
  open: (into, file) => {
    let ofThreads = false
    let inTable = false
    const seen = new Set<string>()
    return {
      line(text, number, place) {
        if (/^(?:Threads|Tasks):/.test(text)) ofThreads = text.startsWith('Threads:')
        if (HEADER.test(text)) inTable = true
        const match = inTable ? ROW.exec(text) : null
        if (!match) {
          if (text.trim() === '') inTable = false
          return
        }
        const id = Number(match[1])
        // A name that does not fit is cut and marked with `+`.
        const name = match[2]!.trimEnd()
        if (seen.has(`${id} ${name}`) || name.endsWith('+')) return
        seen.add(`${id} ${name}`)
        const reference = file.reference(number)
        const isLine = isCommandLine(name, ofThreads)
        if (ofThreads && isLine) return
        const program = isLine ? programOf(name) : name
        if (ofThreads) into.threadNames.push({ pid: place.pid, tid: id, name, reference })
        else if (program !== null) into.programs.push({ pid: id, program, reference })
      },
    }
  },
}
