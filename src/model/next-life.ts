/** When a process was first seen to have restarted, under another pid or the same: nothing of what it did before goes on. */

/** As the time line and the document tell it: in microseconds there, in their text here. */
interface Told<T> {
  readonly kind: string
  readonly pid: number | null
  readonly from: T | null
  readonly to: T | null
}

/**
 * The first sight of another life of `pid` after `to`, where its own was seen last: of the processes that are its
 * restart (`firstSights`), or in place. `null` where there is none.
 */
export function nextLifeSeen<T extends number | string>(
  firstSights: readonly (T | null)[],
  events: readonly Told<T>[],
  pid: number,
  to: T | null,
): T | null {
  const inPlace = events
    .filter((event) => event.kind === 'restart' && event.pid === pid)
    .filter(({ from }) => from !== null && to !== null && from >= to)
  return [...firstSights, ...inPlace.map((event) => event.to ?? event.from)].reduce(
    (earliest, seen) => (earliest === null || (seen !== null && seen < earliest) ? seen : earliest),
    null,
  )
}
