import { crc32, deflateRawSync, type ZlibOptions } from 'node:zlib'
import { Archiver } from 'archiver'
import ZipStream, { type ZipEntry } from 'zip-stream'

/** Bytes gathered before they are passed on. */
const ROOM = 64 * 1024

declare module 'archiver' {
  interface Archiver {
    _format: string
    _module: ZipStream & { readonly append: ZipStream['entry'] }
    _modulePipe(): void
  }
}

/**
 * archiver's zip for many small entries. A zip of archiver's own makes three streams for each and hands on its headers in
 * thirty pieces; here an entry that comes as a Buffer is compressed at once, and small pieces are gathered.
 */
export class QuickZip extends Archiver {
  /** `zlib` is looked at when an entry begins. */
  constructor(zlib: ZlibOptions) {
    super()
    const engine = new Engine({ zlib })
    this._format = 'zip'
    this._module = Object.assign(engine, { append: engine.entry })
    this._modulePipe()
  }
}

class Engine extends ZipStream {
  #gathered = Buffer.allocUnsafe(ROOM)
  #filled = 0

  override write(piece: Uint8Array | string): boolean {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece
    if (bytes.length > ROOM - this.#filled) this.#passOn()
    if (bytes.length > ROOM) return super.write(bytes)
    this.#gathered.set(bytes, this.#filled)
    this.#filled += bytes.length
    this.offset += bytes.length
    return !this.writableNeedDrain
  }

  override end(): this {
    this.#passOn()
    return super.end()
  }

  /** An entry whose content is there: its sizes stand in front of it. */
  protected override _appendBuffer(
    entry: ZipEntry,
    source: Buffer,
    done: (error: Error | null, entry?: ZipEntry) => void,
  ): void {
    entry.getGeneralPurposeBit().useDataDescriptor(false)
    if (source.length === 0) {
      super._appendBuffer(entry, source, done)
      return
    }
    const packed = deflateRawSync(source, this.options.zlib)
    entry.setSize(source.length)
    entry.setCompressedSize(packed.length)
    entry.setCrc(crc32(source))
    this._writeLocalFileHeader(entry)
    const mayGoOn = this.write(packed)
    this._afterAppend(entry)
    if (mayGoOn) done(null, entry)
    else this.once('drain', () => done(null, entry))
  }

  #passOn(): void {
    if (this.#filled === 0) return
    const bytes = this.#gathered.subarray(0, this.#filled)
    this.#gathered = Buffer.allocUnsafe(ROOM)
    this.offset -= this.#filled
    this.#filled = 0
    super.write(bytes)
  }
}
