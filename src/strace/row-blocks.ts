import { randomUUID } from 'node:crypto'
import { openSync, readSync, unlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { alignedMemory } from '../base/aligned-memory.ts'

/**
 * Blocks of words, as many as needed, of which only so many are held in memory: the others lie in a temporary file
 * that has no name any more and is gone when the process ends. Where no such file can be written, all stay in memory.
 */

/** Words a block: small, so that two thousand threads may be read at once, each at another place. */
export const BLOCK_WORDS = 8192
const BLOCK_BYTES = BLOCK_WORDS * 4

/**
 * Blocks held of all tables together: 8 MiB. Memory that is touched for the first time costs several times what it takes
 * to write to the file and read back.
 */
const FEWEST_HELD = 256
const MOST_HELD = 4096

/** Blocks to hold of so many logs that are read side by side: for each the one that it has come to, and as many again. */
export const blocksHeld = (logs: number): number => Math.min(MOST_HELD, Math.max(FEWEST_HELD, logs * 2))

/** Blocks made one by one; beyond these, room for all that may be held is made at once. */
const FEW = 64

/** Of a linear congruential sequence. */
const STEP = 1_664_525

/** Where a block comes to that is only looked at. */
let looked: Int32Array<ArrayBuffer> | null = null

export class RowBlocks {
  /** By number; `null` for those that lie in the file. */
  readonly held: (Int32Array<ArrayBuffer> | null)[] = []
  #most: number
  /** Whether a block has changed since it was written. */
  readonly #changed: boolean[] = []
  /** Numbers of the held blocks. */
  readonly #numbers: number[] = []
  /** Place in `#numbers` whose block has to go next. */
  #next = 0
  #file = -1
  /** Room for blocks that are not used yet. */
  #fresh = new Int32Array(0)

  /** Holds at most so many blocks, two at least. */
  constructor(most: number) {
    this.#most = Math.max(2, most)
  }

  add(): void {
    const number = this.held.length
    this.held.push(null)
    this.#hold(number, this.#room())
    this.#changed[number] = true
  }

  /** The block, valid until another is asked for. */
  get(number: number): Int32Array<ArrayBuffer> {
    return this.held[number] ?? this.#fetch(number)
  }

  /**
   * As `get`, for those who read all blocks once, in order: one that is not held takes no other's place, and comes to a room
   * that stays in the processor's cache.
   */
  look(number: number): Int32Array {
    looked ??= new Int32Array(BLOCK_WORDS)
    return this.held[number] ?? this.#read(number, looked)
  }

  /** As `get`, to write into it. */
  change(number: number): Int32Array<ArrayBuffer> {
    this.#changed[number] = true
    return this.get(number)
  }

  /**
   * Writes all blocks to the file, in order, and returns its descriptor, which is then the caller's; -1 without blocks.
   * Throws where no file can be written.
   */
  handOver(): number {
    for (const number of this.#numbers)
      if (this.#changed[number] && !this.#store(number, this.held[number]!))
        throw new Error('rows cannot be handed over without a temporary file')
    return this.#file
  }

  #fetch(number: number): Int32Array<ArrayBuffer> {
    const block = this.#room()
    this.#read(number, block)
    this.#hold(number, block)
    return block
  }

  #read(number: number, into: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> {
    readSync(this.#file, into, 0, BLOCK_BYTES, number * BLOCK_BYTES)
    return into
  }

  #hold(number: number, block: Int32Array<ArrayBuffer>): void {
    this.held[number] = block
    if (this.#numbers.length < this.#most) this.#numbers.push(number)
    else this.#numbers[this.#next] = number
  }

  /**
   * Room for one block more: new, or that of any other. Tables are read from one end to the other: were it the one held
   * longest, each reading would fetch them all.
   */
  #room(): Int32Array<ArrayBuffer> {
    if (this.#numbers.length < this.#most) return this.#freshBlock()
    this.#next = (this.#next * STEP + 1) % this.#most
    const number = this.#numbers[this.#next]!
    const block = this.held[number]!
    if (this.#changed[number] && !this.#store(number, block)) return this.#freshBlock()
    this.#changed[number] = false
    this.held[number] = null
    return block
  }

  #freshBlock(): Int32Array<ArrayBuffer> {
    const wanted = this.#most - this.#numbers.length
    if (this.#numbers.length < FEW || !Number.isFinite(wanted)) return new Int32Array(BLOCK_WORDS)
    if (this.#fresh.length === 0) this.#fresh = new Int32Array(alignedMemory(wanted * BLOCK_BYTES))
    const block = this.#fresh.subarray(0, BLOCK_WORDS)
    this.#fresh = this.#fresh.subarray(BLOCK_WORDS)
    return block
  }

  /** Writes a block to the file; false when that cannot be done, and from then on all blocks are held. */
  #store(number: number, block: Int32Array<ArrayBuffer>): boolean {
    try {
      if (this.#file < 0) this.#file = newFile()
      for (let done = 0; done < BLOCK_BYTES; )
        done += writeSync(this.#file, block, done, BLOCK_BYTES - done, number * BLOCK_BYTES + done)
      return true
    } catch {
      this.#most = Number.POSITIVE_INFINITY
      return false
    }
  }
}

function newFile(): number {
  const path = join(tmpdir(), `memdossier-${randomUUID()}`)
  const file = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  return file
}
