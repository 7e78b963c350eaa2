/**
 * The face of kernel/block-kernel.as: text in, columns of mappings out. One instance a thread; whoever uses it says each
 * time for which string table and layout, because several files may be read by turns.
 */
import { decodeText } from '../base/bytes-text.ts'
import type { StringTable } from '../base/string-table.ts'
import type { BlockLayout } from './block-layout.ts'
import { BLOCK_KERNEL } from './kernel/block-kernel.wasm.ts'

// The types of Node 20 name WebAssembly, but not its parts.
declare const WebAssembly: {
  Memory: new (pages: { initial: number }) => { readonly buffer: ArrayBuffer }
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

/** Places in the kernel's memory. */
type Place =
  | 'IN'
  | 'IN_BYTES'
  | 'IN_FRONT'
  | 'ROWS'
  | 'TEMPLATE'
  | 'TEMPLATE_BYTES'
  | 'MASK'
  | 'SLOTS'
  | 'STRIDE'
  | 'SLOT_AT'
  | 'SLOT_WIDTH'
  | 'SLOT_FACTOR'
  | 'START'
  | 'END'
  | 'OFFSET'
  | 'INODE'
  | 'NAME'
  | 'DEVICE'
  | 'FLAGS'
  | 'PERMISSIONS'
  | 'VALUES'
  | 'NONZERO'

type Exports = Record<Place, { readonly value: number }> & {
  setLayout(length: number, slots: number, hasFlags: number, sizeSlot: number): void
  clearTexts(): void
  textAt(entry: number): number
  textLength(entry: number): number
  textCount(): number
  isFull(): number
  forget(from: number, end: number): void
  run(from: number, limit: number, previousEnd: number): number
  stop(): number
}

const MEMORY_PAGES = 50

/** Rows that one run gives, in columns that the next run overwrites. `name`, `device` and `flags` are kernel ids. */
export interface BlockRows {
  readonly start: Float64Array
  readonly end: Float64Array
  readonly offset: Float64Array
  readonly inode: Float64Array
  readonly permissions: Uint8Array
  readonly name: Int32Array
  readonly device: Int32Array
  readonly flags: Int32Array
}

export class BlockKernel {
  readonly rows: BlockRows
  readonly #exports: Exports
  readonly #bytes: Uint8Array
  readonly #values: readonly Float64Array[]
  readonly #nonzero: Uint8Array
  readonly #inputs: readonly [Uint8Array, Uint8Array]
  readonly #front: number
  #turn = 0
  /** Id in the string table, by kernel id. */
  #ids: number[] = [0]
  #strings: StringTable | null = null
  #layout: BlockLayout | null = null

  static #instance: BlockKernel | null = null

  /** The kernel of this thread, compiled at its first use. */
  static get(): BlockKernel {
    BlockKernel.#instance ??= new BlockKernel()
    return BlockKernel.#instance
  }

  private constructor() {
    const memory = new WebAssembly.Memory({ initial: MEMORY_PAGES })
    const module = new WebAssembly.Module(Buffer.from(BLOCK_KERNEL, 'base64'))
    const imports = {
      env: {
        memory,
        abort: () => {
          throw new Error('the smaps kernel stopped')
        },
      },
    }
    const exports = new WebAssembly.Instance(module, imports).exports as Exports
    const { buffer } = memory
    const rows = exports.ROWS.value
    const doubles = (place: Place): Float64Array => new Float64Array(buffer, exports[place].value, rows)
    const ids = (place: Place): Int32Array => new Int32Array(buffer, exports[place].value, rows)
    this.#exports = exports
    this.#bytes = new Uint8Array(buffer)
    const input = exports.IN_BYTES.value
    this.#front = exports.IN_FRONT.value
    this.#inputs = [
      new Uint8Array(buffer, exports.IN.value, input),
      new Uint8Array(buffer, exports.IN.value + input + this.#front, input),
    ]
    this.rows = {
      start: doubles('START'),
      end: doubles('END'),
      offset: doubles('OFFSET'),
      inode: doubles('INODE'),
      permissions: new Uint8Array(buffer, exports.PERMISSIONS.value, rows),
      name: ids('NAME'),
      device: ids('DEVICE'),
      flags: ids('FLAGS'),
    }
    const slots = exports.SLOTS.value
    this.#nonzero = new Uint8Array(buffer, exports.NONZERO.value, slots)
    this.#values = Array.from(
      { length: slots },
      (_, slot) => new Float64Array(buffer, exports.VALUES.value + slot * exports.STRIDE.value, rows),
    )
  }

  /** Says for whom the next runs are. */
  use(strings: StringTable, layout: BlockLayout): void {
    if (this.#strings !== strings) {
      this.#strings = strings
      this.#clearTexts()
    }
    if (this.#layout === layout) return
    this.#layout = layout
    const { TEMPLATE, TEMPLATE_BYTES, MASK, SLOT_AT, SLOT_WIDTH, SLOT_FACTOR } = this.#exports
    const view = new DataView(this.#bytes.buffer)
    this.#bytes.set(layout.text, TEMPLATE.value)
    this.#bytes.fill(0, MASK.value, MASK.value + TEMPLATE_BYTES.value)
    this.#bytes.fill(0xff, MASK.value, MASK.value + layout.text.length)
    for (const [index, { start, end, factor }] of layout.slots.entries()) {
      this.#bytes.fill(0, MASK.value + start, MASK.value + end)
      view.setInt32(SLOT_AT.value + 4 * index, start, true)
      view.setInt32(SLOT_WIDTH.value + 4 * index, end - start, true)
      view.setFloat64(SLOT_FACTOR.value + 8 * index, factor, true)
    }
    this.#exports.setLayout(layout.text.length, layout.slots.length, layout.hasFlags ? 1 : 0, layout.sizeAt)
  }

  /** The input for the next file: not the one of the file before, with whose text it is compared. Its old text is gone. */
  nextInput(): Uint8Array {
    this.#turn = 1 - this.#turn
    const input = this.#inputs[this.#turn]!
    this.renew(input)
    return input
  }

  /** Says that other text comes, or came, to this input. */
  renew({ byteOffset, length }: Uint8Array): void {
    this.#exports.forget(byteOffset - this.#front, byteOffset + length)
  }

  /** Whether so many bytes have room in front of an input. */
  hasRoomInFront(bytes: number): boolean {
    return bytes <= this.#front
  }

  /**
   * Reads mappings in an input from `from` to `limit`; gives how many, in `rows` and `values`. `previousEnd` is the end of
   * the mapping before, -1 for the first.
   */
  run(input: Uint8Array, from: number, limit: number, previousEnd: number): number {
    const base = input.byteOffset
    if (this.#exports.isFull()) this.#clearTexts()
    const count = this.#exports.run(base + from, base + limit, previousEnd)
    for (let entry = this.#ids.length - 1; entry < this.#exports.textCount(); entry++) {
      const at = this.#exports.textAt(entry)
      const end = at + this.#exports.textLength(entry)
      this.#ids.push(this.#strings!.intern(decodeText(this.#bytes, at, end)))
    }
    return count
  }

  /** Position in the input behind the last mapping of the last run. */
  stopIn(input: Uint8Array): number {
    return this.#exports.stop() - input.byteOffset
  }

  /** The last run stopped only because its texts had filled the kernel's table: the next starts with an empty one. */
  get wasFull(): boolean {
    return this.#exports.isFull() !== 0
  }

  /** Values of one slot for the rows of the last run; `null` when all are 0. */
  values(slot: number): Float64Array | null {
    return this.#nonzero[slot] === 0 ? null : this.#values[slot]!
  }

  /** Id in the string table of a kernel id. */
  idOf(text: number): number {
    return this.#ids[text]!
  }

  #clearTexts(): void {
    this.#exports.clearTexts()
    this.#ids = [0]
  }
}
