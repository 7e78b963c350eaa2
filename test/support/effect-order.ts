/** The effects of a trace in the order of the merge, which kernels do. */
import { startReplay } from '../../src/attribution/replay-kernel.ts'
import type { Trace } from '../../src/model/trace.ts'
import { EFFECT, EffectLanes, EMPTY } from '../../src/strace/effects/effect-lanes.ts'
import type { Phase } from '../../src/strace/effects/phases.ts'

/** One effect; `time` on the trace's own clock. */
interface Effect {
  readonly event: number
  readonly phase: Phase
  readonly time: number
}

/** One by one, as a kernel comes to them. */
export function* effectsOf(
  trace: Pick<Trace, 'events' | 'clock'>,
  kernel = startReplay(),
): Generator<Effect> {
  const lanes = new EffectLanes(kernel, trace)
  const { calls } = kernel
  for (let came = calls.advance(); came === EFFECT || came === EMPTY; came = calls.advance())
    if (came === EMPTY) lanes.fill(calls.threadNow())
    else yield { event: calls.callNow(), phase: calls.phaseNow() as Phase, time: calls.timeNow() }
}
