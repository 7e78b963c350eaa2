import { nextCapacity } from '../../base/growable.ts'

/** Splits of a part that may be bad before it is sorted: a series can be written so that all are. */
const MOST_SPLITS = 40
/** Parts this short are sorted. */
const SHORT = 16

/** Room for the numbers while they change places. */
let room = new Float64Array(1024)

/** The middle one of unordered numbers, of two the mean; without putting them all in order (Hoare's selection). */
export function middleOf(values: ArrayLike<number>): number {
  const { length } = values
  if (room.length < length) room = new Float64Array(nextCapacity(length))
  const numbers = room.subarray(0, length)
  numbers.set(values)
  const middle = (length - 1) >> 1
  moveIntoPlace(numbers, middle)
  const low = numbers[middle]!
  if (length % 2 === 1) return low
  let high = Number.POSITIVE_INFINITY
  for (let at = middle + 1; at < length; at++) if (numbers[at]! < high) high = numbers[at]!
  return low + (high - low) / 2
}

/**
 * Puts that number at `place` which would stand there if all were in order; none before it is larger, none behind it
 * smaller.
 *
 *     first      right|left         last
 *     [ <= pivot      | >= pivot       ]     and on in the part that has `place`
 */
function moveIntoPlace(numbers: Float64Array, place: number): void {
  let first = 0
  let last = numbers.length - 1
  for (let splits = 0; last - first > SHORT && splits < MOST_SPLITS; splits++) {
    const pivot = middleOfThree(numbers[first]!, numbers[(first + last) >> 1]!, numbers[last]!)
    let left = first
    let right = last
    while (left <= right) {
      while (numbers[left]! < pivot) left++
      while (numbers[right]! > pivot) right--
      if (left > right) break
      const number = numbers[left]!
      numbers[left++] = numbers[right]!
      numbers[right--] = number
    }
    if (place <= right) last = right
    else if (place >= left) first = left
    else return
  }
  numbers.subarray(first, last + 1).sort()
}

const middleOfThree = (a: number, b: number, c: number): number =>
  Math.max(Math.min(a, b), Math.min(Math.max(a, b), c))
