import { decodeText } from './bytes-text.ts'
import type { StringTable } from './string-table.ts'

/** Slots and bytes of an interner that has seen nothing yet: a run of strace may have thousands of files, each with some. */
const FEWEST_SLOTS = 16
const FEWEST_BYTES = 64

/**
 * Finds the id of a byte range in a StringTable without making a string of it, except the first time it is seen.
 * One interner a table and thread; the table may be used directly as well.
 */
export class ByteInterner {
  readonly #strings: StringTable
  #slots = new Int32Array(FEWEST_SLOTS).fill(-1)
  #hashes: number[] = []
  #starts: number[] = []
  #ends: number[] = []
  #ids: number[] = []
  #pool = new Uint8Array(FEWEST_BYTES)
  #used = 0

  constructor(strings: StringTable) {
    this.#strings = strings
  }

  /** The id of `buffer[start, end)` in the table; 0 for the empty range. */
  intern(buffer: Uint8Array, start: number, end: number): number {
    if (start >= end) return 0
    let hash = end - start
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ buffer[at]!, 0x01000193)
    hash ^= hash >>> 15
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let entry = this.#slots[slot]!; entry >= 0; entry = this.#slots[slot]!) {
      if (this.#hashes[entry] === hash && this.#equals(entry, buffer, start, end)) return this.#ids[entry]!
      slot = (slot + 1) & mask
    }
    return this.#add(hash, slot, buffer, start, end)
  }

  #equals(entry: number, buffer: Uint8Array, start: number, end: number): boolean {
    const from = this.#starts[entry]!
    const length = end - start
    if (this.#ends[entry]! - from !== length) return false
    const pool = this.#pool
    for (let at = 0; at < length; at++) if (pool[from + at] !== buffer[start + at]) return false
    return true
  }

  #add(hash: number, slot: number, buffer: Uint8Array, start: number, end: number): number {
    const length = end - start
    if (this.#used + length > this.#pool.length) {
      const grown = new Uint8Array(Math.max(this.#pool.length * 2, this.#used + length))
      grown.set(this.#pool.subarray(0, this.#used))
      this.#pool = grown
    }
    this.#pool.set(buffer.subarray(start, end), this.#used)
    const id = this.#strings.intern(decodeText(buffer, start, end))
    this.#slots[slot] = this.#ids.length
    this.#hashes.push(hash)
    this.#starts.push(this.#used)
    this.#ends.push(this.#used + length)
    this.#ids.push(id)
    this.#used += length
    if (this.#ids.length * 2 > this.#slots.length) this.#grow()
    return id
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let entry = 0; entry < this.#ids.length; entry++) {
      let slot = this.#hashes[entry]! & mask
      while (slots[slot]! >= 0) slot = (slot + 1) & mask
      slots[slot] = entry
    }
    this.#slots = slots
  }
}
