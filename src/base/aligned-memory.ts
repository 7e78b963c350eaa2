// The types of Node 20 name WebAssembly, but not its memory.
declare const WebAssembly: { Memory: new (pages: { initial: number }) => { readonly buffer: ArrayBuffer } }

const WASM_PAGE = 65536

/**
 * Memory that begins with a page, as WebAssembly.Memory does: an array of JavaScript begins 16 bytes past one, and the
 * kernel copies what it reads several times slower into such a one. It takes no room before it is written to. Where
 * address space is short (ulimit -v) it begins anywhere.
 */
export function alignedMemory(bytes: number): ArrayBuffer {
  try {
    return new WebAssembly.Memory({ initial: Math.ceil(bytes / WASM_PAGE) }).buffer
  } catch {
    return new ArrayBuffer(Math.ceil(bytes / WASM_PAGE) * WASM_PAGE)
  }
}
