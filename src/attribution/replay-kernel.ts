import { type Kernel, KernelModule } from '../base/kernel-module.ts'
import type { RangeCalls } from '../base/range-map.ts'
import type { MergeCalls } from '../strace/effects/effect-lanes.ts'
import { REPLAY_KERNEL } from './kernel/replay-kernel.wasm.ts'

/**
 * What kernel/replay-kernel.as does. A space is the place of one process in its memory, an activity that of an activity;
 * makers, records and activities of a space are numbered.
 */
interface ReplayCalls extends RangeCalls, MergeCalls {
  prepare(threads: number, offset: number, from: number, width: number): void
  seat(thread: number, space: number, maker: number): void
  leaveSeats(): void
  knowMaker(space: number, thread: number, maker: number): void
  replay(most: number): number
  applyKept(
    space: number,
    form: number,
    maker: number,
    call: number,
    place: number,
    length: number,
    context: number,
    time: number,
  ): number
  wait(space: number): void
  searchWaiting(
    space: number,
    copy: number,
    observed: number,
    from: number,
    count: number,
    differing: number,
    fewest: number,
    bestBefore: number,
    last: number,
  ): number
  differsNow(): number
  leastFound(): number
  bestFound(): number
  applyWaiting(space: number, from: number, end: number, until: number): number
  effectsSeen(): number
  callsSeen(): number
  slicesOf(thread: number): number

  makeSpace(pageSize: number): number
  rangesOf(space: number): number
  setInstants(space: number, until: number, waitsFrom: number, waitsBy: number): void
  waitingIn(space: number): number
  waitingAt(list: number, at: number): number
  setNow(space: number, time: number): void
  haveArenas(space: number): void
  nowIn(space: number): number
  addMoved(space: number, bytes: number): void
  movedIn(space: number): number
  addOwned(space: number, bytes: number): void
  ownedIn(space: number): number

  addMaker(space: number, tid: number): number
  makerOf(space: number, maker: number): number
  disownOf(space: number, maker: number, mechanism: number, bytes: number): void
  moveOf(space: number, maker: number, from: number, to: number, bytes: number): void

  keyOf(space: number, context: number): number
  setKey(space: number, context: number, key: number): void
  activityOf(space: number, maker: number, key: number, call: number, mechanism: number): number
  activitiesIn(space: number): number
  activityAt(space: number, id: number): number
  commonestOf(activity: number): number
  keptLifetimes(activity: number): number
  lifetimeAt(activity: number, at: number): number

  recordsIn(space: number): number
  recordAt(space: number, id: number): number
  known(space: number, mechanism: number, bytes: number): number
  open(
    space: number,
    maker: number,
    event: number,
    call: number,
    context: number,
    key: number,
    mechanism: number,
    bytes: number,
  ): number
  enlarge(
    space: number,
    record: number,
    maker: number,
    event: number,
    call: number,
    context: number,
    bytes: number,
  ): void
  reduce(space: number, record: number, bytes: number, maker: number, call: number): void
  forget(space: number, record: number, bytes: number): void
}

export type ReplayKernel = Kernel<ReplayCalls>

const replayKernel = new KernelModule<ReplayCalls>(REPLAY_KERNEL)

/** A kernel for one trace and its processes, all of which go with it. */
export const startReplay = (): ReplayKernel => replayKernel.start()
