import { createWriteStream, type WriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { ZipArchive } from 'archiver'

/** What every entry carries, so that the bytes depend on nothing but the content. */
const MODE = 0o644
/** Bytes that zlib hands back at a time, and that are made ready while it works. */
const CHUNK = 256 * 1024
const AHEAD = 1024 * 1024

/**
 * Writes one zip, entry after entry, holding none of them in memory. Same entries, same bytes: times and modes are
 * fixed, and the time is written in UTC.
 */
export class ZipWriter {
  readonly #archive: ZipArchive
  readonly #written: Promise<void>
  readonly #date: Date
  readonly #file: WriteStream
  #failure: unknown = null

  /** `level` is zlib's. Throws nothing; what fails on the disk comes with the next call. */
  constructor(path: string, date: Date, level: number) {
    this.#date = date
    this.#archive = new ZipArchive({ zlib: { level, chunkSize: CHUNK } })
    const file = createWriteStream(path, { flags: 'wx', mode: 0o666 })
    this.#file = file
    this.#written = finished(file)
    this.#written.catch((error: unknown) => {
      this.#failure ??= error
      this.#archive.abort()
    })
    this.#archive.on('error', (error) => {
      this.#failure ??= error
      file.destroy(error)
    })
    this.#archive.pipe(file)
  }

  /** Adds one entry; resolves when all of its bytes are through. */
  async add(name: string, content: string | Uint8Array | AsyncIterable<Uint8Array>): Promise<void> {
    if (this.#failure) throw this.#failure
    const source =
      typeof content === 'string' || content instanceof Uint8Array
        ? Buffer.from(content as Uint8Array)
        : Readable.from(content, { objectMode: false, highWaterMark: AHEAD })
    await new Promise<void>((resolve, reject) => {
      const settle = (act: () => void) => {
        this.#archive.off('entry', done)
        this.#archive.off('error', failed)
        act()
      }
      const done = () => settle(resolve)
      const failed = (error: unknown) => settle(() => reject(error))
      this.#archive.once('entry', done)
      this.#archive.once('error', failed)
      this.#written.catch(failed)
      if (source instanceof Readable) source.once('error', failed)
      this.#archive.append(source, { name, date: this.#date, mode: MODE })
    })
  }

  /** Closes the zip; resolves when the last byte is written. */
  async close(): Promise<void> {
    if (this.#failure) throw this.#failure
    await Promise.race([this.#archive.finalize(), this.#written])
    await this.#written
  }

  /** Gives up; the file that is left is the caller's to remove. */
  async abort(): Promise<void> {
    this.#failure ??= new Error('the zip was given up')
    this.#archive.abort()
    this.#archive.unpipe(this.#file)
    this.#file.destroy()
    await this.#written.catch(() => undefined)
  }
}
