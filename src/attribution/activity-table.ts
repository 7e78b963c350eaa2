import { MEMORY_CALLS, type Trace } from '../model/trace.ts'
import { ActivityColumns, type ActivityCounts } from './activity-columns.ts'
import { type MechanismCode, RESERVE } from './mechanism.ts'

/** One recurring way of allocating: a thread, a mechanism, and the call it makes just before. */
export interface ActivityRecord extends ActivityCounts {
  readonly tid: number
  readonly mechanism: MechanismCode
  /** Name of the allocating call. */
  readonly call: string
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
const KINDS = MEMORY_CALLS.length * MECHANISMS

export class ActivityTable {
  readonly columns = new ActivityColumns()
  readonly #trace: Trace
  /** Whether a descriptor's number says nothing, because the trace opens and closes it. */
  readonly #isTransient: (fd: number) => boolean
  readonly #makers: { tid: number; mechanism: MechanismCode; call: string }[] = []
  /** Own number of the call that stands for a context. */
  readonly #keyOfContext: Int32Array
  readonly #keys = new Map<string, number>()
  /** By thread: number of (key, kind) to activity. */
  readonly #ids = new Map<number, Map<number, number>>()
  readonly #caches: (Int32Array | undefined)[] = []
  #records: ActivityRecord[] | null = null

  constructor(trace: Trace, isTransient: (fd: number) => boolean) {
    this.#trace = trace
    this.#isTransient = isTransient
    this.#keyOfContext = new Int32Array(Math.max(1, trace.contexts.length)).fill(-1)
  }

  /** All activities by number, as they stand when this is first asked for: after the replay. */
  get records(): readonly ActivityRecord[] {
    this.#records ??= this.#makers.map((maker, id) => ({ ...maker, ...this.columns.countsOf(id) }))
    return this.#records
  }

  /** The activity of an allocating call, made when it is new. */
  of(event: number, mechanism: MechanismCode): number {
    const { tid, call, context: at } = this.#trace.events.at(event)
    const kind = call * MECHANISMS + mechanism
    // Where nothing is known of what came before, all threads have the same context.
    if (at === 0) return this.#find(tid, kind, 0)
    const cache = this.#cacheOf(kind)
    const cached = at < cache.length ? cache[at]! : -1
    if (cached >= 0 && this.#makers[cached]!.tid === tid) return cached
    const id = this.#find(tid, kind, 1 + this.#keyOf(at))
    if (at < cache.length) cache[at] = id
    return id
  }

  #find(tid: number, kind: number, key: number): number {
    let ids = this.#ids.get(tid)
    if (ids === undefined) {
      ids = new Map()
      this.#ids.set(tid, ids)
    }
    const known = ids.get(key * KINDS + kind)
    if (known !== undefined) return known
    ids.set(key * KINDS + kind, this.#makers.length)
    const call = MEMORY_CALLS[Math.floor(kind / MECHANISMS)]!
    this.#makers.push({ tid, mechanism: kind % MECHANISMS, call })
    return this.columns.add()
  }

  /** Context to activity for one call and mechanism: contexts are told apart by thread already, so it rarely misses. */
  #cacheOf(kind: number): Int32Array {
    let cache = this.#caches[kind]
    if (cache === undefined) {
      cache = new Int32Array(this.#trace.contexts.length).fill(-1)
      this.#caches[kind] = cache
    }
    return cache
  }

  /** The newest call of a context that is more than bookkeeping, with its descriptor if that outlives the trace. */
  #keyOf(context: number): number {
    if (context >= this.#keyOfContext.length) return 0
    const known = this.#keyOfContext[context]!
    if (known >= 0) return known
    const calls = this.#trace.contexts[context]?.calls ?? []
    const call = calls.find((candidate) => !INCIDENTAL.has(candidate.name)) ?? calls[0]
    const text = call ? `${call.name}/${call.fd >= 0 && this.#isTransient(call.fd) ? '*' : call.fd}` : ''
    let key = this.#keys.get(text)
    if (key === undefined) {
      key = this.#keys.size
      this.#keys.set(text, key)
    }
    this.#keyOfContext[context] = key
    return key
  }
}
