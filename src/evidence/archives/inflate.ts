import { createGunzip, createInflateRaw, gunzipSync } from 'node:zlib'
import { ARCHIVE_REASONS, archiveReason } from '../../model/archive-reasons.ts'
import { EvidenceError } from '../evidence-error.ts'

/**
 * 32 KiB of input make at most 32 MiB of output (deflate gives 1,032 to 1 at best): that much waits in memory, and as much
 * of the step before.
 */
const SLICE = 32 * 1024

const OPTIONS = { chunkSize: 512 * 1024 }

/** Packed content up to here is unpacked at once: a stream takes several times as long as the unpacking. */
const SMALL = 64 * 1024
/** Unless it unpacks to more. */
const MOST_AT_ONCE = 1024 * 1024

/** RFC 1952, several members in a row included. Throws EvidenceError at damage, after what came out before it. */
export async function* gunzip(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks = packed[Symbol.asyncIterator]()
  try {
    const { parts, rest } = await beginningOf(chunks)
    const whole = rest === null ? gunzipped(Buffer.concat(parts)) : null
    if (whole !== null) yield whole
    else yield* through(together(parts, rest), createGunzip(OPTIONS))
  } finally {
    // Whoever stops among the first chunks has not come to those that follow.
    await chunks.return?.()
  }
}

/** `null` for what is damaged or large. */
function gunzipped(packed: Uint8Array): Uint8Array | null {
  try {
    return gunzipSync(packed, { maxOutputLength: MOST_AT_ONCE })
  } catch {
    return null
  }
}

/** Copies of the first chunks; `rest` is what follows, `null` when nothing does. */
async function beginningOf(
  chunks: AsyncIterator<Uint8Array>,
): Promise<{ parts: readonly Uint8Array[]; rest: AsyncIterable<Uint8Array> | null }> {
  const parts: Uint8Array[] = []
  try {
    for (let size = 0; size <= SMALL; ) {
      const { done, value } = await chunks.next()
      if (done) return { parts, rest: null }
      parts.push(Uint8Array.from(value))
      size += value.length
    }
  } catch (error) {
    return { parts, rest: failing(error) }
  }
  return { parts, rest: { [Symbol.asyncIterator]: () => chunks } }
}

// biome-ignore lint/correctness/useYield: what it has is its failure
async function* failing(error: unknown): AsyncGenerator<Uint8Array> {
  throw error
}

async function* together(
  parts: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array> | null,
): AsyncGenerator<Uint8Array> {
  yield* parts
  if (rest !== null) yield* rest
}

/**
 * RFC 1951, as in a zip. Throws EvidenceError at damage, after what came out before it. `used` hears at the end how many
 * bytes were needed for it: what stands behind those is no part of it.
 */
export const inflateRaw = (
  packed: AsyncIterable<Uint8Array>,
  used?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> => through(packed, createInflateRaw(OPTIONS), used)

/** A `for await` over the zlib stream itself would lose its last pieces when it fails. */
async function* through(
  packed: AsyncIterable<Uint8Array>,
  stream: ReturnType<typeof createGunzip>,
  used?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = []
  let failure: Error | null = null
  // It ends of itself where other bytes stand behind what is packed: those are no part of it.
  let isOver = false
  // zlib does not call back for the piece that it fails on: whoever waits for that waits for the failure as well.
  let wake = (): void => {}
  stream.on('data', (chunk: Uint8Array) => ready.push(chunk))
  stream.on('error', (error) => {
    failure = error
    wake()
  })
  stream.on('end', () => {
    isOver = true
    wake()
  })
  const step = async (start: (done: () => void) => void): Promise<Uint8Array[]> => {
    await new Promise<void>((resolve) => {
      wake = resolve
      if (failure || isOver) resolve()
      else start(resolve)
    })
    const taken = ready
    ready = []
    return taken
  }
  // Of the last step, to be handed on while zlib does the next one.
  let done: readonly Uint8Array[] = []
  const handOn = (): readonly Uint8Array[] => {
    const taken = done
    done = []
    return taken
  }
  try {
    for await (const chunk of packed) {
      if (isOver) break
      for (let at = 0; at < chunk.length; at += SLICE) {
        const slice = chunk.subarray(at, at + SLICE)
        const working = step((resolve) => stream.write(slice, () => resolve()))
        yield* handOn()
        done = await working
        if (failure) throw damaged(failure)
      }
    }
    const ending = step(() => stream.end())
    yield* handOn()
    done = await ending
    if (failure) throw damaged(failure)
    used?.(stream.bytesWritten)
    yield* handOn()
  } catch (error) {
    yield* handOn()
    throw error
  } finally {
    stream.destroy()
  }
}

const damaged = (error: Error): EvidenceError =>
  new EvidenceError('archive-damaged', archiveReason(ARCHIVE_REASONS.compressed, error.message))
