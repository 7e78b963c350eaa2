import { grown } from '../base/growable.ts'
import type { MechanismCode } from './mechanism.ts'

/** A trace can have thousands of processes with a few calls each. */
const FIRST_CAPACITY = 32

/**
 * Records of live allocations in columns. A record whose last byte is gone is given out again; `generation` tells the
 * old one from the new. Event -1: known from a snapshot, made before the trace or unseen.
 */
export class RecordTable {
  event = new Int32Array(FIRST_CAPACITY)
  /** Number of its thread in the ledger. */
  maker = new Int32Array(FIRST_CAPACITY)
  mechanism = new Uint8Array(FIRST_CAPACITY)
  bytes = new Float64Array(FIRST_CAPACITY)
  live = new Float64Array(FIRST_CAPACITY)
  time = new Float64Array(FIRST_CAPACITY)
  activity = new Int32Array(FIRST_CAPACITY)
  calls = new Int32Array(FIRST_CAPACITY)
  generation = new Int32Array(FIRST_CAPACITY)
  #length = 0
  #free: number[] = []

  /** Highest record number ever used plus one. */
  get length(): number {
    return this.#length
  }

  open(
    event: number,
    maker: number,
    mechanism: MechanismCode,
    bytes: number,
    time: number,
    activity: number,
  ): number {
    const id = this.#free.pop() ?? this.#append()
    this.event[id] = event
    this.maker[id] = maker
    this.mechanism[id] = mechanism
    this.bytes[id] = bytes
    this.live[id] = bytes
    this.time[id] = time
    this.activity[id] = activity
    this.calls[id] = 1
    return id
  }

  extend(id: number, bytes: number): void {
    this.bytes[id]! += bytes
    this.live[id]! += bytes
    this.calls[id]! += 1
  }

  /** Takes bytes off; the record is free when none are left. */
  reduce(id: number, bytes: number): void {
    this.live[id]! -= bytes
    if (this.live[id]! > 0) return
    this.generation[id]! += 1
    this.#free.push(id)
  }

  #append(): number {
    if (this.#length === this.event.length) this.#grow()
    this.#length += 1
    return this.#length - 1
  }

  #grow(): void {
    const size = this.event.length * 2
    this.event = grown(this.event, size)
    this.maker = grown(this.maker, size)
    this.mechanism = grown(this.mechanism, size)
    this.bytes = grown(this.bytes, size)
    this.live = grown(this.live, size)
    this.time = grown(this.time, size)
    this.activity = grown(this.activity, size)
    this.calls = grown(this.calls, size)
    this.generation = grown(this.generation, size)
  }
}
