/** Whether all memory calls of a trace are in others: by keys of calls, so that millions are compared in little memory. */
import { turn } from '../base/turn.ts'
import { DAY } from '../base/units.ts'
import { RESUMED_ONLY, type Trace, UNFINISHED } from '../model/trace.ts'

/** Below this a number is no address, and equal ones say nothing. */
const LOWEST_ADDRESS = 65_536
/** Calls whose keys are held at once; all others are looked through for each such part. */
const HELD = 1 << 20
/** Calls between two turns. */
const AT_ONCE = 1 << 16

/** When a call was made: where the log has no date, the time of day. */
export const timeOf = ({ clock, events }: Trace, event: number): number =>
  clock.kind === 'unix' ? events.time(event) : events.time(event) % DAY

/** Whether a call names an address, by which it can be known again. */
export function isKnowable({ events }: Trace, event: number): boolean {
  const { state, address, result } = events.at(event)
  return (
    (state & (UNFINISHED | RESUMED_ONLY)) === 0 && (address >= LOWEST_ADDRESS || result >= LOWEST_ADDRESS)
  )
}

/** Whether each memory call of a trace was made at the same time in one of the others; `byThread`: by the same thread. */
export async function haveEachCall(
  trace: Trace,
  others: readonly Trace[],
  byThread: boolean,
): Promise<boolean> {
  const { length } = trace.events
  for (let from = 0; from < length; from += HELD) {
    const wanted = new KeySet(Math.min(HELD, length - from))
    await visitKeys(trace, from, Math.min(length, from + HELD), byThread, (key) => wanted.add(key))
    for (const other of others)
      await visitKeys(other, 0, other.events.length, byThread, (key) => wanted.remove(key))
    if (wanted.size > 0) return false
  }
  return true
}

async function visitKeys(
  trace: Trace,
  from: number,
  to: number,
  byThread: boolean,
  visit: (key: number) => void,
): Promise<void> {
  for (let event = from; event < to; event++) {
    const time = timeOf(trace, event)
    if (!Number.isNaN(time) && isKnowable(trace, event)) visit(keyOf(trace, event, time, byThread))
    if (event % AT_ONCE === 0) await turn()
  }
}

/** A number above 0 that two calls share when they are the same one; others do by chance, once in 2^52. */
function keyOf({ events }: Trace, event: number, time: number, byThread: boolean): number {
  const { call, tid, address, length1, result } = events.at(event)
  const thread = byThread ? tid : 0
  const hash = (seed: number): number =>
    mixed(mixed(mixed(mixed(mixed(mixed(seed, time), thread), call), address), length1), result)
  return (hash(1) >>> 0) * 2 ** 20 + (hash(2) >>> 12) + 1
}

function mixed(hash: number, value: number): number {
  const low = Math.imul(hash ^ value, 0x9e37_79b1)
  const high = Math.imul(low ^ (low >>> 15) ^ (value / 2 ** 32), 0x85eb_ca6b)
  return high ^ (high >>> 13)
}

/** Keys, each in the first free place from the one that it tells. */
class KeySet {
  /** How many are there. */
  size = 0
  readonly #keys: Float64Array
  readonly #mask: number

  constructor(most: number) {
    const places = 2 ** Math.ceil(Math.log2(2 * most + 1))
    this.#keys = new Float64Array(places)
    this.#mask = places - 1
  }

  add(key: number): void {
    const place = this.#placeOf(key)
    if (this.#keys[place] !== 0) return
    this.#keys[place] = key
    this.size += 1
  }

  /** Its place stays taken, so that others are found behind it. */
  remove(key: number): void {
    const place = this.#placeOf(key)
    if (this.#keys[place] !== key) return
    this.#keys[place] = -key
    this.size -= 1
  }

  /** Where a key is or was, else where it would be put. */
  #placeOf(key: number): number {
    let place = key & this.#mask
    while (this.#keys[place] !== 0 && Math.abs(this.#keys[place]!) !== key) place = (place + 1) & this.#mask
    return place
  }
}
