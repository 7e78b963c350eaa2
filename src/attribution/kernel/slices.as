// Memory calls of threads by slices of the traced time.

const SLICES: i32 = 60
const ROW_BYTES: usize = <usize>SLICES << 3

let rows: usize = 0
let from: f64 = 0
let width: f64 = 1

/** `beginning` and `span`: of the first slice, on the host's clock. */
export function makeSlices(threads: i32, beginning: f64, span: f64): void {
  from = beginning
  width = span
  rows = heap.alloc(<usize>threads * ROW_BYTES)
  memory.fill(rows, 0, <usize>threads * ROW_BYTES)
}

/** Where the counts of a thread are, one each slice. */
export function slicesOf(thread: i32): usize { return rows + <usize>thread * ROW_BYTES }

// @ts-ignore: decorator
@inline
export function countInSlice(thread: i32, time: f64): void {
  const at = (time - from) / width
  if (at != at) return
  const slice = at < 0 ? 0 : at >= SLICES ? SLICES - 1 : <i32>at
  const place = slicesOf(thread) + (<usize>slice << 3)
  store<f64>(place, load<f64>(place) + 1)
}
