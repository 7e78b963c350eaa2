import { type Kernel, KernelModule } from '../../base/kernel-module.ts'
import type { Trace } from '../../model/trace.ts'
import { EffectLanes, type MergeCalls } from './effect-lanes.ts'
import { MERGE_KERNEL } from './kernel/merge-kernel.wasm.ts'
import { ENTRY, type Phase } from './phases.ts'

const mergeKernel = new KernelModule<MergeCalls>(MERGE_KERNEL)

/** What `advance` may come to: see kernel/merge.as. */
export const EFFECT = 0
export const EMPTY = 1
const OVER = 2

/** All threads' calls in the order in which they take effect: see kernel/merge.as, which does it. */
export class EffectMerge {
  readonly #kernel: Kernel<MergeCalls> = mergeKernel.start()
  readonly #lanes: EffectLanes
  /** The effect that next() moved to. */
  event = -1
  phase: Phase = ENTRY
  /** On the trace's own clock. */
  time = Number.NaN

  constructor(trace: Pick<Trace, 'events' | 'clock'>) {
    this.#lanes = new EffectLanes(this.#kernel, trace)
  }

  /** Moves to the next effect; false when there is none left. */
  next(): boolean {
    const { calls } = this.#kernel
    let came = calls.advance()
    while (came === EMPTY) {
      this.#lanes.fill(calls.threadNow())
      came = calls.advance()
    }
    if (came === OVER) return false
    this.event = calls.callNow()
    this.phase = calls.phaseNow() as Phase
    this.time = calls.timeNow()
    return true
  }
}
