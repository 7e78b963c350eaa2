// All threads' calls in the order in which they take effect: a k-way merge of the threads' own (ordered) calls, each call
// being one or two instants. Without -T only entries are known, and all instants fall on them.
//
// Ties: a release goes before an acquisition, then the order of the log.

import { Lane, laneOf, makeLanes, Row } from './lanes'
export { contextsAt, fillLane, formsAt, rowsOf } from './lanes'

/** What `advance` came to: an effect, a thread whose rows are at an end, or the end of all. */
export const EFFECT: i32 = 0
export const EMPTY: i32 = 1
export const OVER: i32 = 2

// Tree of matches between threads, by the instant of the effect that comes next in each: node n has the loser of the
// match between the winners of 2n and 2n + 1, node 0 the winner of all; leaves are threads.
//
//             1                    the winner's thread moves on to its next effect
//         2       3                and plays again on its way up only
//       4   5   6   7
//      t0 t1 t2 t3 …
let losers: usize = 0
/** By node: the instant of its thread's next effect. */
let times: usize = 0
let threads: i32 = 0
/** Thread whose effect was come to last, and which has to play again; -1 for none. */
let moved: i32 = -1

// The effect that was come to.
export let row: Row = changetype<Row>(0)
export let time: f64 = 0
export let thread: i32 = 0
export let phase: i32 = 0

export function callNow(): i32 { return row.call }
/** On the trace's own clock. */
export function timeNow(): f64 { return time }
/** The thread of the effect, or the one whose rows are at an end. */
export function threadNow(): i32 { return thread }
export function phaseNow(): i32 { return phase }

/** See `makeLanes`. Every thread's rows are brought in next. */
export function begin(count: i32, width: i32, formCount: i32, contextCount: i32, base: f64, timed: bool): void {
  threads = count
  makeLanes(count, width, formCount, contextCount, base, timed)
  const nodes = <usize>max(1, count)
  losers = heap.alloc(nodes << 2)
  memory.fill(losers, 0xff, nodes << 2)
  times = heap.alloc(nodes << 3)
  for (let node = 0; node < <i32>nodes; node++) setTime(node, Infinity)
}

/** A thread's rows were brought in: it takes its place again. False where they have no effect, and others must come. */
export function enter(entering: i32): bool {
  const lane = laneOf(entering)
  if (!moveOn(lane)) return false
  if (moved < 0) takePlace(entering, lane)
  else play(entering, lane)
  moved = -1
  return true
}

/** Moves to the next effect. */
export function advance(): i32 {
  if (moved >= 0) {
    const lane = laneOf(moved)
    if (!moveOn(lane)) return EMPTY
    play(moved, lane)
  }
  time = timeAt(0)
  if (time == Infinity) return OVER
  thread = loserAt(0)
  const lane = laneOf(thread)
  row = lane.row
  phase = lane.phase
  moved = thread
  return EFFECT
}

/** Whether the thread's next effect, or that there is none, is known now. */
// @ts-ignore: decorator
@inline
function moveOn(lane: Lane): bool {
  if (lane.move()) return true
  if (!lane.isOver) return false
  lane.time = Infinity
  return true
}

/** Of two effects at the same instant, whether that of thread `a` comes before that of thread `b`. */
function isBefore(a: i32, b: i32): bool {
  const laneA = laneOf(a)
  const laneB = laneOf(b)
  return laneA.phase != laneB.phase ? laneA.phase < laneB.phase : laneA.row.call < laneB.row.call
}

/** Lets a thread wait at the first match whose other side is not yet known. */
function takePlace(entering: i32, lane: Lane): void {
  let winner = entering
  let best = lane.time
  for (let node = (entering + threads) >> 1; node > 0; node >>= 1) {
    const other = loserAt(node)
    const otherTime = timeAt(node)
    if (other < 0) {
      set(node, winner, best)
      return
    }
    if (otherTime > best || (otherTime == best && (best == Infinity || !isBefore(other, winner)))) continue
    set(node, winner, best)
    winner = other
    best = otherTime
  }
  set(0, winner, best)
}

/** Plays the matches on a thread's way up. */
// @ts-ignore: decorator
@inline
function play(playing: i32, lane: Lane): void {
  let winner = playing
  let best = lane.time
  for (let node = (playing + threads) >> 1; node > 0; node >>= 1) {
    const otherTime = timeAt(node)
    if (otherTime > best) continue
    const other = loserAt(node)
    if (otherTime == best && (best == Infinity || !isBefore(other, winner))) continue
    set(node, winner, best)
    winner = other
    best = otherTime
  }
  set(0, winner, best)
}

// @ts-ignore: decorator
@inline
function loserAt(node: i32): i32 { return load<i32>(losers + (<usize>node << 2)) }

// @ts-ignore: decorator
@inline
function timeAt(node: i32): f64 { return load<f64>(times + (<usize>node << 3)) }

// @ts-ignore: decorator
@inline
function setTime(node: i32, to: f64): void { store<f64>(times + (<usize>node << 3), to) }

// @ts-ignore: decorator
@inline
function set(node: i32, loser: i32, at: f64): void {
  store<i32>(losers + (<usize>node << 2), loser)
  setTime(node, at)
}
