/**
 * A program that exists only on paper: its threads answer requests, and what they map, unmap and call becomes strace
 * logs and smaps snapshots of one and the same address space. Thread 3 forgets every fortieth buffer. Seeded: the same
 * numbers give the same bytes.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { openText, type TextFile, writeText } from './speed-text.ts'

export interface ProgramOptions {
  readonly folder: string
  /** Bytes of strace in all, about. */
  readonly bytes: number
  /** Share of memory calls among all calls. */
  readonly memoryShare: number
  /** One file with all threads (`-f`), not one a thread (`-ff`). */
  readonly interleaved: boolean
  readonly seed: number
}

const PID = 7300
const THREADS = 16
const SNAPSHOTS = 20
const BEGIN_OF_DAY = 8 * 3600
const DAY = '20260501'
const PAGE = 4096
const FORGETFUL = 3
const BUFFERS_PER_THREAD = 20

interface Range {
  readonly start: number
  readonly end: number
}

/** Numbers in `[0, below)`, a linear congruential generator (constants of Numerical Recipes). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const clock = (micros: number): string => {
  const seconds = BEGIN_OF_DAY + Math.floor(micros / 1e6)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}
const fraction = (micros: number): string => String(micros % 1e6).padStart(6, '0')

/** What the threads have mapped. Freed places are given out again, as a kernel does. */
class AddressSpace {
  readonly live: Range[][] = Array.from({ length: THREADS }, () => [])
  readonly #forgotten: Range[] = []
  readonly #free = new Map<number, number[]>()
  #low = 0x7f7a_0000_0000

  take(thread: number, bytes: number): Range {
    const start = this.#free.get(bytes)?.pop() ?? this.#below(bytes)
    const range = { start, end: start + bytes }
    this.live[thread]!.push(range)
    return range
  }

  giveBack(thread: number, at: number): Range {
    const range = this.#remove(thread, at)
    const bytes = range.end - range.start
    const places = this.#free.get(bytes)
    if (places) places.push(range.start)
    else this.#free.set(bytes, [range.start])
    return range
  }

  forget(thread: number, at: number): void {
    this.#forgotten.push(this.#remove(thread, at))
  }

  /** As the kernel shows them: neighbours of equal permissions are one mapping. */
  mappings(): Range[] {
    const merged: Range[] = []
    for (const range of [...this.live.flat(), ...this.#forgotten].sort((a, b) => a.start - b.start)) {
      const last = merged.at(-1)
      if (last?.end === range.start) merged[merged.length - 1] = { start: last.start, end: range.end }
      else merged.push(range)
    }
    return merged
  }

  #below(bytes: number): number {
    this.#low -= bytes
    return this.#low
  }

  #remove(thread: number, at: number): Range {
    const mine = this.live[thread]!
    const range = mine[at]!
    mine[at] = mine[mine.length - 1]!
    mine.pop()
    return range
  }
}

type Random = ReturnType<typeof randomFrom>

const WORK: readonly ((random: Random) => string)[] = [
  (random) =>
    `recvfrom(${8 + random(40)}, "POST /order/${random(1e6)} HTTP/1.1\\r\\n"..., 8192, 0, NULL, NULL) = ${120 + random(4000)}`,
  (random) =>
    `sendto(${8 + random(40)}, "HTTP/1.1 200 OK\\r\\nlength: ${random(9000)}"..., ${random(9000)}, MSG_NOSIGNAL, NULL, 0) = ${random(9000)}`,
  (random) =>
    `futex(0x563d1c${(4096 + random(60000)).toString(16)}0, FUTEX_WAIT_PRIVATE, 2, NULL) = -1 EAGAIN (Resource temporarily unavailable)`,
  (random) => `epoll_wait(5, [{events=EPOLLIN, data={u32=${random(99)}, u64=${random(99)}}}], 64, 500) = 1`,
  (random) =>
    `pread64(${8 + random(40)}, "\\0\\1\\2 (=) \\"${random(9)}\\""..., 4096, ${random(1e6)}) = 4096`,
]

function memoryCall(space: AddressSpace, thread: number, random: Random): string | null {
  const mine = space.live[thread]!
  if (mine.length >= BUFFERS_PER_THREAD || (mine.length > 0 && random(100) < 46)) {
    const at = random(mine.length)
    if (thread === FORGETFUL && random(40) === 0) {
      space.forget(thread, at)
      return null
    }
    const { start, end } = space.giveBack(thread, at)
    return `munmap(0x${start.toString(16)}, ${end - start}) = 0`
  }
  const bytes = (1 + random(48)) * 8 * PAGE
  const { start } = space.take(thread, bytes)
  return `mmap(NULL, ${bytes}, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${start.toString(16)}`
}

/** Writes strace/ and smaps/ below the folder; returns the bytes of both. */
export function writeProgram({ folder, bytes, memoryShare, interleaved, seed }: ProgramOptions): number {
  const random = randomFrom(seed)
  const space = new AddressSpace()
  mkdirSync(join(folder, 'strace'), { recursive: true })
  mkdirSync(join(folder, 'smaps'), { recursive: true })
  const name = join(folder, 'strace', 'server')
  const one = interleaved ? openText(`${name}.log`) : null
  const files = Array.from(
    { length: THREADS },
    (_, thread): TextFile => one ?? openText(`${name}.${PID + thread}`),
  )
  let micros = 0
  let written = 0
  let snapshots = 0
  for (let due = 0; written < bytes; ) {
    micros += 6 + random(40)
    if (written >= due) {
      // A snapshot stamped with a whole second, in which nothing else happens.
      micros = Math.ceil(micros / 1e6 + 1) * 1e6
      snapshots += writeSnapshot(folder, micros, space.mappings())
      micros += 1e6
      due += bytes / SNAPSHOTS
    }
    const thread = random(THREADS)
    const isMemory = random(1000) < memoryShare * 1000
    const call = isMemory ? memoryCall(space, thread, random) : WORK[random(WORK.length)]!(random)
    if (call === null) continue
    const pid = interleaved ? `${PID + thread} ` : ''
    written += files[thread]!.add(`${pid}${clock(micros)}.${fraction(micros)} ${call} <0.000003>\n`)
  }
  snapshots += writeSnapshot(folder, Math.ceil(micros / 1e6 + 1) * 1e6, space.mappings())
  for (const file of new Set(files)) file.close()
  return written + snapshots
}

function writeSnapshot(folder: string, micros: number, ranges: readonly Range[]): number {
  const path = join(folder, 'smaps', `smaps_${PID}_${DAY}${clock(micros).replaceAll(':', '')}`)
  return writeText(
    path,
    ranges.map(({ start, end }) => block(start, end, '', (end - start) / 1024)),
  )
}

/** One mapping as /proc/PID/smaps of Linux 6.x prints it, all of it touched; `rss` in kB. */
export function block(start: number, end: number, name: string, rss: number): string {
  const line = (field: string, kilobytes: number): string =>
    `${`${field}:`.padEnd(16)}${String(kilobytes).padStart(8)} kB\n`
  const address = (value: number): string => value.toString(16).padStart(8, '0')
  const head = `${address(start)}-${address(end)} rw-p 00000000 00:00 0 `
  return `${name === '' ? head : head.padEnd(73) + name}\n${FIELDS.map(([field, of]) =>
    line(field, of === 'size' ? (end - start) / 1024 : of === 'rss' ? rss : of),
  ).join('')}THPeligible:           0\nVmFlags: rd wr mr mw me ac sd \n`
}

const FIELDS: readonly (readonly [name: string, kilobytes: 'size' | 'rss' | number])[] = [
  ['Size', 'size'],
  ['KernelPageSize', 4],
  ['MMUPageSize', 4],
  ['Rss', 'rss'],
  ['Pss', 'rss'],
  ['Pss_Dirty', 'rss'],
  ['Shared_Clean', 0],
  ['Shared_Dirty', 0],
  ['Private_Clean', 0],
  ['Private_Dirty', 'rss'],
  ['Referenced', 'rss'],
  ['Anonymous', 'rss'],
  ['LazyFree', 0],
  ['AnonHugePages', 0],
  ['ShmemPmdMapped', 0],
  ['FilePmdMapped', 0],
  ['Shared_Hugetlb', 0],
  ['Private_Hugetlb', 0],
  ['Swap', 0],
  ['SwapPss', 0],
  ['Locked', 0],
]
