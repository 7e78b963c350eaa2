/** Effects of a written trace that wait in a kernel, without a replay around them. */
import { describePlainForms } from '../../src/attribution/plain-forms.ts'
import { type ReplayKernel, startReplay } from '../../src/attribution/replay-kernel.ts'
import { WaitingEffects } from '../../src/attribution/waiting-effects.ts'
import type { Trace } from '../../src/model/trace.ts'
import { EffectLanes } from '../../src/strace/effects/effect-lanes.ts'
import { EFFECT, EMPTY } from '../../src/strace/effects/effect-merge.ts'

interface Waiting {
  readonly kernel: ReplayKernel
  /** Place of the process in the kernel's memory. */
  readonly space: number
  readonly effects: WaitingEffects
  /** Adds the next effect of the trace; false when there is none. */
  readonly add: () => boolean
}

/** Nobody waits yet. */
export function waitingOf(trace: Trace): Waiting {
  const kernel = startReplay()
  const lanes = new EffectLanes(kernel, trace)
  kernel.calls.prepare(lanes.threads, 0, 0, 1)
  describePlainForms(kernel, trace.events.forms)
  const space = kernel.calls.makeSpace(4096)
  const effects = new WaitingEffects(kernel, space)
  const add = (): boolean => {
    let came = kernel.calls.advance()
    while (came === EMPTY) {
      lanes.fill(kernel.calls.threadNow())
      came = kernel.calls.advance()
    }
    if (came === EFFECT) effects.add()
    return came === EFFECT
  }
  return { kernel, space, effects, add }
}
