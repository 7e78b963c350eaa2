/** Turns of the event loop in long work on files: signals and other threads are heard only then. */

/** Bytes of evidence between two turns: some hundredths of a second. */
export const TURN_BYTES = 16 << 20

let worked = 0

/** One turn. */
export const turn = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve)
  })

/** Counts work done, in bytes; turns where there was as much as TURN_BYTES since the last time. */
export async function turnAfter(bytes: number): Promise<void> {
  worked += bytes
  if (worked < TURN_BYTES) return
  worked = 0
  await turn()
}
