/**
 * Whole captures from a seed, as the files a collector would have written: snapshots and a log of one simulated
 * program, consistent with each other, with a known leak. The program maps and unmaps buffers; some it forgets.
 */
import { formatTime } from '../../src/base/format.ts'
import { KIB, MINUTE, SECOND } from '../../src/base/units.ts'
import { NOON } from './synthetic-capture.ts'
import { Random } from './synthetic-series.ts'

export interface CapturePlan {
  readonly seed: number
  readonly snapshots: number
  /** Microseconds between snapshots. */
  readonly interval: number
  /** Share of the buffers that are never unmapped; 0 for a healthy program. */
  readonly forgets: number
  /** Buffers mapped a minute. */
  readonly perMinute: number
}

interface CaptureFile {
  readonly path: string
  readonly text: string
}

export interface SyntheticCapture {
  readonly files: readonly CaptureFile[]
  readonly pid: number
  /** Bytes forgotten between the first and the last snapshot. */
  readonly leaked: number
}

interface Buffer {
  readonly start: number
  readonly size: number
  readonly mapped: number
  /** `null`: never unmapped. */
  readonly unmapped: number | null
}

const PID = 4242
const TOP = 0x7f5000000000
const BEGIN: number = NOON
const EXECUTABLE = '/usr/bin/simulated'

const hex = (value: number): string => value.toString(16)

function block(start: number, size: number, rss: number, permissions: string, name: string): string {
  const head = `${hex(start)}-${hex(start + size)} ${permissions} 00000000 ${name.startsWith('/') ? '08:01 77' : '00:00 0'}`
  const fields: [string, number][] = [
    ['Size', size],
    ['KernelPageSize', 4096],
    ['Rss', rss],
    ['Pss', rss],
    ['Shared_Clean', 0],
    ['Shared_Dirty', 0],
    ['Private_Clean', 0],
    ['Private_Dirty', rss],
    ['Anonymous', name.startsWith('/') ? 0 : rss],
    ['Swap', 0],
  ]
  const lines = fields.map(
    ([field, value]) => `${`${field}:`.padEnd(16)}${String(value / KIB).padStart(8)} kB`,
  )
  return [`${head.padEnd(73)}${name ? ` ${name}` : ' '}`, ...lines, 'VmFlags: rd wr mr mw me ac'].join('\n')
}

/** Buffers in the order of their mapping; each has its own place, one page apart, so that none merges. */
function buffersOf({ seed, snapshots, interval, forgets, perMinute }: CapturePlan): Buffer[] {
  const random = new Random(seed)
  const end = BEGIN + snapshots * interval
  const buffers: Buffer[] = []
  let place = TOP
  for (let time = BEGIN - MINUTE; time < end; time += (MINUTE / perMinute) * random.between(0.5, 1.5)) {
    const size = 4 * KIB * random.integer(32, 256)
    place -= size + 4 * KIB
    const mapped = Math.round(time)
    const unmapped = random.next() < forgets ? null : mapped + Math.round(random.between(0.01, 20) * SECOND)
    buffers.push({ start: place, size, mapped, unmapped })
  }
  return buffers
}

const isThere = (buffer: Buffer, time: number): boolean =>
  buffer.mapped <= time && (buffer.unmapped === null || buffer.unmapped > time)

/** The files of one capture: `smaps/…` and `strace/simulated.4242` (-tt -T), traced over the middle half. */
export function syntheticCapture(plan: CapturePlan): SyntheticCapture {
  const buffers = buffersOf(plan)
  const times = Array.from({ length: plan.snapshots }, (_, at) => BEGIN + at * plan.interval)
  const files = times.map((time) => ({
    path: `smaps/smaps_${PID}_${formatTime(time).replace(/\D/g, '')}`,
    text: `${[
      block(0x400000, 64 * KIB, 32 * KIB, 'r-xp', EXECUTABLE),
      ...buffers
        .filter((buffer) => isThere(buffer, time))
        .sort((a, b) => a.start - b.start)
        .map((buffer) => block(buffer.start, buffer.size, buffer.size, 'rw-p', '')),
    ].join('\n')}\n`,
  }))
  const last = times.at(-1)!
  const from = BEGIN + (last - BEGIN) / 4
  const to = last - (last - BEGIN) / 4
  const calls = buffers
    .flatMap(({ start, size, mapped, unmapped }) => [
      {
        time: mapped,
        text: `mmap(NULL, ${size}, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${hex(start)} <0.000021>`,
      },
      ...(unmapped === null
        ? []
        : [{ time: unmapped, text: `munmap(0x${hex(start)}, ${size}) = 0 <0.000034>` }]),
    ])
    .filter(({ time }) => time >= from && time <= to)
    .sort((a, b) => a.time - b.time)
  const clock = (time: number): string => {
    const [seconds, fraction = ''] = formatTime(time).slice(11).split('.')
    return `${seconds}.${fraction.padEnd(6, '0')}`
  }
  return {
    pid: PID,
    files: [
      ...files,
      {
        path: `strace/simulated.${PID}`,
        text: calls.map(({ time, text }) => `${clock(time)} ${text}\n`).join(''),
      },
    ],
    leaked: buffers
      .filter(({ mapped, unmapped }) => unmapped === null && mapped > BEGIN && mapped <= last)
      .reduce((sum, { size }) => sum + size, 0),
  }
}
