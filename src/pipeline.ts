/**
 * The whole run on one screen: evidence → smaps, strace → timeline → attribution → findings → report → gates.
 * Names are redacted as they come from the readers; what it returns may be shown. outputs.ts writes it to disk.
 */
import { attribute } from './attribution/attribute.ts'
import { threadProgram } from './base/thread-program.ts'
import { turn } from './base/turn.ts'
import type { Inputs } from './bundle/evidence-ledger.ts'
import { readSideEvidence } from './evidence/side/read-side-evidence.ts'
import { RULES } from './findings/rules/index.ts'
import { runRules } from './findings/run-rules.ts'
import { judge } from './findings/verdict.ts'
import { followSnapshots } from './follow-snapshots.ts'
import { applyGates } from './gates/apply-gates.ts'
import type { Diagnostics } from './model/diagnostics.ts'
import {
  bytesOf,
  type Capture,
  type EvidenceFormat,
  SNAPSHOT_FORMATS,
  TRACE_FORMATS,
} from './model/evidence.ts'
import type { Facts } from './model/facts.ts'
import type { Trace } from './model/trace.ts'
import { showSideEvidence, showSummary, showTrace } from './redaction/names.ts'
import type { Redactor } from './redaction/redactor.ts'
import type { ReportDocument } from './report/document.ts'
import { buildReport } from './report/result.ts'
import { limitOf, overviewOf } from './run/facts.ts'
import { onlyPids } from './run/only-pids.ts'
import { UNHEARD } from './run/ports.ts'
import { reportInputOf } from './run/report-input.ts'
import type { RunOptions } from './run/run-options.ts'
import { ALONE, type Reading } from './strace/reading.ts'
import { TraceReading } from './strace/trace-reading.ts'
import { chooseClocks } from './timeline/clock.ts'

/** From the files of a capture to everything that is known about it. */
export async function investigate(
  capture: Capture,
  redactor: Redactor,
  options: RunOptions,
  diagnostics: Diagnostics,
  reading: Partial<Reading> = {},
  progress = UNHEARD,
): Promise<Facts> {
  const filesOf = (formats: readonly EvidenceFormat[]) =>
    capture.files.filter((file) => formats.includes(file.format))

  const logs = await TraceReading.begin(filesOf(TRACE_FORMATS), {
    ...ALONE,
    program: threadProgram('trace-worker'),
    readBefore: bytesOf(filesOf(SNAPSHOT_FORMATS)),
    ...reading,
  })
  try {
    const side = showSideEvidence(await readSideEvidence(capture.files, diagnostics), redactor)

    const { timeline, snapshots } = await followSnapshots(capture, redactor, options.pids, side, diagnostics)

    await turn()
    const read = await logs.finish(diagnostics)
    await turn()
    const traces = read.traces.map((trace) => showTrace(trace, redactor))
    const summaries = read.summaries.map((table) => showSummary(table, redactor))

    const clocks = chooseClocks(traces, snapshots, options, diagnostics)
    progress.stage('replaying', callsIn(traces), 'calls')
    await turn()
    const attribution = onlyPids(
      await attribute({ snapshots, traces, clocks, timeline, side }, diagnostics, (calls) =>
        progress.advance(calls),
      ),
      timeline,
      snapshots,
      options.pids,
    )
    await turn()

    return {
      timeline,
      clocks,
      traces: traces.map(overviewOf),
      attribution,
      side,
      summaries,
      limit: limitOf(options.limitBytes, side),
    }
  } finally {
    await logs.stop()
  }
}

const callsIn = (traces: readonly Trace[]): number =>
  traces.reduce((sum, { events }) => sum + events.length, 0)

/** What the rules make of the facts. */
export interface Conclusions {
  readonly results: ReturnType<typeof runRules>
  readonly verdicts: ReturnType<typeof judge>
}

/** From what is known to what is found. */
export function conclude(facts: Facts): Conclusions {
  const results = runRules(facts)
  return { results, verdicts: judge(facts, results) }
}

/**
 * From what is known and found to the one document that every output is a pure function of. The inputs are asked for last.
 */
export async function report(
  facts: Facts,
  conclusions: Conclusions,
  capture: Capture,
  inputs: Inputs,
  redactor: Redactor,
  options: RunOptions,
  diagnostics: Diagnostics,
): Promise<ReportDocument> {
  const input = reportInputOf({
    facts,
    ...conclusions,
    capture,
    inputs,
    redactor,
    options,
    diagnostics,
    rules: RULES,
  })
  return applyGates(await buildReport(input), options.gates)
}
