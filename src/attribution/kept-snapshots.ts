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
    const pid = snapshot.pid ?? Number.NaN
    if (this.#hasTraces) {
      const kept = copyOf(snapshot, this.#last.get(pid)?.mappings)
      this.#all.push(kept)
      this.#last.set(pid, kept)
    } else if (isReplayable(snapshot)) this.#last.set(pid, copyOf(snapshot, this.#last.get(pid)?.mappings))
  }

  /** In the order in which they came. */
  list(): readonly Snapshot[] {
    return this.#hasTraces ? this.#all : [...this.#last.values()]
  }
}

function copyOf(snapshot: Snapshot, before: RangeTable | undefined): Snapshot {
  const { length, start, end, permissions, name, kind, strings } = snapshot.mappings
  const mappings: RangeTable = {
    length,
    start: shared(start, before?.start),
    end: shared(end, before?.end),
    permissions: shared(permissions, before?.permissions),
    name: shared(name, before?.name),
    kind: shared(kind, before?.kind),
    strings,
  }
  return { ...snapshot, mappings }
}

/** `before` where it holds the same, else a copy. */
function shared<Column extends Float64Array | Uint32Array | Uint8Array>(
  column: Column,
  before: Column | undefined,
): Column {
  return before && bytesOf(column).equals(bytesOf(before)) ? before : (column.slice() as Column)
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength)
