import { type Look, recognise } from './formats.ts'
import { LOOKS, makeHead } from './head.ts'
import { headOf, type Source } from './source.ts'

/** Bytes of a first look, and one more that tells whether they are all. */
export const FIRST_LOOK = LOOKS[0] + 1

/** A short look, and longer ones while nothing is recognised. Throws what reading throws. */
export async function look(source: Source): Promise<Look> {
  if (source.seen?.path === source.path) return source.seen
  let result: Look | null = null
  for (const length of LOOKS) {
    result = lookAt(source.path, await headOf(source, length + 1), length)
    if (isEnough(result)) break
  }
  return result!
}

/** The source with what its FIRST_LOOK bytes were taken for, when they tell. */
export function seenBy(source: Source, first: Uint8Array): Source {
  const seen = lookAt(source.path, first, LOOKS[0])
  return isEnough(seen) ? { ...source, seen } : source
}

function lookAt(path: string, bytes: Uint8Array, length: number): Look {
  const head = makeHead(path, bytes.subarray(0, length), bytes.length <= length)
  return { path, recognition: recognise(head), whole: head.whole ? head.bytes.length : null }
}

const isEnough = ({ recognition, whole }: Look): boolean =>
  whole !== null || recognition.format !== 'unknown' || recognition.foreign
