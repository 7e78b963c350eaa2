/** The face of kernel/redact-kernel.as. */
import { DATA_CALLS } from './call-strings.ts'
import { Keeper } from './keeper.ts'
import { REDACT_KERNEL } from './kernel/redact-kernel.wasm.ts'
import { mappingName } from './mapping-name.ts'
import { MAY_HOLD_SECRET } from './secrets.ts'
import { redactDecoration } from './strace-line.ts'
import { redactText } from './text.ts'
import { ANY_FIELD, isErrorText, isKernelWord } from './words.ts'

// The types of Node 20 name WebAssembly, but not its parts.
declare const WebAssembly: {
  Memory: new (pages: { initial: number }) => { readonly buffer: ArrayBuffer }
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

interface Exports {
  readonly IN: { readonly value: number }
  readonly IN_BYTES: { readonly value: number }
  readonly OUT: { readonly value: number }
  prepare(low: bigint, high: bigint): void
  rewind(): void
  room(length: number): number
  addWord(from: number, to: number, traits: number): void
  run(from: number, to: number, isLog: number): number
  outEnd(): number
  lineFrom(): number
  lineTo(): number
  wordFrom(): number
  wordTo(): number
  takePayloads(): number
}

const MEMORY_PAGES = 40
const DONE = 0
const LINE = 1
const NEW_WORD = 2

// Traits of words.
const DATA_CALL = 1
const PLAIN_CALL = 2
const KERNEL_WORD = 4
const PLAIN_FIELD = 8
const FIELD = 64
const PLAIN_DECORATION = 16
const ERROR_TEXT = 32
const KEPT_NAME = 128

/** In no name of a call. */
const UPPER_CASE = /[A-Z]/

let compiled: object | null = null
const kernels = new WeakMap<Keeper, Kernel>()

export class Kernel {
  readonly #keeper: Keeper
  /** Says whether a rule would change something, without counting it. */
  readonly #judge: Keeper
  readonly #memory: Buffer
  readonly #kernel: Exports
  readonly #in: number
  readonly #room: number
  readonly #out: number

  /** The kernel of a keeper: what it has learned of words holds for all files. */
  static of(keeper: Keeper): Kernel {
    const known = kernels.get(keeper)
    if (known) return known
    const kernel = new Kernel(keeper)
    kernels.set(keeper, kernel)
    return kernel
  }

  private constructor(keeper: Keeper) {
    this.#keeper = keeper
    this.#judge = new Keeper(keeper.policy, () => keeper.hashKey, false)
    compiled ??= new WebAssembly.Module(Buffer.from(REDACT_KERNEL, 'base64'))
    const memory = new WebAssembly.Memory({ initial: MEMORY_PAGES })
    const abort = (): never => {
      throw new Error('the redaction kernel failed')
    }
    this.#kernel = new WebAssembly.Instance(compiled, { env: { memory, abort } }).exports as Exports
    this.#memory = Buffer.from(memory.buffer)
    this.#in = this.#kernel.IN.value
    this.#room = this.#kernel.IN_BYTES.value
    this.#out = this.#kernel.OUT.value
    const key = new DataView(keeper.hashKey.buffer, keeper.hashKey.byteOffset, 16)
    this.#kernel.prepare(key.getBigInt64(0, true), key.getBigInt64(8, true))
  }

  /** Redacts whole lines; `plain` takes those that are not in the form. A part is lent until the next is asked for. */
  *redact(
    bytes: Uint8Array,
    form: 'strace' | 'smaps',
    plain: (line: string) => string,
  ): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length; ) {
      const end = this.#pieceEnd(bytes, at)
      if (end - at > this.#room) yield longLine(bytes.subarray(at, end), plain)
      else {
        this.#memory.set(bytes.subarray(at, end), this.#in)
        yield* this.#piece(this.#in + end - at, form === 'strace' ? 1 : 0, plain)
      }
      at = end
    }
    const payloads = this.#kernel.takePayloads()
    if (payloads > 0) this.#keeper.count('payload', payloads)
  }

  /** As many whole lines as there is room for; one line if it alone is longer. */
  #pieceEnd(bytes: Uint8Array, start: number): number {
    if (bytes.length - start <= this.#room) return bytes.length
    const end = bytes.lastIndexOf(0x0a, start + this.#room - 1) + 1
    if (end > start) return end
    const next = bytes.indexOf(0x0a, start) + 1
    return next > 0 ? next : bytes.length
  }

  *#piece(end: number, isLog: number, plain: (line: string) => string): Generator<Uint8Array> {
    const kernel = this.#kernel
    kernel.rewind()
    for (let from = this.#in; ; ) {
      const reason = kernel.run(from, end, isLog)
      if (reason === DONE) break
      from = kernel.lineFrom()
      if (reason === NEW_WORD) this.#tell(kernel.wordFrom(), kernel.wordTo())
      else if (reason === LINE) from = yield* this.#line(from, end, plain)
      else yield* this.#flush()
    }
    yield* this.#flush()
  }

  /** Writes what the plain rules make of the line at `start`; behind it. */
  *#line(start: number, end: number, plain: (line: string) => string): Generator<Uint8Array, number> {
    const stop = this.#kernel.lineTo()
    const newline = this.#memory.indexOf(0x0a, stop)
    const next = newline < 0 || newline >= end ? end : newline + 1
    const text =
      plain(this.#memory.toString('latin1', start, stop)) + this.#memory.toString('latin1', stop, next)
    let place = this.#kernel.room(text.length)
    if (place === 0) {
      yield* this.#flush()
      place = this.#kernel.room(text.length)
    }
    if (place === 0) yield Buffer.from(text, 'latin1')
    else this.#memory.write(text, place, 'latin1')
    return next
  }

  *#flush(): Generator<Uint8Array> {
    const end = this.#kernel.outEnd()
    if (end > this.#out) yield this.#memory.subarray(this.#out, end)
    this.#kernel.rewind()
  }

  /** Tells the kernel what the plain rules say of a word. */
  #tell(start: number, end: number): void {
    const word = this.#memory.toString('latin1', start, end)
    const isOpen = MAY_HOLD_SECRET.test(word)
    let traits = 0
    if (!isOpen && !word.startsWith('exec') && !UPPER_CASE.test(word))
      traits |= DATA_CALLS.has(word) ? DATA_CALL : PLAIN_CALL
    if (isKernelWord(word) && !(isOpen && redactText(word, this.#judge) !== word)) traits |= KERNEL_WORD
    if (ANY_FIELD.test(word)) traits |= isOpen ? FIELD : FIELD | PLAIN_FIELD
    // `<... futex resumed>` is for the rules of a call.
    if (!word.startsWith('...') && redactDecoration(word, this.#judge) === word) traits |= PLAIN_DECORATION
    if (isErrorText(word)) traits |= ERROR_TEXT
    if (mappingName(word, this.#judge) === word) traits |= KEPT_NAME
    this.#kernel.addWord(start, end, traits)
  }
}

function longLine(bytes: Uint8Array, plain: (line: string) => string): Uint8Array {
  const [, line, end] = /^(.*?)(\r?\n?)$/s.exec(Buffer.from(bytes).toString('latin1'))!
  return Buffer.from(plain(line!) + end, 'latin1')
}
