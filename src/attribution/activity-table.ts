import { type CallAtHand, MEMORY_CALLS, type Trace } from '../model/trace.ts'
import { type MechanismCode, RESERVE } from './mechanism.ts'
import type { ReplayKernel } from './replay-kernel.ts'

/** One recurring way of allocating: a thread, a mechanism, and the call it makes just before. */
export interface ActivityRecord {
  readonly tid: number
  readonly mechanism: MechanismCode
  /** Name of the allocating call. */
  readonly call: string
  readonly count: number
  readonly bytes: number
  readonly smallest: number
  readonly largest: number
  /** Multiples of 64 KiB, as allocators' pools are and rounded-up requests are not. */
  readonly pooled: number
  readonly released: number
  readonly releasedBytes: number
  /** Bytes released by another thread than the one that allocated. */
  readonly handedBytes: number
  /** Times that some were still there where a call mapped anew: what released it came later in the merge or is not in the log. */
  readonly displaced: number
  /** `null` without releases. */
  readonly longestLife: number | null
  readonly medianLife: number | null
  /** The context (index into Trace.contexts) that most often came before, and the first event it came before; -1 without. */
  readonly context: number
  readonly contextEvent: number
  /** How often at least. */
  readonly contextCount: number
}

/**
 * Calls between an allocation and what it is for: they say nothing about the work. Locks are taken and signals masked
 * anywhere, clocks are read anywhere.
 */
export const INCIDENTAL: ReadonlySet<string> = new Set([
  'futex',
  'futex_time64',
  'rt_sigprocmask',
  'rt_sigaction',
  'sched_yield',
  'clock_gettime',
  'gettimeofday',
  'time',
  'getpid',
  'gettid',
  'rseq',
  'set_robust_list',
  'membarrier',
  'restart_syscall',
])

const MECHANISMS = RESERVE + 1

/** Contexts that get their numbers together: as many as the kernel keeps side by side, see kernel/space.as. */
const NEIGHBOURS = 64

/** An activity in the kernel's memory: doubles, then words. See kernel/activities.as. */
const BYTES = 1
const DOUBLES = 9
const LIVES = 2 * DOUBLES
const TID = LIVES + 1
const KIND = LIVES + 3

/** Activities of one process, which lie in the memory of the kernel. */
export class ActivityTable {
  readonly #kernel: ReplayKernel
  readonly #space: number
  readonly #trace: Trace
  /** Whether a descriptor's number says nothing, because the trace opens and closes it. */
  readonly #isTransient: (fd: number) => boolean
  /** Own number of the call that stands for a context, from 1: each of many processes meets few of all contexts. */
  readonly #keys = new Map<string, number>()
  readonly #displaced = new Map<number, { times: number; event: number }>()
  readonly #records: (ActivityRecord | undefined)[] = []

  constructor(kernel: ReplayKernel, space: number, trace: Trace, isTransient: (fd: number) => boolean) {
    this.#kernel = kernel
    this.#space = space
    this.#trace = trace
    this.#isTransient = isTransient
  }

  /** How many activities there are. */
  get length(): number {
    return this.#kernel.calls.activitiesIn(this.#space)
  }

  tidOf(id: number): number {
    return this.#kernel.words[(this.#place(id) >>> 2) + TID]!
  }

  /** Bytes that it allocated. */
  bytesOf(id: number): number {
    return this.#kernel.doubles[(this.#place(id) >>> 3) + BYTES]!
  }

  /** An activity as it stands when it is first asked for: after the replay. Most of many threads' nobody asks for. */
  record(id: number): ActivityRecord {
    const known = this.#records[id]
    if (known !== undefined) return known
    const record = this.#record(this.#place(id), this.#displaced.get(id)?.times ?? 0)
    this.#records[id] = record
    return record
  }

  /** What a thread does by one mechanism. */
  recordsOf(tid: number, mechanism: MechanismCode): ActivityRecord[] {
    const ids = Array.from({ length: this.length }, (_, id) => id).filter((id) => this.tidOf(id) === tid)
    return ids.map((id) => this.record(id)).filter((record) => record.mechanism === mechanism)
  }

  /** The activity of a call of this maker that allocates, made when it is new. */
  of({ call, context }: CallAtHand, maker: number, mechanism: MechanismCode): number {
    const { calls } = this.#kernel
    return calls.activityOf(this.#space, maker, this.keyOf(context), call, mechanism)
  }

  /** One of an activity was still there where a call mapped. */
  displace(id: number, event: number): void {
    const known = this.#displaced.get(id)
    if (known?.event !== event) this.#displaced.set(id, { times: (known?.times ?? 0) + 1, event })
  }

  /**
   * Number of the newest call of a context that is more than bookkeeping, with its descriptor if that outlives the trace.
   * Where nothing is known of what came before, all threads have the same context, and it is 0.
   */
  keyOf(context: number): number {
    const { calls } = this.#kernel
    const known = calls.keyOf(this.#space, context)
    if (known >= 0) return known
    // Its neighbours are mostly wanted soon, and the kernel leaves every call to us whose context has no number.
    const first = Math.floor(context / NEIGHBOURS) * NEIGHBOURS
    const end = Math.min(first + NEIGHBOURS, Math.max(context + 1, this.#trace.contexts.length))
    for (let at = first; at < end; at++) calls.setKey(this.#space, at, this.#newKeyOf(at))
    return calls.keyOf(this.#space, context)
  }

  #newKeyOf(context: number): number {
    const before = this.#trace.contexts[context]?.calls ?? []
    const call = before.find((candidate) => !INCIDENTAL.has(candidate.name)) ?? before[0]
    const text = call ? `${call.name}/${call.fd >= 0 && this.#isTransient(call.fd) ? '*' : call.fd}` : ''
    const key = this.#keys.get(text) ?? this.#keys.size + 1
    this.#keys.set(text, key)
    return key
  }

  #place(id: number): number {
    return this.#kernel.calls.activityAt(this.#space, id)
  }

  #record(place: number, displaced: number): ActivityRecord {
    const medianLife = this.#medianLife(place)
    const { calls, doubles, words } = this.#kernel
    const word = place >>> 2
    const kind = words[word + KIND]!
    const double = place >>> 3
    const [count, bytes, smallest, largest, pooled, released, releasedBytes, handedBytes, longest] =
      doubles.subarray(double, double + DOUBLES) as unknown as Counts
    const candidate = calls.commonestOf(place) >>> 2
    return {
      tid: words[word + TID]!,
      mechanism: kind % MECHANISMS,
      call: MEMORY_CALLS[Math.floor(kind / MECHANISMS)]!,
      count,
      bytes,
      smallest,
      largest,
      pooled,
      released,
      releasedBytes,
      handedBytes,
      displaced,
      longestLife: words[word + LIVES]! > 0 ? longest : null,
      medianLife,
      context: candidate === 0 ? -1 : words[candidate]!,
      contextCount: candidate === 0 ? 0 : words[candidate + 1]!,
      contextEvent: candidate === 0 ? -1 : words[candidate + 2]!,
    }
  }

  /** The middle one of the sample of lifetimes, the lower of two; `null` when there are none. */
  #medianLife(place: number): number | null {
    const { calls } = this.#kernel
    const kept = calls.keptLifetimes(place)
    if (kept === 0) return null
    const sorted = Float64Array.from({ length: kept }, (_, at) => calls.lifetimeAt(place, at)).sort()
    return sorted[(kept - 1) >> 1]!
  }
}

type Counts = readonly [number, number, number, number, number, number, number, number, number]
