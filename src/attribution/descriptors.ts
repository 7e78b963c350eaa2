import { leafOf } from '../base/path-parts.ts'
import { DESCRIPTOR_OPS, type Trace } from '../model/trace.ts'

const CLOSE = DESCRIPTOR_OPS.indexOf('close')
const DUP = DESCRIPTOR_OPS.indexOf('dup')
const PIPE = DESCRIPTOR_OPS.indexOf('pipe')
const ACCEPT = DESCRIPTOR_OPS.indexOf('accept')

/** Shared memory by the name of its object: memfd_create, shm_open (which opens below /dev/shm), shared anonymous. */
const SHARED_MEMORY = /^(?:\/?memfd:|\/dev\/shm\/|\/dev\/zero|\/SYSV)/

/** A dup of a dup of … is followed this far. */
const DUPS = 8

/**
 * Meaning of one process's descriptors over time, from the calls that make and close them. A descriptor opened before
 * the trace has none until it is replaced: it stays a number, and its use describes it. A forked process begins with its
 * parent's. Rows of one descriptor are put in order when they are first asked for.
 */
export class DescriptorHistory {
  readonly #trace: Trace
  /** Rows of Trace.descriptors by descriptor. */
  readonly #rows = new Map<number, Int32Array>()
  readonly #ordered = new Set<number>()
  readonly #beside = new Map<number, string>()
  /** What `only` has found. */
  readonly #only = new Map<number, string | null>()
  readonly #parent: DescriptorHistory | null

  /** `own`: the rows of Trace.descriptors that the process's threads made. */
  constructor(trace: Trace, own: Int32Array, parent: DescriptorHistory | null = null) {
    this.#trace = trace
    this.#parent = parent
    const { fd, fd2, op } = trace.descriptors
    const counts = new Map<number, number>()
    const each = (act: (key: number, row: number) => void): void => {
      for (const row of own) {
        if (fd[row]! >= 0) act(fd[row]!, row)
        if (op[row] === PIPE && fd2[row]! >= 0) act(fd2[row]!, row)
      }
    }
    each((key) => counts.set(key, (counts.get(key) ?? 0) + 1))
    const filled = new Map<number, number>()
    each((key, row) => {
      const rows = this.#rows.get(key) ?? new Int32Array(counts.get(key)!)
      const at = filled.get(key) ?? 0
      rows[at] = row
      filled.set(key, at + 1)
      this.#rows.set(key, rows)
    })
  }

  /** Whether the trace opens, accepts or makes it: its number then says nothing. */
  isTransient(fd: number): boolean {
    return (this.#rows.get(fd) ?? []).some((row) => this.#trace.descriptors.op[row] !== CLOSE)
  }

  /** The last thing it stood for at or before an instant of the trace's clock, even if closed since; `null` = unknown. */
  lastBefore(fd: number, time: number, depth = 0): string | null {
    for (let history: DescriptorHistory | null = this; history !== null; history = history.#parent) {
      const text = history.#lastOwn(fd, time, depth) ?? history.#beside.get(fd)
      if (text !== undefined) return text
    }
    return null
  }

  /** What it stood for when that was one thing during the whole trace; `null` when unknown or changing. */
  only(fd: number): string | null {
    const unasked: DescriptorHistory[] = []
    let oldest: DescriptorHistory | null = this
    for (; oldest !== null && !oldest.#only.has(fd); oldest = oldest.#parent) unasked.push(oldest)
    let only = oldest === null ? null : (oldest.#only.get(fd) ?? null)
    for (const history of unasked.reverse()) {
      only = history.#onlyAfter(only, fd)
      history.#only.set(fd, only)
    }
    return only
  }

  /** What other evidence says about a descriptor that the trace does not open; before anything is asked. */
  addBeside(fd: number, text: string): void {
    if (!this.isTransient(fd)) this.#beside.set(fd, text)
  }

  /** Whether the descriptor that an mmap call maps stands for shared memory. */
  isSharedMemory(event: number): boolean {
    const { events, strings } = this.#trace
    const decorated = strings.get(events.name(event))
    const text = decorated || this.lastBefore(events.fd(event), events.time(event))
    return text !== null && SHARED_MEMORY.test(text)
  }

  /** Descriptors open at the end and what they stand for, by number. */
  *last(): Iterable<readonly [fd: number, text: string]> {
    for (const fd of [...this.#rows.keys()].sort((a, b) => a - b)) {
      const row = this.#sorted(fd).at(-1)
      const text = row === undefined ? null : this.#textOf(row, 0)
      if (text !== null) yield [fd, text]
    }
  }

  #lastOwn(fd: number, time: number, depth: number): string | undefined {
    const rows = this.#sorted(fd)
    const { descriptors } = this.#trace
    let low = 0
    let high = rows.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (descriptors.time[rows[middle]!]! <= time) low = middle + 1
      else high = middle
    }
    for (let at = low - 1; at >= 0; at -= 1) {
      const text = this.#textOf(rows[at]!, depth)
      if (text !== null) return text
    }
    return undefined
  }

  /** `before`: the one thing that its parent's stood for. */
  #onlyAfter(before: string | null, fd: number): string | null {
    let only = this.#beside.get(fd) ?? before
    for (const row of this.#rows.get(fd) ?? []) {
      const text = this.#textOf(row, 0)
      if (text === null || text === only) continue
      if (only !== null) return null
      only = text
    }
    return only
  }

  #sorted(fd: number): Int32Array {
    const rows = this.#rows.get(fd)
    if (rows === undefined) return new Int32Array()
    if (!this.#ordered.has(fd)) {
      const { time } = this.#trace.descriptors
      rows.sort((a, b) => time[a]! - time[b]! || a - b)
      this.#ordered.add(fd)
    }
    return rows
  }

  #textOf(row: number, depth: number): string | null {
    const { descriptors, strings } = this.#trace
    const op = descriptors.op[row]!
    if (op === CLOSE) return null
    const text = strings.get(descriptors.text[row]!)
    if (text !== '') return text
    if (op === DUP && depth < DUPS)
      return this.lastBefore(descriptors.fd2[row]!, descriptors.time[row]!, depth + 1)
    return op === ACCEPT ? 'connection' : DESCRIPTOR_OPS[op]!
  }
}

/** Rows of Trace.descriptors by process. */
export function descriptorRows(
  trace: Trace,
  pidOf: ReadonlyMap<number, number>,
): ReadonlyMap<number, Int32Array> {
  const { tid, length } = trace.descriptors
  const counts = new Map<number, number>()
  for (let row = 0; row < length; row += 1) {
    const pid = pidOf.get(tid[row]!)
    if (pid !== undefined) counts.set(pid, (counts.get(pid) ?? 0) + 1)
  }
  const rows = new Map([...counts].map(([pid, count]) => [pid, new Int32Array(count)]))
  const filled = new Map<number, number>()
  for (let row = 0; row < length; row += 1) {
    const pid = pidOf.get(tid[row]!)
    if (pid === undefined) continue
    const at = filled.get(pid) ?? 0
    rows.get(pid)![at] = row
    filled.set(pid, at + 1)
  }
  return rows
}

/**
 * A descriptor in words: its number when the trace does not open it; else what it stood for at `time`, a path by its
 * last part, with `#` for digits, because a series of files is one activity.
 */
export function descriptorWords(fd: number, descriptors: DescriptorHistory, time: number | null): string {
  const text = time === null ? descriptors.only(fd) : descriptors.lastBefore(fd, time)
  if (text === null) return String(fd)
  if (!text.startsWith('/')) return text
  const leaf = leafOf(text)
  return (leaf === '' ? text : leaf).replace(/\d+/g, '#')
}
