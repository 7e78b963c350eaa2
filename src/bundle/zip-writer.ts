import { createWriteStream, type WriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { QuickZip } from './quick-zip.ts'

/** What every entry carries, so that the bytes depend on nothing but the content. */
const MODE = 0o644
/** Bytes that zlib is handed at a time: every handing over to its thread and back costs a wait. */
const PIECE = 1024 * 1024
/** The same for entries of one piece: what every entry asks anew weighs where there are many. */
const SMALL_PIECE = 16 * 1024
/** Entries up to here are compressed at once: handing them over takes longer. */
export const AT_ONCE = 64 * 1024
/** Pieces that are made ready while it works. */
const AHEAD = 2
/** Those, the one in its hands, the one that is being filled, and as many again to be safe. */
const PIECES = 2 * (AHEAD + 2)

/**
 * Writes one zip, entry after entry, holding none of them in memory. Same entries, same bytes: times and modes are
 * fixed, and the time is written in UTC.
 */
export class ZipWriter {
  readonly #archive: QuickZip
  readonly #written: Promise<void>
  readonly #date: Date
  readonly #file: WriteStream
  /** What zlib is asked for an entry; archiver hands it on as it is when the entry begins. */
  readonly #zlib: { level: number; chunkSize: number }
  readonly #pieces: Uint8Array[] = []
  #current = 0
  #failure: unknown = null
  /** Tells whoever waits for an entry that the file cannot be written. */
  #fail: (error: unknown) => void = () => undefined

  /** `level` is zlib's. Throws nothing; what fails on the disk comes with the next call. */
  constructor(path: string, date: Date, level: number) {
    this.#date = date
    this.#zlib = { level, chunkSize: PIECE / 2 }
    this.#archive = new QuickZip(this.#zlib)
    const file = createWriteStream(path, { flags: 'wx', mode: 0o666 })
    this.#file = file
    this.#written = finished(file)
    this.#written.catch((error: unknown) => {
      this.#failure ??= error
      this.#fail(error)
      this.#archive.abort()
    })
    this.#archive.on('error', (error) => {
      this.#failure ??= error
      file.destroy(error)
    })
    this.#archive.pipe(file)
  }

  /** Adds one entry; resolves when all of its bytes are through. Chunks may be lent until the next is asked for. */
  async add(name: string, content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<void> {
    if (this.#failure) throw this.#failure
    await this.#append(name, await this.#sourceOf(content))
  }

  /** The same for one whose whole content is there; it is lent until this resolves. */
  addWhole(name: string, content: Buffer): Promise<void> {
    if (content.length > AT_ONCE) return this.add(name, [content])
    this.#zlib.chunkSize = SMALL_PIECE
    return this.#append(name, content)
  }

  async #append(name: string, source: Buffer | Readable): Promise<void> {
    // While the content was read nobody was told.
    if (this.#failure) throw this.#failure
    await new Promise<void>((resolve, reject) => {
      const settle = (act: () => void) => {
        this.#archive.off('entry', done)
        this.#archive.off('error', failed)
        this.#fail = () => undefined
        act()
      }
      const done = () => settle(resolve)
      const failed = (error: unknown) => settle(() => reject(error))
      this.#archive.once('entry', done)
      this.#archive.once('error', failed)
      this.#fail = failed
      if (source instanceof Readable) source.once('error', failed)
      this.#archive.append(source, { name, date: this.#date, mode: MODE })
    })
  }

  /** The whole content where it is small, else a stream of it. */
  async #sourceOf(content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Buffer | Readable> {
    const pieces = this.#gathered(content)
    const { value: first } = await pieces.next()
    const length = first?.length ?? 0
    this.#zlib.chunkSize = length < PIECE ? SMALL_PIECE : PIECE / 2
    if (first === undefined || length <= AT_ONCE) return Buffer.from(first ?? [])
    return Readable.from(joined(first, pieces), { objectMode: false, highWaterMark: AHEAD * PIECE })
  }

  /** The chunks as pieces, in memory that is used again and again: touching new memory costs more than copying. */
  async *#gathered(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let filled = 0
    for await (const chunk of chunks)
      for (let at = 0; at < chunk.length; ) {
        const end = Math.min(chunk.length, at + PIECE - filled)
        this.#piece().set(chunk.subarray(at, end), filled)
        filled += end - at
        at = end
        if (filled < PIECE) continue
        yield this.#piece()
        this.#current = (this.#current + 1) % PIECES
        filled = 0
      }
    if (filled === 0) return
    yield this.#piece().subarray(0, filled)
    this.#current = (this.#current + 1) % PIECES
  }

  #piece(): Uint8Array {
    this.#pieces[this.#current] ??= new Uint8Array(PIECE)
    return this.#pieces[this.#current]!
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

async function* joined(first: Uint8Array, others: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first
  yield* others
}
