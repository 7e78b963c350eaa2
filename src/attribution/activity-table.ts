import { MEMORY_CALLS, type Trace } from '../model/trace.ts'
import { Distribution } from './distribution.ts'
import { type MechanismCode, RESERVE } from './mechanism.ts'

/** One recurring way of allocating: a thread, a mechanism, and the call it makes just before. */
export class ActivityRecord {
  readonly tid: number
  readonly mechanism: MechanismCode
  /** Name of the allocating call. */
  readonly call: string
  count = 0
  bytes = 0
  smallest = Number.POSITIVE_INFINITY
  largest = 0
  released = 0
  releasedBytes = 0
  /** Bytes released by another thread than the one that allocated. */
  handedBytes = 0
  readonly lifetimes = new Distribution()
  /** How often each context (index into Trace.contexts) preceded it, and the first event that it preceded. */
  readonly contexts = new Map<number, { count: number; readonly event: number }>()
  lastContext = -1
  lastSeen: { count: number; readonly event: number } = { count: 0, event: -1 }
  /** Multiples of 64 KiB, as allocators' pools are and rounded-up requests are not. */
  pooled = 0

  constructor(tid: number, mechanism: MechanismCode, call: string) {
    this.tid = tid
    this.mechanism = mechanism
    this.call = call
  }
}

/**
 * Calls between an allocation and what it is for: they say nothing about the work. Locks are taken and signals masked
 * anywhere, clocks are read anywhere.
 */
const INCIDENTAL = new Set([
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

/** Pool chunks of pymalloc, jemalloc and tcmalloc are multiples of this; malloc's own blocks are requests + 16, rounded to a page. */
const POOL_UNIT = 64 * 1024

const MECHANISMS = RESERVE + 1
const KINDS = MEMORY_CALLS.length * MECHANISMS

/** Contexts told apart in one activity: the usual one is among the first, or there is none. */
const CONTEXTS = 32

export class ActivityTable {
  readonly records: ActivityRecord[] = []
  readonly #trace: Trace
  /** Whether a descriptor's number says nothing, because the trace opens and closes it. */
  readonly #isTransient: (fd: number) => boolean
  /** Own number of the call that stands for a context. */
  readonly #keyOfContext: Int32Array
  readonly #keys = new Map<string, number>()
  readonly #ids = new Map<string, number>()
  readonly #idsWithout = new Map<number, number>()
  readonly #caches: (Int32Array | undefined)[] = []

  constructor(trace: Trace, isTransient: (fd: number) => boolean) {
    this.#trace = trace
    this.#isTransient = isTransient
    this.#keyOfContext = new Int32Array(Math.max(1, trace.contexts.length)).fill(-1)
  }

  /** The activity of an allocating call, made when it is new. */
  of(event: number, mechanism: MechanismCode, callName: string): number {
    const { tid, call, context } = this.#trace.events
    const kind = call[event]! * MECHANISMS + mechanism
    const cache = this.#cacheOf(kind)
    const at = context[event]!
    if (at === 0) return this.#withoutContext(tid[event]!, kind, mechanism, callName)
    const cached = at < cache.length ? cache[at]! : -1
    if (cached >= 0 && this.records[cached]!.tid === tid[event]) return cached
    const key = `${tid[event]}/${kind}/${this.#keyOf(at)}`
    let id = this.#ids.get(key)
    if (id === undefined) {
      id = this.records.push(new ActivityRecord(tid[event]!, mechanism, callName)) - 1
      this.#ids.set(key, id)
    }
    if (at > 0 && at < cache.length) cache[at] = id
    return id
  }

  /** Where nothing is known of what came before, all threads have the same context. */
  #withoutContext(tid: number, kind: number, mechanism: MechanismCode, callName: string): number {
    const key = tid * KINDS + kind
    let id = this.#idsWithout.get(key)
    if (id === undefined) {
      id = this.records.push(new ActivityRecord(tid, mechanism, callName)) - 1
      this.#idsWithout.set(key, id)
    }
    return id
  }

  allocated(id: number, event: number, bytes: number): void {
    const record = this.records[id]!
    record.count += 1
    record.bytes += bytes
    if (bytes < record.smallest) record.smallest = bytes
    if (bytes > record.largest) record.largest = bytes
    if (bytes % POOL_UNIT === 0) record.pooled += 1
    const context = this.#trace.events.context[event]!
    if (record.lastContext !== context) {
      record.lastContext = context
      let seen = record.contexts.get(context)
      if (seen === undefined) {
        seen = { count: 0, event }
        if (record.contexts.size < CONTEXTS) record.contexts.set(context, seen)
      }
      record.lastSeen = seen
    }
    record.lastSeen.count += 1
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

export { INCIDENTAL }
