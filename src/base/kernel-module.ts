// The types of Node 20 name WebAssembly, but not its parts.
declare const WebAssembly: {
  Memory: new (pages: { initial: number }) => { readonly buffer: ArrayBuffer }
  Module: new (bytes: Uint8Array) => object
  Instance: new (module: object, imports: object) => { readonly exports: unknown }
}

/**
 * A kernel that makes and frees what it needs in memory of its own, compiled when it is first started. The memory ends at
 * 4 GiB, one piece of it at 1 GiB, both earlier where the system gives less: a call that needs more ends in a trap,
 * `unreachable`, by which cli/refusals.ts knows it.
 */
export class KernelModule<Calls> {
  readonly #base64: string
  #compiled: object | null = null

  constructor(base64: string) {
    this.#base64 = base64
  }

  start(): Kernel<Calls> {
    this.#compiled ??= new WebAssembly.Module(Buffer.from(this.#base64, 'base64'))
    const memory = new WebAssembly.Memory({ initial: 1 })
    // Called for a piece that is too large, just before the trap.
    const abort = () => {}
    const { exports } = new WebAssembly.Instance(this.#compiled, { env: { memory, abort } })
    return new Kernel(exports as Calls, memory)
  }
}

/** What a kernel does, and its memory. Views of it are good until the kernel is called: it may have made more of it. */
export class Kernel<out Calls> {
  readonly calls: Calls
  readonly #memory: { readonly buffer: ArrayBuffer }
  #words = new Int32Array(0)
  #doubles = new Float64Array(0)
  #octets = new Uint8Array(0)

  constructor(calls: Calls, memory: { readonly buffer: ArrayBuffer }) {
    this.calls = calls
    this.#memory = memory
  }

  /** By address / 4. */
  get words(): Int32Array {
    if (this.#words.length === 0) this.#words = new Int32Array(this.#memory.buffer)
    return this.#words
  }

  /** By address / 8. */
  get doubles(): Float64Array {
    if (this.#doubles.length === 0) this.#doubles = new Float64Array(this.#memory.buffer)
    return this.#doubles
  }

  /** By address. */
  get octets(): Uint8Array {
    if (this.#octets.length === 0) this.#octets = new Uint8Array(this.#memory.buffer)
    return this.#octets
  }
}
