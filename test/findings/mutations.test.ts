/**
 * The same memory seen on another host: other pids, addresses, times and thread names, files in another order. The
 * findings stay the same but for those names.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { MIB, SECOND } from '../../src/base/units.ts'
import { discover } from '../../src/evidence/discover.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { EvidenceFile } from '../../src/model/evidence.ts'
import type { Finding } from '../../src/model/finding.ts'
import { type Mutation, mutateEvidence } from '../support/mutate.ts'
import { evidenceOf, factsOf, judged, ZOO, zooCases } from '../support/zoo.ts'

const cases = zooCases()
const folder = mkdtempSync(join(tmpdir(), 'mutations-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A finding with pids, addresses and times brought back, and without the texts that carry them. */
function plain(finding: Finding, { pidShift = 0, addressShift = 0, timeShift = 0 }: Mutation) {
  const { measures, culprit, threads, regions } = finding
  const back = (time: number | null) => (time === null ? null : time - timeShift * SECOND)
  return {
    ruleId: finding.ruleId,
    fingerprint: finding.fingerprint,
    severity: finding.severity,
    confidence: finding.confidence,
    cap: finding.cap,
    mechanism: finding.mechanism,
    title: finding.title,
    pid: finding.pid - pidShift,
    measures: {
      ...measures,
      onset: back(measures.onset),
      from: back(measures.from),
      to: back(measures.to),
    },
    culprit: culprit && { tid: culprit.tid - pidShift, certainty: culprit.certainty },
    threads: threads.map(({ tid, bytes, share }) => ({ tid: tid - pidShift, bytes, share })),
    regions: regions.map(({ start, end, kind }) => ({
      start: start - addressShift,
      end: end - addressShift,
      kind,
    })),
    lineages: finding.lineages,
  }
}

async function findingsOf(files: readonly EvidenceFile[]) {
  const result = judged(await factsOf(files))
  return { findings: result.findings, status: result.verdicts.whole.status }
}

const mutations: [string, Mutation][] = [
  ['other pids', { pidShift: 300_000 }],
  ['addresses 192 MiB lower', { addressShift: -192 * MIB }],
  ['addresses 64 MiB higher', { addressShift: 64 * MIB }],
  ['73 minutes later', { timeShift: 73 * 60 }],
  ['other thread names', { threadName: (name) => `x-${[...name].reverse().join('')}` }],
]

describe.skipIf(cases.length === 0).each(mutations)('%s', (label, mutation) => {
  it.each(cases)('%s', async (name) => {
    const copy = join(folder, label.replace(/\W/g, '-'), name)
    mutateEvidence(join(ZOO, name, 'evidence'), copy, mutation)
    const before = await findingsOf(await evidenceOf(name))
    const after = await findingsOf((await discover([copy], new Diagnostics())).files)
    rmSync(copy, { recursive: true, force: true })
    expect(after.findings.map((finding) => plain(finding, mutation))).toEqual(
      before.findings.map((finding) => plain(finding, {})),
    )
    expect(after.status).toBe(before.status)
  })
})

describe.skipIf(cases.length === 0)('files in another order', () => {
  it.each(cases)('%s', async (name) => {
    const files = await evidenceOf(name)
    const shuffled = [...files].sort((a, b) => (scramble(a.path) < scramble(b.path) ? -1 : 1))
    expect(await findingsOf([...files].reverse())).toEqual(await findingsOf(files))
    expect(await findingsOf(shuffled)).toEqual(await findingsOf(files))
  })
})

const scramble = (path: string): string => [...path].reverse().join('')
