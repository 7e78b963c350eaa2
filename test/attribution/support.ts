/** Captures written as text: strace lines by thread and maps by second, read by the real parsers. */
import type { Keeper } from '../../src/attribution/address-space.ts'
import { attribute } from '../../src/attribution/attribute.ts'
import { StringTable } from '../../src/base/string-table.ts'
import { type Micros, micros } from '../../src/base/units.ts'
import type { Attribution, MechanismAccount } from '../../src/model/attribution.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { EvidenceFile, EvidenceFormat, NameHints } from '../../src/model/evidence.ts'
import type { SideEvidence } from '../../src/model/side-evidence.ts'
import type { Snapshot } from '../../src/model/snapshot.ts'
import type { Trace } from '../../src/model/trace.ts'
import { readSnapshots } from '../../src/smaps/read-snapshots.ts'
import { readTraces } from '../support/read-traces.ts'
import { NO_SIDE_EVIDENCE } from '../support/side-evidence.ts'

/** Midnight of the day on which the written captures play. */
const DAY = Date.UTC(2026, 10, 22) * 1000

const NO_HINTS: NameHints = { pid: null, tid: null, group: null, stamp: null, stampWidth: null }

export function textFile(
  path: string,
  format: EvidenceFormat,
  text: string,
  hints: Partial<NameHints> = {},
): EvidenceFile {
  const bytes = Buffer.from(text)
  return {
    path,
    bytes: bytes.length,
    format,
    side: null,
    why: 'written by a test',
    hints: { ...NO_HINTS, ...hints },
    diskPath: null,
    async *read() {
      yield bytes
    },
  }
}

/** `09:00:01.500000 munmap(…) = 0 <0.000010>` from `1.5 munmap(…) = 0 <10>`: seconds after nine, -T in microseconds. */
export function line(short: string): string {
  const [, seconds, call, duration] = /^([\d.]+) (.*?)(?: <([\d.]+)>)?$/.exec(short.trim())!
  const whole = 9 * 3600 + Math.floor(Number(seconds))
  const fraction = Math.round((Number(seconds) % 1) * 1e6)
  const two = (value: number): string => String(value).padStart(2, '0')
  const clock = `${two(Math.floor(whole / 3600))}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`
  const tail = duration === undefined ? '' : ` <${(Number(duration) / 1e6).toFixed(6)}>`
  return `${clock}.${String(fraction).padStart(6, '0')} ${call}${tail}`
}

/** Logs by thread, as `strace -ff -tt -T -o app` writes them. */
export async function traceOf(logs: Record<number, string>): Promise<Trace> {
  const files = Object.entries(logs).map(([tid, text]) =>
    textFile(
      `strace/app.${tid}`,
      'strace-log',
      `${text
        .trim()
        .split('\n')
        .map((each) => line(each))
        .join('\n')}\n`,
      { tid: Number(tid), group: 'app' },
    ),
  )
  const { traces } = await readTraces(files, new Diagnostics())
  return traces[0]!
}

/** `7f00-7f08 rw-p [heap]` a line, in pages of hexadecimal; taken `seconds` after nine. */
export async function snapshotOf(pid: number, seconds: number, maps: string, width = 1): Promise<Snapshot> {
  const text = maps
    .trim()
    .split('\n')
    .filter((each) => each.trim() !== '')
    .map((each) => {
      const [, start, end, permissions, name] = /^\s*([0-9a-f]+)-([0-9a-f]+) (\S{4})\s*(.*)$/.exec(each)!
      const address = (page: string): string => `${page}000`.padStart(8, '0')
      return `${address(start!)}-${address(end!)} ${permissions} 00000000 00:00 0 ${name ? `                 ${name}` : ''}`
    })
    .join('\n')
  const stamp = micros(DAY + (9 * 3600 + seconds) * 1e6)
  const file = textFile(`maps_${pid}_${seconds}`, 'maps', `${text}\n`, {
    pid,
    stamp,
    stampWidth: micros(width * 1e6),
  })
  return (await readSnapshots(file, new StringTable(), new Diagnostics()))[0]!
}

/** Attribution of one written trace. */
export async function attributed(
  trace: Trace | readonly Trace[],
  snapshots: readonly Snapshot[],
  side: SideEvidence = NO_SIDE_EVIDENCE,
  diagnostics = new Diagnostics(),
): Promise<Attribution> {
  const traces = Array.isArray(trace) ? (trace as readonly Trace[]) : [trace as Trace]
  const clocks = traces.map(({ name }) => ({
    trace: name,
    offset: DAY as Micros,
    basis: 'only-day' as const,
    reason: { en: '', zh: '' },
  }))
  return attribute(
    { snapshots, traces, clocks, timeline: { processes: [], events: [], untimed: [] }, side },
    diagnostics,
  )
}

/** Numbers makers by their calls, and keeps nothing else. */
export const KEEPER: Keeper = {
  acquire: (event) => event + 1,
  release: () => undefined,
  displace: () => undefined,
  protect: (_event, _start, _end, owner) => owner,
  disown: () => undefined,
  drop: () => undefined,
  advise: () => undefined,
}

/** The account of one mechanism as a whole. */
export const accountOf = (attribution: Attribution, mechanism: string): MechanismAccount | undefined =>
  attribution.accounts.find((account) => account.mechanism === mechanism && account.subject === '')

/** Calls of several threads, written in any order of time; `write()` gives the logs. */
export class Script {
  readonly #lines = new Map<number, { at: number; text: string }[]>()
  #next = 0x7f40_0000_0000

  call(tid: number, at: number, text: string, took: number | null = 10): this {
    const lines = this.#lines.get(tid) ?? []
    this.#lines.set(tid, lines)
    lines.push({ at, text: `${at.toFixed(6)} ${text}${took === null ? '' : ` <${took}>`}` })
    return this
  }

  /** mmap of `bytes` at the next free address, which is returned; `before` is the call just before it. */
  map(
    tid: number,
    at: number,
    bytes: number,
    options: { before?: string; flags?: string; protection?: string; fd?: string } = {},
  ): number {
    const address = this.#next
    this.#next += Math.ceil(bytes / 4096) * 4096
    if (options.before !== undefined) this.call(tid, at - 0.0005, options.before)
    const flags = options.flags ?? 'MAP_PRIVATE|MAP_ANONYMOUS'
    const protection = options.protection ?? 'PROT_READ|PROT_WRITE'
    this.call(
      tid,
      at,
      `mmap(NULL, ${bytes}, ${protection}, ${flags}, ${options.fd ?? '-1'}, 0) = 0x${address.toString(16)}`,
    )
    return address
  }

  unmap(tid: number, at: number, address: number, bytes: number): this {
    return this.call(tid, at, `munmap(0x${address.toString(16)}, ${bytes}) = 0`)
  }

  /** A thread that stays in one call from the beginning to the end. */
  asleep(tid: number): this {
    return this.call(tid, 0.5, 'pause( <detached ...>', null)
  }

  /** A thread that runs all the time without touching memory. */
  busy(tid: number, from: number, to: number, step = 1): this {
    for (let at = from; at < to; at += step) {
      this.call(tid, at, 'epoll_wait(4, [], 8, 100) = 0')
      this.call(tid, at + step / 2, 'read(9, "x", 1) = 1')
    }
    return this
  }

  /** As `strace -f -tt -T -o app.log` writes them: one log, each line begins with its thread. */
  async interleaved(): Promise<Trace> {
    const lines = [...this.#lines]
      .flatMap(([tid, own]) => own.map(({ at, text }) => ({ at, text: `${tid} ${line(text)}` })))
      .sort((a, b) => a.at - b.at)
      .map(({ text }) => text)
    const file = textFile('app.log', 'strace-log', `${lines.join('\n')}\n`)
    const { traces } = await readTraces([file], new Diagnostics())
    return traces[0]!
  }

  /** `withDurations`: as -T prints them. */
  async trace(withDurations = true): Promise<Trace> {
    const logs: Record<number, string> = {}
    for (const [tid, lines] of this.#lines)
      logs[tid] = lines
        .sort((a, b) => a.at - b.at)
        .map((each) => (withDurations ? each.text : each.text.replace(/ <\d+>$/, '')))
        .join('\n')
    return traceOf(logs)
  }
}

/** Pages of hexadecimal, as snapshotOf takes them. */
export const pages = (address: number): string => (address / 4096).toString(16)
