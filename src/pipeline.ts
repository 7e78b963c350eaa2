/**
 * The whole run on one screen: evidence → smaps, strace → timeline → attribution → findings → report → gates.
 * Names are redacted as they come from the readers; what it returns may be shown. outputs.ts writes it to disk.
 */
import { attribute } from './attribution/attribute.ts'
import { StringTable } from './base/string-table.ts'
import type { InputHash } from './bundle/evidence-ledger.ts'
import { readSideEvidence } from './evidence/side/read-side-evidence.ts'
import { RULES } from './findings/rules/index.ts'
import { runRules } from './findings/run-rules.ts'
import { judge } from './findings/verdict.ts'
import { applyGates } from './gates/apply-gates.ts'
import type { Diagnostics } from './model/diagnostics.ts'
import { type Capture, type EvidenceFormat, SNAPSHOT_FORMATS, TRACE_FORMATS } from './model/evidence.ts'
import type { Facts } from './model/facts.ts'
import type { Snapshot } from './model/snapshot.ts'
import { SnapshotNames, showSideEvidence, showSummary, showTrace } from './redaction/names.ts'
import type { Redactor } from './redaction/redactor.ts'
import type { ReportDocument } from './report/document.ts'
import { buildReport } from './report/result.ts'
import { limitOf, overviewOf } from './run/facts.ts'
import { reportInputOf } from './run/report-input.ts'
import type { RunOptions } from './run/run-options.ts'
import { readSnapshots } from './smaps/read-snapshots.ts'
import { readTraces } from './strace/read-traces.ts'
import { chooseClocks } from './timeline/clock.ts'
import { TimelineBuilder } from './timeline/timeline-builder.ts'

/** From the files of a capture to everything that is known about it. */
export async function investigate(
  capture: Capture,
  redactor: Redactor,
  options: RunOptions,
  diagnostics: Diagnostics,
): Promise<Facts> {
  const filesOf = (formats: readonly EvidenceFormat[]) =>
    capture.files.filter((file) => formats.includes(file.format))

  const side = showSideEvidence(await readSideEvidence(capture.files, diagnostics), redactor)

  const strings = new StringTable()
  const names = new SnapshotNames(strings, redactor)
  const snapshots: Snapshot[] = []
  for (const file of filesOf(SNAPSHOT_FORMATS))
    for (const snapshot of await readSnapshots(file, strings, diagnostics))
      if (isAskedFor(snapshot, options.pids)) snapshots.push(names.show(snapshot))
  snapshots.sort(byTime)

  const read = await readTraces(filesOf(TRACE_FORMATS), diagnostics)
  const traces = read.traces.map((trace) => showTrace(trace, redactor))
  const summaries = read.summaries.map((table) => showSummary(table, redactor))

  const builder = new TimelineBuilder(diagnostics)
  for (const snapshot of snapshots) builder.add(snapshot)
  const timeline = builder.finish(side)
  const clocks = chooseClocks(traces, snapshots, options, diagnostics)
  const attribution = attribute({ snapshots, traces, clocks, timeline, side }, diagnostics)

  return {
    timeline,
    clocks,
    traces: traces.map(overviewOf),
    attribution,
    side,
    summaries,
    limit: limitOf(options.limitBytes, side),
  }
}

/** From what is known to the one document that every output is a pure function of. */
export async function report(
  facts: Facts,
  capture: Capture,
  inputs: readonly InputHash[],
  redactor: Redactor,
  options: RunOptions,
  diagnostics: Diagnostics,
): Promise<ReportDocument> {
  const results = runRules(facts)
  const verdicts = judge(facts, results)
  const input = reportInputOf({
    facts,
    results,
    verdicts,
    capture,
    inputs,
    redactor,
    options,
    diagnostics,
    rules: RULES,
  })
  return applyGates(await buildReport(input), options.gates)
}

const isAskedFor = (snapshot: Snapshot, pids: readonly number[]): boolean =>
  pids.length === 0 || (snapshot.pid !== null && pids.includes(snapshot.pid))

/** Undated snapshots first, so that they open no gap; equal stamps in the order of the files. */
const byTime = (a: Snapshot, b: Snapshot): number => (a.time ?? -1) - (b.time ?? -1)
