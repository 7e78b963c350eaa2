import type { MechanismCode } from './mechanism.ts'
import type { ReplayKernel } from './replay-kernel.ts'

/** A record in the kernel's memory: three doubles, then words. See kernel/records.as. */
const LIVE = 1
const TIME = 2
const EVENT = 6
const MAKER = 7
const ACTIVITY = 8
const CALLS = 9
const GENERATION = 10
const MECHANISM = 11

/**
 * Records of live allocations of one process, which lie in the memory of the kernel. A record whose last byte is gone is
 * given out again; `generation` tells the old one from the new.
 */
export class RecordTable {
  readonly #kernel: ReplayKernel
  readonly #space: number

  constructor(kernel: ReplayKernel, space: number) {
    this.#kernel = kernel
    this.#space = space
  }

  /** Highest record number ever used plus one. */
  get length(): number {
    return this.#kernel.calls.recordsIn(this.#space)
  }

  /** The call that made it; -1: known from a snapshot, made before the trace or unseen. */
  event(id: number): number {
    return this.#word(id, EVENT)
  }

  /** Number of its thread in the ledger. */
  maker(id: number): number {
    return this.#word(id, MAKER)
  }

  activity(id: number): number {
    return this.#word(id, ACTIVITY)
  }

  /** How many calls made it. */
  calls(id: number): number {
    return this.#word(id, CALLS)
  }

  generation(id: number): number {
    return this.#word(id, GENERATION)
  }

  mechanism(id: number): MechanismCode {
    return this.#word(id, MECHANISM)
  }

  /** Bytes that it was made of. */
  bytes(id: number): number {
    return this.#double(id, 0)
  }

  /** Bytes of it that are there. */
  live(id: number): number {
    return this.#double(id, LIVE)
  }

  /** When it was made, on the host's clock. */
  time(id: number): number {
    return this.#double(id, TIME)
  }

  setMaker(id: number, maker: number): void {
    const place = this.#kernel.calls.recordAt(this.#space, id)
    this.#kernel.words[(place >>> 2) + MAKER] = maker
  }

  setMechanism(id: number, mechanism: MechanismCode): void {
    const place = this.#kernel.calls.recordAt(this.#space, id)
    this.#kernel.words[(place >>> 2) + MECHANISM] = mechanism
  }

  #word(id: number, word: number): number {
    const place = this.#kernel.calls.recordAt(this.#space, id)
    return this.#kernel.words[(place >>> 2) + word]!
  }

  #double(id: number, double: number): number {
    const place = this.#kernel.calls.recordAt(this.#space, id)
    return this.#kernel.doubles[(place >>> 3) + double]!
  }
}
