/**
 * Places of `keys` in ascending order, equal ones as they stand: runs that are in order already are merged two by two,
 * so that a few threads' calls one after another cost a few rounds.
 */
export function orderBy(keys: Float64Array): Int32Array {
  const { length } = keys
  let order = new Int32Array(length)
  let spare = new Int32Array(length)
  for (let at = 0; at < length; at += 1) order[at] = at
  for (let ends = runEnds(keys); ends.length > 1; ) {
    const merged: number[] = []
    let from = 0
    for (let run = 0; run < ends.length; run += 2) {
      const to = ends[run + 1] ?? ends[run]!
      merge(keys, order, from, ends[run]!, to, spare)
      merged.push(to)
      from = to
    }
    ends = merged
    const done = spare
    spare = order
    order = done
  }
  return order
}

function runEnds(keys: Float64Array): number[] {
  const ends: number[] = []
  for (let at = 1; at < keys.length; at += 1) if (keys[at]! < keys[at - 1]!) ends.push(at)
  ends.push(keys.length)
  return ends
}

/** Merges `[from, middle)` and `[middle, to)` of `order` into `into`. */
function merge(
  keys: Float64Array,
  order: Int32Array,
  from: number,
  middle: number,
  to: number,
  into: Int32Array,
): void {
  let left = from
  let right = middle
  for (let at = from; at < to; at += 1)
    if (left < middle && (right === to || keys[order[left]!]! <= keys[order[right]!]!)) {
      into[at] = order[left]!
      left += 1
    } else {
      into[at] = order[right]!
      right += 1
    }
}
