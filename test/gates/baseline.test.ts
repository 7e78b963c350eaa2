import type { Result } from 'sarif'
import { describe, expect, test } from 'vitest'
import { applyGates } from '../../src/gates/apply-gates.ts'
import { NO_GATES } from '../../src/gates/gate-options.ts'
import type { ReportDocument, ReportFinding } from '../../src/report/document.ts'
import { renderJunit } from '../../src/report/junit.ts'
import { renderSarif } from '../../src/report/sarif.ts'
import { aFinding, aReport } from '../support/a-report.ts'

const MIB = 2 ** 20

const found = (fingerprint: string, over: Partial<ReportFinding> = {}) =>
  aFinding('en', { fingerprint, ...over })

const growing = (pid: number, mebibytes: number) =>
  found('aaaa', {
    pid,
    measures: {
      ...aFinding().measures,
      bytesPerHour: mebibytes * MIB,
      bytesPerHourLow: mebibytes * MIB * 0.9,
      bytesPerHourHigh: mebibytes * MIB * 1.1,
    },
  })

/** Not told any more: the report has no room for it. */
const further = (...prints: string[]): ReportDocument['furtherFindings'] =>
  prints.map((fingerprint) => {
    const { ruleId, severity, pid, program } = aFinding()
    return { ruleId, fingerprint, severity, pid, program }
  })

const judged = (now: Partial<ReportDocument>, then: Partial<ReportDocument>) =>
  applyGates(aReport('en', now), {
    ...NO_GATES,
    failOn: 'warning',
    baseline: { file: 'before.json', document: aReport('en', then) },
  })

describe('against a baseline', () => {
  test('what one of the reports has no room for is neither new nor gone', () => {
    const both = { added: [], fixed: [], persisting: ['aaaa', 'bbbb'] }
    const [all, cut] = [
      { findings: [found('aaaa'), found('bbbb')] },
      { findings: [found('aaaa')], furtherFindings: further('bbbb') },
    ]
    for (const document of [judged(all, cut), judged(cut, all)]) {
      expect(document.baseline).toMatchObject(both)
      expect(document.gates[0]).toMatchObject({ name: 'fail-on=warning', passed: true })
    }
  })

  test('what is new fails, told or not', () => {
    const document = judged(
      { findings: [found('aaaa')], furtherFindings: further('bbbb') },
      { findings: [found('aaaa')] },
    )
    expect(document.baseline).toMatchObject({ added: ['bbbb'] })
    expect(document.gates[0]).toMatchObject({
      passed: false,
      found: 'anonymous-mmap-growth (problem, thumbd 9791)',
    })
    const rules = [{ ...document.rules[0]!, id: 'anonymous-mmap-growth', outcome: 'found' as const }]
    expect(renderJunit({ ...document, rules })).toMatch(/<failure[^>]*anonymous-mmap-growth/)
  })

  test('what only informed before and claims growth now is new, as the comparison says', () => {
    const document = judged(
      { findings: [found('aaaa')] },
      { findings: [found('aaaa', { severity: 'info' })] },
    )
    expect(document.baseline).toMatchObject({ added: ['aaaa'] })
    expect(document.gates[0]).toMatchObject({ name: 'fail-on=warning', passed: false })
  })

  test('what only informs is new where the earlier report has no such finding', () => {
    const info = (print: string) => found(print, { severity: 'info' })
    const document = judged(
      { findings: [found('aaaa'), found('bbbb'), info('cccc'), info('dddd'), info('eeee')] },
      { findings: [found('aaaa'), info('cccc'), found('eeee')] },
    )
    expect(document.baseline).toMatchObject({ added: ['bbbb'], fixed: ['eeee'], persisting: ['aaaa'] })
    const { results } = JSON.parse(renderSarif(document)).runs[0]
    expect(results.map((result: Result) => result.baselineState)).toEqual([
      'unchanged',
      'new',
      'unchanged',
      'new',
      'unchanged',
    ])
  })

  test('processes of one program are held against the fastest of them', () => {
    const workers = { findings: [growing(1, 10), growing(2, 1)] }
    expect(judged(workers, workers).gates.map(({ passed }) => passed)).toEqual([true, true, true])
    const faster = { findings: [growing(3, 20), growing(4, 1)] }
    expect(judged(faster, workers).gates.map(({ passed }) => passed)).toEqual([true, false, true])
  })

  test('processes that one of the reports has no room for are held against each other, too', () => {
    const untold = (mebibytes: number) => ({
      furtherGrowth: [
        {
          ruleId: 'anonymous-mmap-growth',
          fingerprint: 'aaaa',
          bytesPerHour: mebibytes * MIB,
          bytesPerHourLow: mebibytes * MIB * 0.9,
          bytesPerHourHigh: mebibytes * MIB * 1.1,
        },
      ],
    })
    const slow = { findings: [growing(1, 1)] }
    expect(judged({ ...slow, ...untold(10) }, slow).gates.map(({ passed }) => passed)).toEqual([
      true,
      true,
      false,
    ])
    expect(judged({ findings: [growing(1, 10)] }, { ...slow, ...untold(10) }).gates[1]?.passed).toBe(true)
  })
})
