/** Effects of a written trace that wait in a kernel, without a replay around them. */
import { describePlainForms } from '../../src/attribution/plain-forms.ts'
import { type ReplayKernel, startReplay } from '../../src/attribution/replay-kernel.ts'
import { WaitingEffects } from '../../src/attribution/waiting-effects.ts'
import type { Trace } from '../../src/model/trace.ts'
import { effectsOf } from '../support/effect-order.ts'

interface Waiting {
  readonly kernel: ReplayKernel
  /** Place of the process in the kernel's memory. */
  readonly space: number
  readonly effects: WaitingEffects
  /** Adds the next effect of the trace; false when there is none. */
  readonly add: () => boolean
}

/** Nobody waits yet. `makerOf`: number of a call's thread among the makers. */
export function waitingOf(trace: Trace, makerOf: (event: number) => number = () => -1): Waiting {
  const kernel = startReplay()
  const order = effectsOf(trace, kernel)
  let next = order.next()
  kernel.calls.prepare(trace.threads.size, 0, 0, 1)
  describePlainForms(kernel, trace.events.forms)
  const space = kernel.calls.makeSpace(4096)
  const effects = new WaitingEffects(kernel, space, makerOf)
  const add = (): boolean => {
    if (next.done) return false
    effects.add()
    next = order.next()
    return true
  }
  return { kernel, space, effects, add }
}
