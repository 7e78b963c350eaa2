import { folderOf } from '../base/path-parts.ts'
import { ASSIGNMENT, BRACKETED, isCommandLine } from '../model/command-line.ts'
import type { Keeper } from './keeper.ts'
import { redactName, redactPath } from './paths.ts'
import { isHomes } from './text.ts'

/** CMD of ps without -f: the name of a thread or a process, unless it is a command line. */
export function redactCommand(command: string, ofThread: boolean, keeper: Keeper): string {
  const name = command.trimEnd()
  return isCommandLine(name, ofThread)
    ? redactCommandLine(command, keeper)
    : redactName(name, keeper) + command.slice(name.length)
}

/** Program and arguments, separated by blanks or NULs: arguments are what execve was given. */
export function redactCommandLine(text: string, keeper: Keeper): string {
  const whole = text.trim()
  const bare = BRACKETED.exec(whole)?.[1]
  if (bare !== undefined && !keeper.isToken(whole)) return text.replace(bare, () => redactName(bare, keeper))
  const [, blanks, program, rest] = /^(\s*)([^\s\0]*?(?=:?(?:[\s\0]|$)))(.*)$/s.exec(text)!
  return (
    blanks +
    redactProgram(program!, keeper) +
    rest!.replace(/[^\s\0]+/g, (word) =>
      word === ':' || keeper.isToken(word) ? word : keeper.payload('arguments', word),
    )
  )
}

/** A program's path. Under `strict` its last part is a name, so that it is called the same without the path. */
function redactProgram(program: string, keeper: Keeper): string {
  const [, name, value] = ASSIGNMENT.exec(program) ?? []
  if (name !== undefined) return `${redactName(name, keeper)}=${keeper.payload('arguments', value!)}`
  if (keeper.isToken(program)) return program
  if (!program.includes('/')) return redactName(program, keeper)
  const folder = folderOf(program)
  if (!keeper.strict || isHomes(folder)) return redactPath(program, keeper)
  return redactPath(folder, keeper) + redactName(program.slice(folder.length), keeper)
}

const SYSTEM_ACCOUNT =
  /^(?:root|daemon|nobody|nogroup|users|nscd|www-data|mysql|postgres|redis|nginx|systemd-\S+|\d+)$/

/** Accounts that every system has say nothing; others are people. */
export const isSystemAccount = (name: string): boolean => SYSTEM_ACCOUNT.test(name)

export const account = (name: string, keeper: Keeper): string =>
  isSystemAccount(name) ? name : keeper.name('user', name)

/** Columns of which the first may be an account. */
export const accounted = (columns: string, keeper: Keeper): string =>
  columns.replace(
    /^(\s*)([A-Za-z_][^\s:]*)(?=\s)/,
    (_, gap: string, user: string) => gap + account(user, keeper),
  )

const PLAIN_VALUE =
  /^(?:[-+]?[\d.,:]+[KMGTkmgthdw%]?|\d+-[\d:]+|\?|-|pts\/\d+|tty\w*|rt|[RSDTZIWtXK][<NLsl+]*|TS|FF|RR|[A-Z][a-z]{2}\d\d)$/

/** Numbers, times, terminals, states and classes: no name. */
export const isPlainValue = (value: string): boolean => PLAIN_VALUE.test(value)

/** What stands before a command line: any word may be a name. */
export const plainColumns = (columns: string, keeper: Keeper): string =>
  columns.replace(/\S+/g, (word) => {
    const bare = withoutSigns(word)
    return bare === '' || isPlainValue(bare) || keeper.isToken(word)
      ? word
      : keeper.payload('side-line', word)
  })

const LETTER = /[A-Za-z0-9]/

/** A word without the brackets and lines of a tree around it. */
function withoutSigns(word: string): string {
  let [start, end] = [0, word.length]
  while (start < end && !LETTER.test(word[start]!)) start++
  while (end > start && !LETTER.test(word[end - 1]!)) end--
  return word.slice(start, end)
}
