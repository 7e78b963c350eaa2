declare module 'zip-stream' {
  import type { Transform } from 'node:stream'
  import type { ZlibOptions } from 'node:zlib'

  export interface ZipEntry {
    getGeneralPurposeBit(): { useDataDescriptor(uses: boolean): void }
    setSize(bytes: number): void
    setCompressedSize(bytes: number): void
    setCrc(crc: number): void
  }

  type Done = (error: Error | null, entry?: ZipEntry) => void

  export default class ZipStream extends Transform {
    constructor(options: { zlib: ZlibOptions })
    readonly options: { readonly zlib: ZlibOptions }
    /** Bytes written so far. */
    offset: number
    entry(source: unknown, data: object, done: Done): this
    finalize(): void
    protected _appendBuffer(entry: ZipEntry, source: Buffer, done: Done): void
    protected _writeLocalFileHeader(entry: ZipEntry): void
    protected _afterAppend(entry: ZipEntry): void
  }
}
