import { sameBytes } from '../base/same-bytes.ts'
import type { RangeTable, Snapshot } from '../model/snapshot.ts'
import { isReplayable } from './observed.ts'

/**
 * What clocks and attribution ask of snapshots, copied, so that those can be let go: where the mappings lie. Columns
 * that are as they were in the process's snapshot before are shared with it. Without a trace only the last snapshot of
 * each process is asked for.
 */
export class KeptSnapshots {
  readonly #hasTraces: boolean
  readonly #all: Snapshot[] = []
  readonly #last = new Map<number, Snapshot>()

  constructor(hasTraces: boolean) {
    this.#hasTraces = hasTraces
  }

  /** Takes the next snapshot in time order; it may change afterwards. */
  add(snapshot: Snapshot): void {
    if (!this.#hasTraces && !isReplayable(snapshot)) return
    const pid = snapshot.pid ?? Number.NaN
    const before = this.#last.get(pid)?.mappings
    const kept = { ...snapshot, mappings: copyOf(snapshot.mappings, before, this.#hasTraces) }
    this.#last.set(pid, kept)
    if (this.#hasTraces) this.#all.push(kept)
  }

  /** In the order in which they came. */
  list(): readonly Snapshot[] {
    return this.#hasTraces ? this.#all : [...this.#last.values()]
  }
}

/** A copy that shares columns with the one before, or takes them from it when nobody else has it. */
function copyOf(table: RangeTable, before: RangeTable | undefined, share: boolean): RangeTable {
  const copy = share ? sharedCopy : movedCopy
  return {
    length: table.length,
    start: copy(table.start, before?.start),
    end: copy(table.end, before?.end),
    permissions: copy(table.permissions, before?.permissions),
    name: copy(table.name, before?.name),
    kind: copy(table.kind, before?.kind),
    strings: table.strings,
  }
}

type Column = Float64Array | Uint32Array | Uint8Array

const sharedCopy = <T extends Column>(column: T, before: T | undefined): T =>
  before && sameBytes(column, before) ? before : (column.slice() as T)

function movedCopy<T extends Column>(column: T, before: T | undefined): T {
  if (before?.length !== column.length) return column.slice() as T
  before.set(column)
  return before
}
