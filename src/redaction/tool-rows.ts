import { account, isSystemAccount, plainColumns, redactCommand, redactCommandLine } from './command-line.ts'
import type { Keeper } from './keeper.ts'
import { redactPeerOrPath } from './peers.ts'
import { redactText } from './text.ts'
import { keepKernelWords } from './words.ts'

/** One kind of line by its form. */
export interface KindOfLine {
  readonly form: RegExp
  readonly change: (match: string[], keeper: Keeper) => string
}

const TIME = String.raw`\d{1,9}:\d\d(?::\d\d)?`
/** The time that a process has run for stands behind that at which it began, and a terminal may between them. */
const NOT_YET = String.raw`(?:(?:\?|-|pts/\d+|tty\w*)\s+)?(?:\d+-)?${TIME}\s`
const masked = (text: string): string => '*'.repeat(text.length)

/** Rows of ls, lsof, top and ps, known without their header. */
export const TOOL_ROWS: readonly KindOfLine[] = [
  // ls -l /proc/PID/fd, its `.` and `..`, and of anything else beside it
  {
    form: /^([-bcdlps][-rwxsStT]{9}[.+@]? +\d+ +)(\S+)( +)(\S+)( +.*?)(?:( \d{1,7} -> '?)(.+?)('?))?$/s,
    change: ([, mode, owner, gap, group, columns, link, target, close], keeper) =>
      mode +
      account(owner!, keeper) +
      gap +
      account(group!, keeper) +
      (link === undefined
        ? keepKernelWords(columns!, 'side-line', keeper)
        : columns + link + redactPeerOrPath(target!, keeper) + close),
  },
  // lsof finds NAME by its column: what stands before it keeps its width
  {
    form: /^(\S+)(\s+\d+\s+)(?:(\d+\s+)(?:(\S+)(\s+))?)??(\S+)(\s+(?:\d+[rwu-][A-Za-z]?\s+\S+|(?:\d+|cwd|rtd|txt|mem|DEL)[A-Za-z]?\s+(?:REG|DIR|CHR|FIFO|IPv[46]|unix|sock|a_inode|BLK|LINK|netlink|unknown))\s.*?\d\s+)([^\s\d].*)$/s,
    change: ([, command, pid, tid = '', task = '', gap = '', user, columns, target], keeper) =>
      (keeper.strict ? masked(command!) : redactText(command!, keeper)) +
      pid +
      tid +
      (keeper.strict ? masked(task) : redactText(task, keeper)) +
      gap +
      (isSystemAccount(user!) ? user! : masked(user!)) +
      columns +
      redactPeerOrPath(target!, keeper),
  },
  {
    form: /^(\S+)(\s+\d+\s+)(\S+)(\s+(?:cwd|rtd|txt|mem|mmap|ltx|err|DEL|NOFD)(?:-[A-Za-z])?\s)(.*)$/s,
    change: ([, command, pid, user, descriptor, rest], keeper) =>
      (keeper.strict ? masked(command!) : redactText(command!, keeper)) +
      pid +
      (isSystemAccount(user!) ? user! : masked(user!)) +
      descriptor +
      keepKernelWords(rest!, 'side-line', keeper),
  },
  // top
  {
    form: /^(\s*\d+ )(\S+)(\s+\S+\s+-?\d+\s+\S+\s+\S+\s+\S+\s+\S\s+\S+\s+\S+\s+\d+(?::\d\d(?:\.\d\d)?|,\d\d|[hdw]) +)(\S.*)$/s,
    change: ([, pid, user, columns, command], keeper) =>
      pid + account(user!, keeper) + columns + redactCommand(command!, true, keeper),
  },
  // ps with a column of accounts: CMD is a command line, and START before TIME looks like a time too
  {
    form: new RegExp(`^(\\s*)([^\\s\\d]\\S*)(\\s+\\d+\\s.*?${TIME}\\s+)(?!${NOT_YET})(\\S.*)$`, 's'),
    change: ([, gap, user, columns, command], keeper) =>
      gap + account(user!, keeper) + plainColumns(columns!, keeper) + redactCommandLine(command!, keeper),
  },
  // ps without: `PID TID TTY TIME CMD` and `PID TID COMMAND`
  {
    form: new RegExp(`^(\\s*\\d+(?:\\s+\\S+)*?\\s+${TIME}\\s+)(?!${NOT_YET})(\\S.*)$`, 's'),
    change: ([, columns, command], keeper) =>
      plainColumns(columns!, keeper) + redactCommand(command!, false, keeper),
  },
  {
    form: /^(\s*\d{1,10}(?:\s+\d{1,10}){1,3}\s+)([^\s\d].*)$/s,
    change: ([, columns, command], keeper) => columns + redactCommand(command!, false, keeper),
  },
]
