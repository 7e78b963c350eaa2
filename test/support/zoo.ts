/**
 * From evidence to facts and verdict without report or CLI: what the pipeline does, with a filter in front, so that
 * tests can take parts of a capture away.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { attribute } from '../../src/attribution/attribute.ts'
import { StringTable } from '../../src/base/string-table.ts'
import { discover } from '../../src/evidence/discover.ts'
import { readSideEvidence } from '../../src/evidence/side/read-side-evidence.ts'
import { runRules } from '../../src/findings/run-rules.ts'
import { judge, type Verdicts } from '../../src/findings/verdict.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import { type EvidenceFile, SNAPSHOT_FORMATS, TRACE_FORMATS } from '../../src/model/evidence.ts'
import type { Facts, TraceOverview } from '../../src/model/facts.ts'
import type { Finding, RuleResult } from '../../src/model/finding.ts'
import type { ReadSnapshot } from '../../src/model/snapshot.ts'
import type { Trace } from '../../src/model/trace.ts'
import { readSnapshots } from '../../src/smaps/read-snapshots.ts'
import { chooseClocks } from '../../src/timeline/clock.ts'
import { TimelineBuilder } from '../../src/timeline/timeline-builder.ts'
import { readTraces } from './read-traces.ts'

export const ZOO = resolve(import.meta.dirname, '../../../shared/zoo')
export const zooCases = (): string[] =>
  existsSync(ZOO)
    ? readdirSync(ZOO)
        .filter((name) => existsSync(join(ZOO, name, 'score.json')))
        .sort()
    : []

/** What `score.json` of a case says. */
export interface Truth {
  readonly causes: readonly {
    readonly mechanisms: readonly string[]
    readonly pid: number
    readonly tids: readonly number[]
    readonly thread: string
    readonly claim: 'named' | 'either'
    readonly bytesPerHour: readonly number[]
  }[]
  readonly allowed?: readonly { readonly mechanisms: readonly string[]; readonly maxBytesPerHour?: number }[]
}

export const truthOf = (name: string): Truth =>
  JSON.parse(readFileSync(join(ZOO, name, 'score.json'), 'utf8')) as Truth

export interface Judged {
  readonly facts: Facts
  readonly results: readonly RuleResult[]
  readonly findings: readonly Finding[]
  readonly loud: readonly Finding[]
  readonly verdicts: Verdicts
}

const captures = new Map<string, Promise<readonly EvidenceFile[]>>()

/** Files of a zoo case's evidence, found once. */
export function evidenceOf(name: string): Promise<readonly EvidenceFile[]> {
  let known = captures.get(name)
  if (!known) {
    known = discover([join(ZOO, name, 'evidence')], new Diagnostics()).then((capture) => capture.files)
    captures.set(name, known)
  }
  return known
}

export const isSnapshotFile = (file: EvidenceFile): boolean => SNAPSHOT_FORMATS.includes(file.format)
export const isTraceFile = (file: EvidenceFile): boolean => TRACE_FORMATS.includes(file.format)

/** Everything that is known from these files; `change` may alter what was read before it is judged. */
export async function factsOf(
  files: readonly EvidenceFile[],
  change: (read: { snapshots: ReadSnapshot[]; traces: Trace[] }) => {
    snapshots: ReadSnapshot[]
    traces: Trace[]
  } = (read) => read,
): Promise<Facts> {
  const diagnostics = new Diagnostics()
  const side = await readSideEvidence(
    files.filter((file) => file.format === 'side-evidence'),
    diagnostics,
  )
  const strings = new StringTable()
  const found: ReadSnapshot[] = []
  for (const file of files.filter(isSnapshotFile))
    found.push(...(await readSnapshots(file, strings, diagnostics)))
  const read = await readTraces(files.filter(isTraceFile), diagnostics)
  const { snapshots, traces } = change({ snapshots: found, traces: [...read.traces] })
  snapshots.sort((a, b) => (a.time ?? -1) - (b.time ?? -1))
  const builder = new TimelineBuilder(diagnostics)
  for (const snapshot of snapshots) builder.add(snapshot)
  const timeline = builder.finish(side)
  const clocks = chooseClocks(traces, snapshots, { straceDate: null, timeZone: null }, diagnostics)
  const attribution = await attribute({ snapshots, traces, clocks, timeline, side }, diagnostics)
  return {
    timeline,
    clocks,
    traces: traces.map(overview),
    attribution,
    side,
    summaries: read.summaries,
    limit: null,
  }
}

export function judged(facts: Facts): Judged {
  const results = runRules(facts)
  const findings = results.flatMap((result) => (result.outcome === 'found' ? result.findings : []))
  return {
    facts,
    results,
    findings,
    loud: findings.filter((finding) => finding.severity !== 'info'),
    verdicts: judge(facts, results),
  }
}

const overview = (trace: Trace): TraceOverview => ({
  name: trace.name,
  form: trace.form,
  files: trace.files,
  hasDurations: trace.hasDurations,
  hasStacks: trace.hasStacks,
  hasDescriptorNames: trace.hasDescriptorNames,
  coverage: trace.coverage,
  calls: trace.statistics.calls.reduce((sum, calls) => sum + calls, 0),
})
