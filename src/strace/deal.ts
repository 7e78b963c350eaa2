/** Bytes of logs that the main thread reads in the time that it takes to start another one. */
const STARTING = 24 << 20
/** And in the time that it takes to begin with other evidence, however little. */
const BEGINNING = 64 << 20
/** Logs read in the time that as many bytes of other evidence take. */
const FASTER = 2

/**
 * Deals the files of a run, of so many bytes each, to so many threads: returns how many of them, in their order, each
 * thread reads, the main one first, so that all end about together. Fewer threads where there are too few files. The main
 * one has so many bytes of other evidence to read before.
 */
export function deal(bytes: readonly number[], threads: number, readBefore = 0): number[] {
  const all = bytes.reduce((sum, size) => sum + size, 0)
  const late = readBefore > 0 ? BEGINNING + readBefore / FASTER : 0
  const headStart = Math.max(-all, Math.min(STARTING - late, all / 8))
  const each = (all - headStart) / threads
  const shares: number[] = []
  let at = 0
  let read = 0
  for (let thread = 1; thread <= threads && at < bytes.length; thread++) {
    const from = at
    const until = thread === threads ? all : headStart + each * thread
    // The file in which the share would end belongs to whom more of it falls.
    while (at < bytes.length && (thread === threads || at === from || read + bytes[at]! / 2 <= until))
      read += bytes[at++]!
    shares.push(at - from)
  }
  return shares
}
