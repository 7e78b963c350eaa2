/**
 * When another life was first seen after a process: nothing of what it did before goes on. Under another pid it is the
 * restart of this one or another worker of the same program, which nothing tells apart; under the same pid its restart,
 * an execve or another program.
 */

/** As the time line and the document tell it: in microseconds there, in their text here. */
interface Told<T> {
  readonly kind: string
  readonly pid: number | null
  readonly from: T | null
  readonly to: T | null
}

export interface NextLife<T> {
  readonly pid: number
  /** First sight of it. */
  readonly seen: T
}

/**
 * The first of another life after `to`, where `pid` was seen last in its own: of the processes of the same program that
 * came when it was gone (`successors`), or in place. `null` where there is none.
 */
export function nextLifeSeen<T extends number | string>(
  successors: readonly { readonly pid: number; readonly seen: T | null }[],
  events: readonly Told<T>[],
  pid: number,
  to: T | null,
): NextLife<T> | null {
  const inPlace = events
    .filter((event) => event.kind === 'restart' && event.pid === pid)
    .filter(({ from }) => from !== null && to !== null && from >= to)
    .map((event) => ({ pid, seen: event.to ?? event.from }))
  return [...inPlace, ...successors].reduce<NextLife<T> | null>(
    (first, { pid, seen }) =>
      seen !== null && (first === null || seen < first.seen) ? { pid, seen } : first,
    null,
  )
}
