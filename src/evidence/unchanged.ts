import type { Damage } from './damage.ts'
import type { Source } from './source.ts'

export const BECAME_SHORTER = 'it became shorter'

/**
 * Readings of a source as it was found: a log that strace still writes ends at the size it had at discovery, so that
 * every reading gives the same bytes. One that became shorter, is damaged or cannot be read any more is told once and
 * ends early; a reading never throws. Of thousands of sources nothing is held but their way of reading.
 */
export function unchanged(
  { read, diskPath }: Source,
  bytes: number,
  damage: Damage,
): (into?: Uint8Array) => AsyncGenerator<Uint8Array> {
  const isPlain = diskPath !== null
  return async function* reading(into) {
    let got = 0
    try {
      for await (const chunk of read(into)) {
        const room = bytes - got
        got += chunk.length
        if (chunk.length > room) {
          damage.tell('evidence-changed', 'it grew')
          if (room > 0) yield chunk.subarray(0, room)
          return
        }
        yield chunk
      }
      if (got < bytes && isPlain) damage.tell('evidence-changed', BECAME_SHORTER)
    } catch (error) {
      damage.tellError(error)
    }
  }
}
