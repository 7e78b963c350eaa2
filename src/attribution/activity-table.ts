import { grown } from '../base/growable.ts'
import { type CallAtHand, MEMORY_CALLS, type Trace } from '../model/trace.ts'
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

/** Numbers that tell an activity: its thread and these. */
const KEY = 1
const KIND = 2
const PARTS = 3

/** Contexts a block. */
const BLOCK_BITS = 6
const BLOCK = 1 << BLOCK_BITS

export class ActivityTable {
  readonly columns = new ActivityColumns()
  readonly #trace: Trace
  /** Whether a descriptor's number says nothing, because the trace opens and closes it. */
  readonly #isTransient: (fd: number) => boolean
  /** Own number of the call that stands for a context, in blocks: each of many processes meets few of all contexts. */
  readonly #keyOfContext: (Int32Array | undefined)[] = []
  readonly #keys = new Map<string, number>()
  /** By activity: thread, key, and call and mechanism in one. */
  #parts = new Int32Array(8 * PARTS)
  #length = 0
  /** Hash table of activities by their parts. */
  #slots = new Int32Array(16).fill(-1)
  readonly #records: (ActivityRecord | undefined)[] = []

  constructor(trace: Trace, isTransient: (fd: number) => boolean) {
    this.#trace = trace
    this.#isTransient = isTransient
  }

  /** How many activities there are. */
  get length(): number {
    return this.#length
  }

  tidOf(id: number): number {
    return this.#parts[id * PARTS]!
  }

  /** An activity as it stands when it is first asked for: after the replay. Most of many threads' nobody asks for. */
  record(id: number): ActivityRecord {
    const known = this.#records[id]
    if (known !== undefined) return known
    const record = this.#record(id)
    this.#records[id] = record
    return record
  }

  /** The activity of a call that allocates, made when it is new. */
  of({ tid, call, context }: CallAtHand, mechanism: MechanismCode): number {
    // Where nothing is known of what came before, all threads have the same context.
    const key = context === 0 ? 0 : 1 + this.#keyOf(context)
    const kind = call * MECHANISMS + mechanism
    const parts = this.#parts
    const mask = this.#slots.length - 1
    let slot = hashOf(tid, key, kind) & mask
    for (let id = this.#slots[slot]!; id >= 0; id = this.#slots[slot]!) {
      const at = id * PARTS
      if (parts[at] === tid && parts[at + KEY] === key && parts[at + KIND] === kind) return id
      slot = (slot + 1) & mask
    }
    return this.#add(slot, tid, key, kind)
  }

  #add(slot: number, tid: number, key: number, kind: number): number {
    const id = this.#length
    this.#length += 1
    if (this.#length * PARTS > this.#parts.length) this.#parts = grown(this.#parts, this.#parts.length * 2)
    this.#parts[id * PARTS] = tid
    this.#parts[id * PARTS + KEY] = key
    this.#parts[id * PARTS + KIND] = kind
    this.#slots[slot] = id
    if (this.#length * 2 > this.#slots.length) this.#rehash()
    return this.columns.add()
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let id = 0; id < this.#length; id += 1) {
      const [tid, key, kind] = this.#parts.subarray(id * PARTS, (id + 1) * PARTS)
      let slot = hashOf(tid!, key!, kind!) & mask
      while (slots[slot]! >= 0) slot = (slot + 1) & mask
      slots[slot] = id
    }
    this.#slots = slots
  }

  #record(id: number): ActivityRecord {
    const kind = this.#parts[id * PARTS + KIND]!
    return {
      tid: this.#parts[id * PARTS]!,
      mechanism: kind % MECHANISMS,
      call: MEMORY_CALLS[Math.floor(kind / MECHANISMS)]!,
      ...this.columns.countsOf(id),
    }
  }

  /** The newest call of a context that is more than bookkeeping, with its descriptor if that outlives the trace. */
  #keyOf(context: number): number {
    if (context >= this.#trace.contexts.length) return 0
    const block = context >> BLOCK_BITS
    const keys = this.#keyOfContext[block] ?? new Int32Array(BLOCK).fill(-1)
    const place = context & (BLOCK - 1)
    const known = keys[place]!
    if (known >= 0) return known
    const calls = this.#trace.contexts[context]?.calls ?? []
    const call = calls.find((candidate) => !INCIDENTAL.has(candidate.name)) ?? calls[0]
    const text = call ? `${call.name}/${call.fd >= 0 && this.#isTransient(call.fd) ? '*' : call.fd}` : ''
    let key = this.#keys.get(text)
    if (key === undefined) {
      key = this.#keys.size
      this.#keys.set(text, key)
    }
    keys[place] = key
    this.#keyOfContext[block] = keys
    return key
  }
}

function hashOf(tid: number, key: number, kind: number): number {
  const hash = Math.imul(tid ^ Math.imul(key, 0x85eb_ca6b), 0x9e37_79b1) ^ Math.imul(kind, 0xc2b2_ae35)
  return hash ^ (hash >>> 15)
}
