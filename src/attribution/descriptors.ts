import { DESCRIPTOR_OPS, type Trace } from '../model/trace.ts'

const CLOSE = DESCRIPTOR_OPS.indexOf('close')
const DUP = DESCRIPTOR_OPS.indexOf('dup')
const PIPE = DESCRIPTOR_OPS.indexOf('pipe')
const CONNECT = DESCRIPTOR_OPS.indexOf('connect')

/** What a descriptor stood for from `from` on; `text` is `null` after close. */
interface Meaning {
  readonly from: number
  readonly text: string | null
}

/** Shared memory by the name of its object: memfd_create, shm_open (which opens below /dev/shm), shared anonymous. */
const SHARED_MEMORY = /^(?:\/?memfd:|\/dev\/shm\/|\/dev\/zero|\/SYSV)/

/**
 * Meaning of descriptors over time, from the calls that make and close them. Threads share one table, so one trace of
 * one process has one history; a descriptor opened before the trace has none until it is replaced.
 */
export class DescriptorHistory {
  readonly #trace: Trace
  readonly #byFd = new Map<number, Meaning[]>()
  readonly #beside = new Map<number, string>()

  constructor(trace: Trace) {
    this.#trace = trace
    const { descriptors, strings } = trace
    const order = Array.from({ length: descriptors.length }, (_, row) => row)
    order.sort((a, b) => descriptors.time[a]! - descriptors.time[b]! || a - b)
    for (const row of order) {
      const time = descriptors.time[row]!
      const op = descriptors.op[row]!
      const fd = descriptors.fd[row]!
      const other = descriptors.fd2[row]!
      const text = strings.get(descriptors.text[row]!)
      if (op === CLOSE) this.#note(fd, { from: time, text: null })
      else if (op === DUP) this.#note(fd, { from: time, text: this.at(other, time) ?? (text || null) })
      else {
        if (op !== CONNECT || text) this.#note(fd, { from: time, text: text || DESCRIPTOR_OPS[op]! })
        if (op === PIPE && other >= 0) this.#note(other, { from: time, text: text || 'pipe' })
      }
    }
  }

  /** Meaning at an instant of the trace's clock; `null` when it was opened before the trace or is closed. */
  at(fd: number, time: number): string | null {
    return this.#find(fd, time)?.text ?? null
  }

  /** The last thing it stood for at or before an instant, even if closed since. */
  lastBefore(fd: number, time: number): string | null {
    const meanings = this.#byFd.get(fd) ?? []
    for (let k = this.#position(meanings, time); k >= 0; k -= 1)
      if (meanings[k]!.text !== null) return meanings[k]!.text
    return null
  }

  /** What it stood for when that was one thing during the whole trace; `null` when unknown or changing. */
  only(fd: number): string | null {
    const texts = new Set(
      (this.#byFd.get(fd) ?? []).map((meaning) => meaning.text).filter((text) => text !== null),
    )
    const beside = this.#beside.get(fd)
    if (beside !== undefined) texts.add(beside)
    return texts.size === 1 ? [...texts][0]! : null
  }

  /** What other evidence says about a descriptor that the trace does not open. */
  addBeside(fd: number, text: string): void {
    if (!this.#byFd.has(fd)) this.#beside.set(fd, text)
  }

  /** Whether the descriptor that an mmap call maps stands for shared memory. */
  isSharedMemory(event: number): boolean {
    const { events, strings } = this.#trace
    const decorated = strings.get(events.name[event]!)
    const text = decorated || this.lastBefore(events.fd[event]!, events.time[event]!)
    return text !== null && SHARED_MEMORY.test(text)
  }

  /** Descriptors and what they stood for last, by number. */
  *last(): Iterable<readonly [fd: number, text: string]> {
    for (const [fd, meanings] of [...this.#byFd].sort(([a], [b]) => a - b)) {
      const last = meanings.at(-1)
      if (last?.text) yield [fd, last.text]
    }
  }

  #note(fd: number, meaning: Meaning): void {
    if (fd < 0) return
    const meanings = this.#byFd.get(fd)
    if (meanings === undefined) this.#byFd.set(fd, [meaning])
    else meanings.push(meaning)
  }

  #find(fd: number, time: number): Meaning | null {
    const meanings = this.#byFd.get(fd)
    if (meanings === undefined) return null
    return meanings[this.#position(meanings, time)] ?? null
  }

  #position(meanings: readonly Meaning[], time: number): number {
    let low = 0
    let high = meanings.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (meanings[middle]!.from <= time) low = middle + 1
      else high = middle
    }
    return low - 1
  }
}
