import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import type { ReportDocument } from '../../src/report/document.ts'
import { renderJunit } from '../../src/report/junit.ts'
import { renderSarif } from '../../src/report/sarif.ts'
import { aFolder, memdossier, readReport, SAMPLES } from '../support/command.ts'

const require = createRequire(import.meta.url)
/** The schema of OASIS names draft 4; nothing in it differs in the draft that Ajv reads. */
const {
  $schema: _,
  id: __,
  ...SARIF_SCHEMA
} = require('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json') as Record<string, unknown>
const LEAK = join(SAMPLES, 'mmap-leak')

const report = (evidence = LEAK, args: string[] = []): ReportDocument => {
  const out = aFolder()
  memdossier([evidence, '-o', out, '--formats', 'json', '--quiet', ...args])
  return readReport(out)
}

/** A report whose every text tries to break out of its format. */
const hostile = (): ReportDocument => {
  const document = report()
  const evil = 'a"<b>]]>&\u0000\u001b[31m\u202e::error::x\n::warning::y'
  for (const finding of document.findings) {
    finding.summary = finding.title = finding.why = finding.action = finding.program = evil
    finding.culprit = { tid: 1, name: evil, certainty: 'likely' }
    for (const place of finding.evidence) place.file = `${evil}/%41 ü`
  }
  document.gates.push({ name: evil, expected: evil, found: evil, passed: false })
  return document
}

const validateSarif = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
  SARIF_SCHEMA,
)

describe('SARIF', () => {
  test.each([
    ['of a leak', () => report()],
    ['of a healthy program', () => report(join(SAMPLES, 'nscd'))],
    ['of hostile names', hostile],
  ])('is valid by the schema of OASIS: %s', (_, make) => {
    const log = JSON.parse(renderSarif(make()))
    expect(validateSarif(log), JSON.stringify(validateSarif.errors?.slice(0, 3))).toBe(true)
  })

  test('names rule, level, fingerprint, place and thread', () => {
    const document = report()
    const [run] = JSON.parse(renderSarif(document)).runs
    const [result] = run.results
    const [finding] = document.findings
    expect(run.tool.driver.rules[result.ruleIndex].id).toBe(finding!.ruleId)
    expect(result).toMatchObject({
      level: 'error',
      partialFingerprints: { 'memdossierFinding/v1': finding!.fingerprint },
      locations: [{ physicalLocation: { artifactLocation: { uri: finding!.evidence[0]!.file } } }],
    })
    expect(result.locations[0].logicalLocations.at(-1).fullyQualifiedName).toContain('[9797]')
  })

  test('has the command that the text speaks of', () => {
    const document = report()
    const { captureHint, action } = document.findings[0]!
    expect(action).toContain('(command below)')
    expect(JSON.parse(renderSarif(document)).runs[0].results[0].message.text).toMatch(/\S\n\S/)
    expect(JSON.parse(renderSarif(document)).runs[0].results[0].message.text.split('\n')[1]).toBe(captureHint)
  })

  test('says against a baseline what is new', () => {
    const out = aFolder()
    writeFileSync(join(out, 'before.json'), JSON.stringify(report()))
    const again = report(LEAK, ['--baseline', join(out, 'before.json')])
    expect(JSON.parse(renderSarif(again)).runs[0].results[0].baselineState).toBe('unchanged')
  })
})

describe('JUnit', () => {
  test('has a case for every rule and every gate; a leak fails its rule', () => {
    const document = report(LEAK, ['--budget', 'peak-rss=1MiB', '--budget', 'mapping-count=5000'])
    const xml = renderJunit(document)
    expect(xml.match(/<testcase /g)).toHaveLength(document.rules.length + 2)
    expect(xml.match(/<failure /g)).toHaveLength(2)
    expect(xml).toMatch(/<testcase classname="memdossier\.rules\.anonymous-mapping-growth"[^>]*>\s*<failure /)
  })

  test('says why a case is skipped, and the command that a finding asks for', () => {
    const document = report()
    const xml = renderJunit(document)
    const skipped = document.rules.filter(({ outcome }) => outcome === 'not-applicable')
    expect(skipped.length).toBeGreaterThan(0)
    expect(xml.match(/<skipped message="[^"]{10,}"\/>/g)).toHaveLength(skipped.length)
    expect(xml).not.toContain('<skipped/>')
    expect(xml).toContain(`\n${document.findings[0]!.captureHint}\n`)
  })

  test('against a baseline a leak that was there before fails no rule, one that grows faster its gate', () => {
    const out = aFolder()
    const before = report()
    const against = (): string => {
      writeFileSync(join(out, 'before.json'), JSON.stringify(before))
      return renderJunit(report(LEAK, ['--baseline', join(out, 'before.json'), '--fail-on', 'warning']))
    }
    const same = against()
    expect(same).not.toContain('<failure ')
    expect(same).toContain('problem, confidence')
    for (const { measures } of before.findings) measures.bytesPerHour = measures.bytesPerHourHigh = 1
    expect(against().match(/<failure [^>]*/g)).toMatchObject([expect.stringContaining('type="gate"')])
  })

  test('holds nothing that XML cannot carry, and nothing that is markup', () => {
    const xml = renderJunit(hostile())
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/)
    expect(xml.replace(/<!\[CDATA\[.*?\]\]>/gs, '')).not.toContain('<b>')
  })
})

describe('what the configuration expects', () => {
  /** Of the leak in the sample: as stable as the report says. */
  const fingerprint = 'eb7e2301da0466c5'
  const expecting = (until: string | null, args: string[] = []) => {
    const config = join(aFolder(), 'memdossier.config.json')
    writeFileSync(config, JSON.stringify({ expected: [{ fingerprint, until, reason: 'OPS-1234' }] }))
    return report(LEAK, ['--config', config, ...args])
  }

  test('is no failed test but a skipped one with its reason, until its day is over', () => {
    const xml = renderJunit(expecting(null))
    expect(xml).not.toContain('<failure ')
    expect(xml).toMatch(
      /<testcase classname="memdossier\.rules\.anonymous-mapping-growth"[^>]*>\s*<skipped message="accepted \(OPS-1234\)"\/>\s*<system-out><!\[CDATA\[accepted \(OPS-1234\)\nproblem, /,
    )
    expect(renderJunit(expecting('2026-11-22'))).toContain('accepted until 2026-11-22 (OPS-1234)')
    expect(renderJunit(expecting('2026-11-21')).match(/<failure /g)).toHaveLength(2)
  })

  test('is suppressed in SARIF, and every other result says that it is not', () => {
    const log = JSON.parse(renderSarif(expecting(null)))
    expect(validateSarif(log)).toBe(true)
    const { results } = log.runs[0]
    expect(results[0].suppressions).toEqual([
      { kind: 'external', status: 'accepted', justification: 'OPS-1234' },
    ])
    for (const other of results.slice(1)) expect(other.suppressions).toEqual([])
  })

  test('is named by the gate that it passes', () => {
    const { gates } = expecting(null, ['--fail-on', 'problem'])
    expect(gates).toMatchObject([
      { passed: true, found: expect.stringContaining('expected: anonymous-mapping-growth (problem, ') },
    ])
  })

  test('does not keep the bundle from being verified', () => {
    const out = aFolder()
    const config = join(out, 'memdossier.config.json')
    writeFileSync(config, JSON.stringify({ expected: [{ fingerprint, reason: 'OPS-1234' }] }))
    memdossier([LEAK, '--config', config, '-o', join(out, 'run'), '--formats', 'zip', '--quiet'])
    expect(memdossier(['verify', join(out, 'run/evidence.zip')])).toMatchObject({ status: 0 })
  })
})

describe('GitHub Actions', () => {
  const inActions = (evidence: string, args: string[] = []) => {
    const folder = aFolder()
    const summary = join(folder, 'summary.md')
    writeFileSync(summary, 'before\n')
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary, CI: 'true' }
    const ran = memdossier([evidence, '-o', join(folder, 'out'), '--formats', 'json,md', ...args], { env })
    return { ...ran, summary: readFileSync(summary, 'utf8'), folder }
  }

  test('the report is added to the summary, findings and gates are annotations', () => {
    const { stdout, stderr, summary, folder, status } = inActions(LEAK, ['--fail-on', 'problem'])
    expect(status).toBe(3)
    expect(summary).toBe(`before\n${readFileSync(join(folder, 'out/report.md'), 'utf8')}`)
    expect(stderr).toMatch(/^::error title=memdossier%3A fail-on=problem::/m)
    expect(stderr.match(/^::error /gm)).toHaveLength(2)
    expect(stdout).not.toContain('::error')
  })

  test('a finding that the baseline has is no annotation', () => {
    const { folder } = inActions(LEAK)
    const { stderr } = inActions(LEAK, ['--baseline', join(folder, 'out/report.json')])
    expect(stderr).toBe('')
  })

  test('a healthy program has no annotation', () => {
    expect(inActions(join(SAMPLES, 'nscd')).stderr).toBe('')
  })
})
