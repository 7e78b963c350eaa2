/** Values that people write on the command line and in the configuration, turned into numbers. Throws UsageError. */
import { lstatSync, readFileSync, statSync } from 'node:fs'
import { UsageError } from './exit-status.ts'

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 1024,
  kib: 1024,
  kb: 1000,
  m: 1024 ** 2,
  mib: 1024 ** 2,
  mb: 1000 ** 2,
  g: 1024 ** 3,
  gib: 1024 ** 3,
  gb: 1000 ** 3,
  t: 1024 ** 4,
  tib: 1024 ** 4,
  tb: 1000 ** 4,
}

/** `2GiB`, `512M`, `1048576`: K, M, G, T and KiB… count in 1024, kB, MB… in 1000. */
export function parseSize(text: string, name: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim())
  const unit = match ? UNITS[match[2]!.toLowerCase()] : undefined
  if (!match || unit === undefined)
    throw new UsageError(`${name}: '${text}' is not a size; write for example 512MiB or 2GiB`)
  const size = Math.round(Number(match[1]) * unit)
  if (!Number.isSafeInteger(size)) throw new UsageError(`${name}: '${text}' is too large`)
  return size
}

/** A whole number of at least `least`. */
export function parseCount(text: string, name: string, least: number): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value) || value < least)
    throw new UsageError(`${name}: '${text}' is not a whole number of at least ${least}`)
  return value
}

/** `2026-11-22`, an existing day. */
export function parseDay(text: string, name: string): string {
  const match = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  const at = match ? new Date(`${text}T00:00:00Z`) : null
  if (!at || Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text)
    throw new UsageError(`${name}: '${text}' is not a day; write it as 2026-11-22`)
  return text
}

/** An IANA zone (`Asia/Shanghai`), `UTC`, or an offset (`+08:00`). */
export function parseZone(text: string, name: string): string {
  if (/^[+-](?:0\d|1[0-4]):[0-5]\d$/.test(text)) return text
  try {
    new Intl.DateTimeFormat('en', { timeZone: text })
    return text
  } catch {
    throw new UsageError(
      `${name}: '${text}' is not a time zone; write for example UTC, +08:00 or Asia/Shanghai`,
    )
  }
}

/** `html,json`: members of `known`, each once. */
export function parseList<T extends string>(text: string, name: string, known: readonly T[]): T[] {
  const words = text.split(',').map((word) => word.trim())
  for (const word of words)
    if (!known.includes(word as T)) throw new UsageError(`${name}: '${word}' is none of ${known.join(', ')}`)
  return [...new Set(words as T[])]
}

/** One member of `known`. */
export function parseChoice<T extends string>(text: string, name: string, known: readonly T[]): T {
  if (!known.includes(text as T)) throw new UsageError(`${name}: '${text}' is none of ${known.join(', ')}`)
  return text as T
}

/** A path of the command line. */
export function pathGiven(word: unknown): string {
  if (word === '') throw new UsageError('a path is empty: perhaps a variable that is not set')
  return String(word)
}

/** Whether something lies at the path, be it a link to nothing; below a file lies nothing. */
export function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false
    throw error
  }
}

/** `true`, `yes`, `on`, `1` and their opposites. */
export function parseFlag(word: string, name: string): boolean {
  if (/^(?:true|1|yes|on)$/i.test(word)) return true
  if (/^(?:false|0|no|off)$/i.test(word)) return false
  throw new UsageError(`${name}: '${word}' is neither true nor false`)
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'it is a folder',
  EACCES: 'no permission',
}

/** Above the bound of report.json, and far above everything else that is named. */
const MOST_INPUT = 256 * 1024 * 1024

/**
 * The file that an option names, or a default when `name` is `null`. Nothing else is opened: a pipe that nobody writes to
 * would be waited for for ever, and a device has no end. Throws UsageError with the reason.
 */
export function readInput(path: string, name: string | null): Buffer {
  const refusal = (reason: string | undefined) =>
    new UsageError(`${name === null ? '' : `${name}: `}cannot read ${path}: ${reason}`)
  try {
    const stat = statSync(path)
    if (!stat.isFile() && !stat.isDirectory()) throw refusal('a pipe, socket or device, not a file')
    if (stat.size > MOST_INPUT) throw refusal('larger than 256 MiB')
    return readFileSync(path)
  } catch (error) {
    if (error instanceof UsageError) throw error
    const code = (error as NodeJS.ErrnoException).code
    throw refusal(UNREADABLE[code ?? ''] ?? code)
  }
}
