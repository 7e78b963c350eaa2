import { bytes } from '../base/units.ts'
import type { Facts, TraceOverview } from '../model/facts.ts'
import type { SideEvidence } from '../model/side-evidence.ts'
import type { Trace } from '../model/trace.ts'

/** What stays of a trace when its events were replayed. */
export function overviewOf(trace: Trace): TraceOverview {
  let calls = 0
  for (let row = 0; row < trace.statistics.length; row++) calls += trace.statistics.calls[row]!
  return {
    name: trace.name,
    form: trace.form,
    files: trace.files,
    hasDurations: trace.hasDurations,
    hasStacks: trace.hasStacks,
    hasDescriptorNames: trace.hasDescriptorNames,
    coverage: trace.coverage,
    calls,
  }
}

/** `--limit`, else the tightest memory limit of a control group in the evidence. */
export function limitOf(asked: number | null, side: SideEvidence): Facts['limit'] {
  if (asked !== null) return { bytes: bytes(asked), source: 'option' }
  let least: number | null = null
  for (const limit of side.limits)
    if (limit.kind === 'cgroup-memory' && limit.value !== null && (least === null || limit.value < least))
      least = limit.value
  return least === null ? null : { bytes: bytes(least), source: 'evidence' }
}
