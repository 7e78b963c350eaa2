/**
 * The face of kernel/line-kernel.as: text in, one row a line out. One instance a JavaScript thread; whoever uses it says
 * for which set of names, because several logs may be read by turns.
 */
import { LINE_KERNEL } from './kernel/line-kernel.wasm.ts'
import { ARGUMENT_KIND, NAME_BYTE } from './tables/bytes.ts'

// The types of Node 20 name WebAssembly, but not its parts.
declare const WebAssembly: {
  Memory: new (pages: { initial: number }) => { readonly buffer: ArrayBuffer }
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

/** Places and numbers that the kernel exports. */
type Constant =
  | 'KIND'
  | 'NAME_BYTE'
  | 'ROWS'
  | 'TIME'
  | 'VALUE'
  | 'DURATION'
  | 'START'
  | 'END'
  | 'TID'
  | 'NAME'
  | 'DESCRIPTOR'
  | 'ERROR_START'
  | 'ERROR_END'
  | 'ARGUMENT'
  | 'ARGUMENTS'
  | 'STATE'
  | 'ARGUMENT_PLACES'
  | 'ARGUMENT_START'
  | 'ARGUMENT_END'
  | 'ARGUMENT_VALUE'
  | 'ARGUMENT_TEXT'
  | 'IN'
  | 'IN_BYTES'

type Exports = Record<Constant, { readonly value: number }> & {
  setPrefix(pid: number, stamp: number): void
  clearNames(): void
  addName(from: number, to: number, number: number, traits: number): void
  run(from: number, limit: number): number
  stop(): number
}

const MEMORY_PAGES = 48

/** Bits of `LineRows.state`: see the kernel. */
export const SLOW = 1
export const FAILED_RESULT = 2
export const DECORATED = 4
export const DECODED = 8

/** Traits of a name. */
export const KEEPS_ARGUMENTS = 1
export const TAKES_DESCRIPTOR = 2
export const DECODES_ARGUMENTS = 4

/** Kinds of pid prefixes that the kernel knows. */
export const PID_NONE = 0
export const PID_BARE = 1
export const PID_BRACKETED = 2

/** Rows that one run gives, in columns that the next run overwrites; positions are in `bytes`. */
export interface LineRows {
  readonly time: Float64Array
  readonly value: Float64Array
  readonly duration: Float64Array
  /** The line, its end included. */
  readonly start: Int32Array
  readonly end: Int32Array
  readonly tid: Int32Array
  readonly name: Int32Array
  readonly descriptor: Int32Array
  readonly errorStart: Int32Array
  readonly errorEnd: Int32Array
  /** First argument's place in `argumentStart` and `argumentEnd`, and how many were kept. */
  readonly argument: Int32Array
  readonly arguments: Uint8Array
  readonly state: Uint8Array
  readonly argumentStart: Int32Array
  readonly argumentEnd: Int32Array
  /** Numbers that arguments are (NaN for others), and texts of flags (from 1; 0 without). */
  readonly argumentValue: Float64Array
  readonly argumentText: Int32Array
}

export class LineKernel {
  readonly rows: LineRows
  /** Memory that rows point into. */
  readonly bytes: Uint8Array
  /** Bytes that `load` takes at once. */
  readonly window: number
  readonly #exports: Exports
  #user: object | null = null

  static #instance: LineKernel | null = null

  /** The kernel of this thread, compiled at its first use. */
  static get(): LineKernel {
    LineKernel.#instance ??= new LineKernel()
    return LineKernel.#instance
  }

  private constructor() {
    const memory = new WebAssembly.Memory({ initial: MEMORY_PAGES })
    const module = new WebAssembly.Module(Buffer.from(LINE_KERNEL, 'base64'))
    const imports = {
      env: {
        memory,
        abort: () => {
          throw new Error('the strace kernel stopped')
        },
      },
    }
    const exports = new WebAssembly.Instance(module, imports).exports as Exports
    const { buffer } = memory
    const rows = exports.ROWS.value
    const doubles = (place: Constant): Float64Array => new Float64Array(buffer, exports[place].value, rows)
    const words = (place: Constant, length = rows): Int32Array =>
      new Int32Array(buffer, exports[place].value, length)
    const places = exports.ARGUMENT_PLACES.value
    this.#exports = exports
    this.bytes = new Uint8Array(buffer)
    this.window = exports.IN_BYTES.value
    this.bytes.set(ARGUMENT_KIND, exports.KIND.value)
    this.bytes.set(NAME_BYTE, exports.NAME_BYTE.value)
    this.rows = {
      time: doubles('TIME'),
      value: doubles('VALUE'),
      duration: doubles('DURATION'),
      start: words('START'),
      end: words('END'),
      tid: words('TID'),
      name: words('NAME'),
      descriptor: words('DESCRIPTOR'),
      errorStart: words('ERROR_START'),
      errorEnd: words('ERROR_END'),
      argument: words('ARGUMENT'),
      arguments: new Uint8Array(buffer, exports.ARGUMENTS.value, rows),
      state: new Uint8Array(buffer, exports.STATE.value, rows),
      argumentStart: words('ARGUMENT_START', places),
      argumentEnd: words('ARGUMENT_END', places),
      argumentValue: new Float64Array(buffer, exports.ARGUMENT_VALUE.value, places),
      argumentText: words('ARGUMENT_TEXT', places),
    }
  }

  /** Says whose names the next ones are; returns whether those of another user were forgotten. */
  use(user: object): boolean {
    if (this.#user === user) return false
    this.#user = user
    this.#exports.clearNames()
    return true
  }

  /** Makes a call's name known; it is `number` in the rows. */
  addName(name: Uint8Array, number: number, traits: number): void {
    const at = this.#exports.IN.value + this.window
    this.bytes.set(name, at)
    this.#exports.addName(at, at + name.length, number, traits)
  }

  /** Says what the next lines' prefixes are: a PID_ form, and a STAMP_ kind with six digits. */
  setPrefix(pid: number, stamp: number): void {
    this.#exports.setPrefix(pid, stamp)
  }

  /** Brings in text that ends behind the end of a line, at most `window` bytes; returns its place. */
  load(text: Uint8Array): number {
    const at = this.#exports.IN.value
    this.bytes.set(text, at)
    return at
  }

  /** Reads lines from `from` on; returns how many rows there are. */
  run(from: number, limit: number): number {
    return this.#exports.run(from, limit)
  }

  /** Behind the last line that the last run gave a row. */
  get stop(): number {
    return this.#exports.stop()
  }
}
