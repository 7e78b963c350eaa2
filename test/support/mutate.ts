/**
 * Evidence rewritten as another host could have written it: other pids, other addresses, another time of day, other
 * thread names. What it says about memory stays the same.
 */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export interface Mutation {
  /** Added to every pid and tid of the case. */
  readonly pidShift?: number
  /** Added to every address; a multiple of 64 MiB keeps the layout of malloc arenas. */
  readonly addressShift?: number
  /** Seconds added to every stamp; must not cross midnight. */
  readonly timeShift?: number
  readonly threadName?: (name: string) => string
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      return statSync(path).isDirectory() ? filesBelow(path) : [path]
    })

/** Writes the mutated copy of `from` below `to`. */
export function mutateEvidence(from: string, to: string, mutation: Mutation): void {
  const paths = filesBelow(from)
  const tids = new Set(paths.flatMap((path) => numbersOf(path)))
  for (const path of paths) for (const tid of startedIn(path)) tids.add(tid)
  const shiftTids = (text: string) =>
    mutation.pidShift
      ? text.replace(/(?<![\w.])\d{3,7}(?!\w|\.\d)/g, (number) =>
          tids.has(Number(number)) ? String(Number(number) + mutation.pidShift!) : number,
        )
      : text
  for (const path of paths) {
    const target = join(to, renamed(relative(from, path), mutation, tids))
    mkdirSync(dirname(target), { recursive: true })
    const text = readFileSync(path, 'latin1')
    writeFileSync(target, mutated(text, path, mutation, shiftTids), 'latin1')
  }
}

function mutated(
  text: string,
  path: string,
  mutation: Mutation,
  shiftTids: (text: string) => string,
): string {
  const { addressShift = 0, timeShift = 0, threadName } = mutation
  if (/smaps_/.test(path))
    return addressShift === 0
      ? text
      : text.replace(
          /^([0-9a-f]+)-([0-9a-f]+) (?!.*\[vsyscall\])/gm,
          (_, start: string, end: string) => `${shifted(start, addressShift)}-${shifted(end, addressShift)} `,
        )
  let result = text
  if (addressShift !== 0)
    result = result.replace(
      /0x([0-9a-f]{9,12})\b/g,
      (_, digits: string) => `0x${shifted(digits, addressShift)}`,
    )
  if (timeShift !== 0)
    result = result.replace(
      /\b(\d\d):(\d\d):(\d\d)(\.\d+)/g,
      (_, h: string, m: string, s: string, rest: string) =>
        `${clock(Number(h) * 3600 + Number(m) * 60 + Number(s) + timeShift)}${rest}`,
    )
  if (threadName)
    result = result.replace(
      /PR_SET_NAME, "([^"]*)"/g,
      (_, name: string) => `PR_SET_NAME, "${threadName(name)}"`,
    )
  return shiftTids(result)
}

const shifted = (digits: string, by: number): string => (Number.parseInt(digits, 16) + by).toString(16)
const two = (value: number): string => String(value).padStart(2, '0')
const clock = (seconds: number): string =>
  `${two(Math.floor(seconds / 3600))}:${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`

function renamed(path: string, { pidShift = 0, timeShift = 0 }: Mutation, tids: ReadonlySet<number>): string {
  return path
    .replace(/smaps_(\d+)_/, (_, pid: string) => `smaps_${Number(pid) + pidShift}_`)
    .replace(/\.(\d+)$/, (all, tid: string) => (tids.has(Number(tid)) ? `.${Number(tid) + pidShift}` : all))
    .replace(/_(\d{8})(\d\d)(\d\d)(\d\d)?$/, (_, day: string, h: string, m: string, s?: string) => {
      const at = clock(Number(h) * 3600 + Number(m) * 60 + Number(s ?? 0) + timeShift).replaceAll(':', '')
      return `_${day}${s === undefined ? at.slice(0, 4) : at}`
    })
}

/** Ids in file names: `smaps_<pid>_…`, `name.<tid>`. */
function numbersOf(path: string): number[] {
  const match = /smaps_(\d+)_/.exec(path) ?? /\.(\d+)$/.exec(path)
  return match ? [Number(match[1])] : []
}

/** Threads and processes that a log shows being started, and those an interleaved log speaks of. */
function startedIn(path: string): number[] {
  if (/smaps_/.test(path)) return []
  const text = readFileSync(path, 'latin1')
  return [
    ...[...text.matchAll(/clone3?\(.*\) = (\d+)/g)].map((match) => Number(match[1])),
    ...[...text.matchAll(/^(?:\[pid +)?(\d+)\]? /gm)].map((match) => Number(match[1])),
  ]
}
