import { type Column, grown, nextCapacity } from '../base/growable.ts'
import { MemoryRow } from './memory-row.ts'

/** What of a call its row holds; everything else is part of its form. */
export const TIME_IN_ROW = 1
export const DURATION_IN_ROW = 2
export const LENGTH_IN_ROW = 4
/** The row's place is the address, the result, or both, where they are equal. */
export const ADDRESS_IN_ROW = 8
export const RESULT_IN_ROW = 16

/** Whether the rows of a form hold a range of addresses: its length, and where it begins as the address or the result. */
export const holdsRange = (
  { inRow }: { readonly inRow: Uint8Array },
  form: number,
  begin: typeof ADDRESS_IN_ROW | typeof RESULT_IN_ROW,
): boolean => (inRow[form]! & (LENGTH_IN_ROW | begin)) === (LENGTH_IN_ROW | begin)

const NONE = -1

/** Forms that another thread has made, in columns. */
export interface HandedForms {
  readonly length: number
  readonly columns: EventForms['columns']
}

/** NaN equals NaN. */
const same = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b))

const mixed = (hash: number, value: number): number =>
  Math.imul(hash ^ (value | 0) ^ (value / 0x1_0000_0000), 0x9e37_79b1)

/**
 * Forms of calls: what calls have in common that differ only in when, where and how much. A program makes millions of
 * calls of a few dozen forms; a call whose numbers find no room in a row has a form of its own.
 */
export class EventForms {
  length = 0
  columns = {
    /** Index of the thread until `finish`, then its tid. */
    tid: new Int32Array(0),
    call: new Uint8Array(0),
    inRow: new Uint8Array(0),
    state: new Uint8Array(0),
    protection: new Uint32Array(0),
    flags: new Float64Array(0),
    fd: new Int32Array(0),
    offset: new Float64Array(0),
    error: new Uint32Array(0),
    name: new Uint32Array(0),
    file: new Uint16Array(0),
    time: new Float64Array(0),
    duration: new Float64Array(0),
    address: new Float64Array(0),
    length1: new Float64Array(0),
    length2: new Float64Array(0),
    extra: new Float64Array(0),
    result: new Float64Array(0),
  }
  #slots = new Int32Array(256).fill(NONE)
  #hashes = new Int32Array(0)

  /** Number of the form of this call, new when needed. Numbers that the call's row holds are 0 in `row`. */
  of(thread: number, row: MemoryRow, inRow: number): number {
    const hash = hashOf(thread, row, inRow)
    const mask = this.#slots.length - 1
    let slot = hash & mask
    for (let form = this.#slots[slot]!; form !== NONE; form = this.#slots[slot]!) {
      if (this.#hashes[form] === hash && this.#is(form, thread, row, inRow)) return form
      slot = (slot + 1) & mask
    }
    const form = this.length
    if (form === this.columns.tid.length) this.#grow()
    this.length = form + 1
    this.#hashes[form] = hash
    this.#write(form, thread, row, inRow)
    this.#slots[slot] = form
    if (this.length * 2 > this.#slots.length) this.#rehash()
    return form
  }

  /** Copies of the columns, to be sent to another thread. */
  handOver(): HandedForms {
    const byName = this.columns as Record<string, Column>
    const columns = Object.fromEntries(
      Object.entries(byName).map(([name, column]) => [name, column.slice(0, this.length)]),
    )
    return { length: this.length, columns: columns as unknown as EventForms['columns'] }
  }

  /** Adds forms; `threads` and `strings` are the new numbers of theirs. Returns the new numbers of the forms. */
  absorb({ length, columns }: HandedForms, threads: Int32Array, strings: Uint32Array): Int32Array {
    const numbers = new Int32Array(length)
    const row = new MemoryRow()
    for (let form = 0; form < length; form++) {
      row.call = columns.call[form]!
      row.state = columns.state[form]!
      row.protection = columns.protection[form]!
      row.flags = columns.flags[form]!
      row.fd = columns.fd[form]!
      row.offset = columns.offset[form]!
      row.error = strings[columns.error[form]!]!
      row.name = strings[columns.name[form]!]!
      row.file = columns.file[form]!
      row.time = columns.time[form]!
      row.duration = columns.duration[form]!
      row.address = columns.address[form]!
      row.length1 = columns.length1[form]!
      row.length2 = columns.length2[form]!
      row.extra = columns.extra[form]!
      row.result = columns.result[form]!
      numbers[form] = this.of(threads[columns.tid[form]!]!, row, columns.inRow[form]!)
    }
    return numbers
  }

  /** No more forms come: threads become tids. */
  finish(tids: readonly number[]): void {
    const { tid } = this.columns
    for (let form = 0; form < this.length; form++) tid[form] = tids[tid[form]!]!
    this.#slots = new Int32Array(0)
    this.#hashes = new Int32Array(0)
  }

  #is(form: number, thread: number, row: MemoryRow, inRow: number): boolean {
    const { columns } = this
    return (
      columns.tid[form] === thread &&
      columns.call[form] === row.call &&
      columns.inRow[form] === inRow &&
      columns.protection[form] === row.protection &&
      same(columns.flags[form]!, row.flags) &&
      columns.fd[form] === row.fd &&
      same(columns.offset[form]!, row.offset) &&
      columns.state[form] === row.state &&
      columns.error[form] === row.error &&
      columns.name[form] === row.name &&
      columns.file[form] === row.file &&
      same(columns.result[form]!, row.result) &&
      same(columns.address[form]!, row.address) &&
      same(columns.length2[form]!, row.length2) &&
      same(columns.extra[form]!, row.extra) &&
      same(columns.time[form]!, row.time) &&
      same(columns.duration[form]!, row.duration) &&
      same(columns.length1[form]!, row.length1)
    )
  }

  #write(form: number, thread: number, row: MemoryRow, inRow: number): void {
    const { columns } = this
    columns.tid[form] = thread
    columns.call[form] = row.call
    columns.inRow[form] = inRow
    columns.state[form] = row.state
    columns.protection[form] = row.protection
    columns.flags[form] = row.flags
    columns.fd[form] = row.fd
    columns.offset[form] = row.offset
    columns.error[form] = row.error
    columns.name[form] = row.name
    columns.file[form] = row.file
    columns.time[form] = row.time
    columns.duration[form] = row.duration
    columns.address[form] = row.address
    columns.length1[form] = row.length1
    columns.length2[form] = row.length2
    columns.extra[form] = row.extra
    columns.result[form] = row.result
  }

  #grow(): void {
    const capacity = nextCapacity(this.length)
    const byName = this.columns as Record<string, Column>
    for (const name of Object.keys(byName)) byName[name] = grown(byName[name]!, capacity)
    this.#hashes = grown(this.#hashes, capacity)
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(NONE)
    const mask = slots.length - 1
    for (let form = 0; form < this.length; form++) {
      let slot = this.#hashes[form]! & mask
      while (slots[slot]! !== NONE) slot = (slot + 1) & mask
      slots[slot] = form
    }
    this.#slots = slots
  }
}

function hashOf(thread: number, row: MemoryRow, inRow: number): number {
  let hash = Math.imul(thread, 0x85eb_ca6b) ^ Math.imul(row.call + (inRow << 8), 0xc2b2_ae35)
  hash = Math.imul(hash ^ row.protection ^ (row.state << 4) ^ (row.error << 8), 0x9e37_79b1)
  hash = Math.imul(hash ^ row.fd ^ (row.name << 4) ^ (row.file << 16), 0x9e37_79b1)
  hash = mixed(hash, row.flags)
  hash = mixed(hash, row.offset)
  hash = mixed(hash, row.result)
  hash = mixed(hash, row.address)
  hash = mixed(hash, row.length1)
  hash = mixed(hash, row.length2)
  hash = mixed(hash, row.extra)
  hash = mixed(hash, row.time)
  hash = mixed(hash, row.duration)
  return hash ^ (hash >>> 15)
}
