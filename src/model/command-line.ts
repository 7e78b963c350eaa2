import { leafOf } from '../base/path-parts.ts'

/** TASK_COMM_LEN − 1: what the kernel keeps of a name. */
export const LONGEST_COMM = 15

/** Columns of ps that say which thread a row is about. */
export const THREAD_COLUMNS: readonly string[] = ['LWP', 'SPID', 'TID']

/** `PW=secret` in front of a command line: names no program, and what stands behind the sign is data. */
export const ASSIGNMENT = /^([-.\w]+)=(.*)$/s

/**
 * What ps prints of a process without a command line: its name in brackets, blanks and all. `[ -d x ]` is a command line
 * of test, and so is what has arguments behind the bracket.
 */
export const BRACKETED = /^\[((?![\s\0-])[^\]\0]*)\](?: <defunct>)?$/
const IN_BRACKETS = /^\[[^\]]*\]/
/** A kernel thread as it is called itself: `kworker/0:1H-kblockd`, `ksoftirqd/0`. The slash is no folder's. */
const KERNEL_THREAD = /^[a-z]\w*\/(?:u?\d+(?::\d+H?)?|R)(?:[-+]\S*)?$/

/**
 * Whether what ps and top print as COMMAND is a program with its arguments; else it is a name. Threads have names with
 * blanks; in a list of processes a blank stands before an argument.
 */
export const isCommandLine = (command: string, ofThread: boolean): boolean =>
  IN_BRACKETS.test(command) ||
  (!KERNEL_THREAD.test(command) &&
    (command.length > LONGEST_COMM ||
      command.includes('/') ||
      (ofThread ? / -\S/.test(command) : command.includes(' ') || ASSIGNMENT.test(command))))

/** The program's own name out of a command line or path; `null` where the first word is an assignment. */
export function programOf(command: string): string | null {
  const own = command.trim()
  const name = BRACKETED.exec(own)?.[1]
  if (name !== undefined) return name
  const first = /^[^\s\0]*/.exec(own)![0]
  return ASSIGNMENT.test(first) ? null : leafOf(first).replace(/:$/, '')
}

/** A prompt and a command that tells the place of what follows, as in a pasted session: `# cat /proc/1085/limits`. */
export const PLACE_COMMAND = /^(?:\[[^\]]*\]\s?)?[^\s]*[#$] .*?(\/(?:proc|sys)\/\S+)/

/** What no argument holds, so that it ends one that nothing closed: banners, headings, first rows of what tools print. */
const BEGINNINGS: readonly RegExp[] = [
  // head and tail, grep
  /^(?:==> |\/(?:proc|sys)\/)/,
  // ps, top, lsof
  /^(?=[A-Z%+/# \t]*$)(?=(?:.*[ \t])?PID[ \t]).*(?:CMD|COMMAND)[ \t]*$/,
  /^COMMAND[ \t]+PID[ \t][A-Z/ \t]*NAME[ \t]*$/,
  // limits, status, kernel logs, gdb, malloc_info
  /^(?:Limit +Soft Limit|Max [a-z ]+ {2,}(?:unlimited|\d)|Name:\t|\[ *\d+\.\d{6}\] |Thread \d+ \(|<malloc version)/,
]
/** A comment of a script begins with `#`, a prompt before it. */
const begins = (line: string): boolean =>
  BEGINNINGS.some((form) => form.test(line)) || (/^[^#$]/.test(line) && PLACE_COMMAND.test(line))

/**
 * Goes through a file line by line and knows what is the rest of an argument: those of /proc/PID/cmdline end in NUL and
 * may hold newlines. What stands in one is data of a program, however much it looks like something else.
 */
export class OpenArgument {
  #isOpen = false

  /** Whether the line is the rest of an argument that began in a line before. */
  holds(line: string): boolean {
    const isRest = this.#isOpen && !begins(line)
    this.#isOpen = isRest ? !line.endsWith('\0') : opensArgument(line)
    return isRest
  }
}

/** NULs that a crash left stand at the beginning. */
const opensArgument = (line: string): boolean =>
  line.indexOf('\0') > 0 && !line.endsWith('\0') && !PLACE_COMMAND.test(line)
