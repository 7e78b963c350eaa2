/** Bytes of a piece: memory for a text as a whole costs more than its pieces do. */
const PIECE = 64 * 1024

/** Texts one behind the other as UTF-8, in pieces; each is good until the next is asked for. */
export function* encoded(texts: Iterable<string>): Generator<Uint8Array> {
  const encoder = new TextEncoder()
  const room = new Uint8Array(PIECE)
  let used = 0
  for (const text of texts)
    for (let at = 0; at < text.length; ) {
      const { read, written } = encoder.encodeInto(at === 0 ? text : text.slice(at), room.subarray(used))
      at += read
      used += written
      if (at === text.length) break
      yield room.subarray(0, used)
      used = 0
    }
  if (used > 0) yield room.subarray(0, used)
}
