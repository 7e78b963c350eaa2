import { isCommandLine, programOf, THREAD_COLUMNS } from '../../model/command-line.ts'
import { anyLine, type SideFile, type SideLines, type SideLists, type SideReader } from './reader.ts'

/**
 * ps of procps-ng (its man page, "STANDARD FORMAT SPECIFIERS"):
 *
 *     UID          PID    PPID     LWP  C NLWP STIME TTY          TIME CMD        ps -eLf
 *     root        1085       1    1086  0    6 19:42 ?        00:00:01 /usr/sbin/nscd
 *         PID    SPID TTY          TIME CMD                                       ps -T -p 1085
 *
 * With -f and with `aux` CMD is the command line of the process, the same for all its threads: that names the program
 * and no thread. Otherwise it is comm, which is a thread's own name, 15 bytes at most.
 */
/** Not top's header, which has VIRT. */
const HEADER = /^\s*(?!.*\bVIRT\b)(?:[A-Z%]+\s+)*PID\s+.*\b(?:CMD|COMMAND)\s*$/
/** Columns that print more than one word, so that what follows cannot be counted. */
const WIDE = ['STARTED']

interface Columns {
  readonly count: number
  readonly pid: number
  /** -1 in a list of processes. */
  readonly tid: number
  readonly isCommandLine: boolean
}

export const psThreads: SideReader = {
  id: 'ps',
  sniff: anyLine(HEADER, 'the column names of ps'),
  open: (into, file) => new PsLines(into, file),
}

class PsLines implements SideLines {
  readonly #into: SideLists
  readonly #file: SideFile
  #columns: Columns | null = null

  constructor(into: SideLists, file: SideFile) {
    this.#into = into
    this.#file = file
  }

  line(text: string, number: number): void {
    if (HEADER.test(text)) this.#columns = columnsOf(text.trim().split(/\s+/))
    else if (this.#columns) this.#row(text, number, this.#columns)
  }

  #row(text: string, number: number, columns: Columns): void {
    const match = new RegExp(`^\\s*((?:\\S+\\s+){${columns.count - 1}})(\\S.*)$`).exec(text)
    const fields = match?.[1]?.trim().split(/\s+/) ?? []
    const pid = numeral(fields[columns.pid])
    const tid = columns.tid < 0 ? pid : numeral(fields[columns.tid])
    const command = match?.[2]?.trimEnd()
    if (pid === null || tid === null || command === undefined) {
      this.#columns = null
      return
    }
    const reference = this.#file.reference(number)
    const isLine = columns.isCommandLine || isCommandLine(command, columns.tid >= 0)
    if (columns.tid >= 0 && !isLine) this.#into.threadNames.push({ pid, tid, name: command, reference })
    const program = isLine ? programOf(command) : command
    if (tid === pid && program !== null) this.#into.programs.push({ pid, program, reference })
  }
}

function columnsOf(names: readonly string[]): Columns | null {
  if (names.some((name) => WIDE.includes(name))) return null
  return {
    count: names.length,
    pid: names.indexOf('PID'),
    tid: names.findIndex((name) => THREAD_COLUMNS.includes(name)),
    isCommandLine: names.includes('UID') || names.includes('USER') || names.includes('%CPU'),
  }
}

const numeral = (text: string | undefined): number | null =>
  text !== undefined && /^\d{1,10}$/.test(text) ? Number(text) : null
