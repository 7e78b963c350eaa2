import { describe, expect, it } from 'vitest'
import { MIB } from '../../src/base/units.ts'
import { captureHint } from '../../src/findings/capture-questions.ts'
import { clear, defineRule, type Rule } from '../../src/findings/rule.ts'
import { RULES } from '../../src/findings/rules/index.ts'
import { runRules } from '../../src/findings/run-rules.ts'
import { say } from '../../src/findings/words/say.ts'
import { KINDS } from '../../src/model/mapping-kind.ts'
import { LANGUAGES } from '../../src/model/sentence.ts'
import type { Shape } from '../../src/model/timeline.ts'
import { anAccount, anAttribution, aProcess, aTimeline, theFacts } from '../support/facts.ts'
import fc from '../support/property.ts'

const words = { title: say('t', '题'), why: say('w', '因'), action: say('a', '做'), capture: null }
const aRule = (id: string, evaluate: () => never): Rule =>
  defineRule({
    id,
    words,
    loudest: 'info',
    mechanisms: [],
    thresholds: {},
    requires: 'either',
    needs: ['timeline'],
    evaluate,
  })

describe('a rule that throws', () => {
  const broken = aRule('broken', () => {
    throw new Error('cannot divide by zero snapshots')
  })
  const fine = aRule('fine', () => clear(say('nothing', '无')) as never)

  it('is failed, with its message and no stack, and the run goes on', () => {
    const results = runRules(theFacts(), [broken, fine])
    expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'clear'])
    expect(results[0]?.reason.en).toContain('cannot divide by zero snapshots')
    expect(results[0]?.reason.en).not.toContain('at ')
  })
})

describe('every capture', () => {
  it('has one result of every rule, in the order of the rules', () => {
    for (const facts of [
      theFacts(),
      theFacts({ timeline: aTimeline([]) }),
      theFacts({ attribution: anAttribution() }),
    ]) {
      const results = runRules(facts)
      expect(results.map(({ id }) => id)).toEqual(RULES.map(({ id }) => id))
      expect(results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    }
  })
})

const shape = fc.constantFrom<Shape>(
  'growing',
  'saturating',
  'step',
  'sawtooth',
  'plateau',
  'shrinking',
  'too-short',
)
const trend = fc.record({ shape, grown: fc.integer({ min: -100 * MIB, max: 1000 * MIB }) })
const kind = fc.record({ kind: fc.constantFrom(...KINDS), rss: trend, size: trend, swap: trend })
const someProcess = fc
  .uniqueArray(kind, { selector: (entry) => entry.kind, maxLength: 8 })
  .chain((kinds) => fc.record({ kinds: fc.constant(kinds), totals: fc.record({ rss: trend, swap: trend }) }))

describe('any combination of shapes', () => {
  it('never has the same bytes reported twice above info, and every finding is whole', () =>
    fc.assert(
      fc.property(someProcess, fc.boolean(), (given, traced) => {
        const facts = theFacts({
          timeline: aTimeline([aProcess(given)]),
          ...(traced
            ? { attribution: anAttribution({ accounts: [anAccount(), anAccount({ mechanism: 'mremap' })] }) }
            : {}),
        })
        const findings = runRules(facts).flatMap((result) => {
          expect(result.outcome, result.reason.en).not.toBe('failed')
          return result.outcome === 'found' ? result.findings : []
        })
        const loud = findings.filter(({ severity }) => severity !== 'info')
        const owned = loud.flatMap(({ lineages }) => lineages)
        expect(new Set(owned).size).toBe(owned.length)
        for (const finding of findings) {
          expect(finding.evidence.length).toBeGreaterThan(0)
          expect(finding.confidence).toBeGreaterThanOrEqual(0)
          expect(finding.confidence).toBeLessThanOrEqual(98)
          if (finding.severity === 'info') expect(finding.culprit).toBeNull()
          for (const sentence of [
            finding.title,
            finding.summary,
            finding.why,
            finding.action,
            finding.culpritReason,
          ])
            for (const language of LANGUAGES) {
              expect(sentence[language].length).toBeGreaterThan(0)
              expect(sentence[language]).not.toMatch(/undefined|NaN|null|\[object/)
            }
        }
      }),
      { numRuns: 200 },
    ))

  it('gives the same result for the same facts', () =>
    fc.assert(
      fc.property(someProcess, (given) => {
        const facts = theFacts({ timeline: aTimeline([aProcess(given)]) })
        expect(runRules(facts)).toEqual(runRules(facts))
      }),
      { numRuns: 50 },
    ))
})

describe('the capture that would settle it', () => {
  it('is a command for this pid and program', () => {
    const hint = captureHint('who-maps', { pid: 9791, program: 'thumbd' })
    expect(hint.command).toMatch(/^strace -ff -ttt -T -y -Y -k -e trace=\S+ -p 9791 -o thumbd\.maps$/)
    expect(hint.settles.zh).toMatch(/\p{Script=Han}/u)
  })

  it('quotes what a shell would read', () => {
    expect(captureHint('who-maps', { pid: 1, program: "a;rm -rf '$x'" }).command).toContain(
      '-o a_rm_-rf___x_.maps',
    )
    expect(captureHint('who-maps', { pid: 1, program: null }).command).toContain('-o process.maps')
    expect(captureHint('more-snapshots', { pid: 1, program: "o'clock" }).command).toContain(`'o'\\''clock'`)
  })
})
