import { describe, expect, it } from 'vitest'
import { failedGates, summaryLines } from '../../src/cli/summary.ts'
import { LANGUAGES } from '../../src/model/sentence.ts'
import { aReport } from '../support/a-report.ts'

const ESC = String.fromCharCode(27)
const NAMES = ['evidence.zip', 'report.html']

/** Columns that a terminal gives to the text: two for a Chinese character, none for a colour. */
const widthOf = (line: string): number =>
  [...line.replaceAll(new RegExp(`${ESC}\\[[0-9;]*m`, 'g'), '')].reduce(
    (sum, character) => sum + (character >= '\u2e80' && character <= '\uffef' ? 2 : 1),
    0,
  )

describe('the summary on the terminal', () => {
  it('keeps to the width, with colour and without, in both languages; commands stay whole', () => {
    for (const language of LANGUAGES)
      for (const color of [true, false]) {
        const document = aReport(language)
        const lines = summaryLines(document, 'out/x', NAMES, { color, columns: 80 })
        const { command } = document.verdict.next!
        expect(lines).toContain(`  ${command}`)
        for (const line of lines.filter((one) => !one.includes(command!)))
          expect(widthOf(line), line).toBeLessThanOrEqual(80)
        expect(lines.some((line) => line.includes(ESC))).toBe(color)
        expect(lines.at(-1)).toBe('  out/x/report.html')
      }
  })

  it.each([
    ['en', 'certain', ' (confidence 92 of 100)'],
    ['en', 'likely', ' (confidence 92 of 100 in the growth; the thread is likely)'],
    ['zh', 'certain', '（置信度 92/100）'],
    ['zh', 'likely', '（增长的置信度 92/100；线程为“很可能”）'],
  ] as const)('says in %s beside a thread that is %s whose confidence it is', (language, certainty, said) => {
    const whole = aReport(language)
    const culprit = { tid: 9797, name: null, certainty }
    const findings = whole.findings.map((finding) => ({ ...finding, culprit }))
    const verdict = { ...whole.verdict, confidence: 92 }
    const lines = summaryLines({ ...whole, findings, verdict }, 'out/x', NAMES, {
      color: false,
      columns: undefined,
    })
    expect(lines[0]).toBe(`${verdict.summary}${said}`)
  })

  it('says of a gate what was expected and what was found, in both languages', () => {
    const gates = [{ name: 'strict', expected: 'all', found: '2 skipped', passed: false }]
    const told = (language: 'en' | 'zh') => {
      const document = { ...aReport(language), gates }
      const lines = summaryLines(document, 'out/x', [], { color: false, columns: undefined })
      return [lines.find((line) => line.includes('2 skipped')), ...failedGates(document)]
    }
    expect(told('en')).toEqual([
      'Gate failed: strict: expected all, found 2 skipped',
      'strict failed: expected all, found 2 skipped',
    ])
    expect(told('zh')).toEqual(
      ['', ''].map(() => '门禁未通过：证据须完整（strict）：要求 all，实际 2 skipped'),
    )
  })

  it('has no Western sign beside a Chinese character', () => {
    const whole = aReport('zh')
    const culprit = { tid: 9797, name: null, certainty: 'likely' as const }
    const findings = whole.findings.map((finding) => ({ ...finding, culprit }))
    const gates = [{ name: 'strict', expected: '全部', found: '无', passed: false }]
    const document = { ...whole, findings, gates }
    for (const columns of [80, undefined])
      for (const line of summaryLines(document, 'out/x', NAMES, { color: false, columns }))
        if (!line.startsWith('  '))
          expect(line).not.toMatch(/\p{Script=Han}[:;,()]|, ?\p{Script=Han}|\(\p{Script=Han}/u)
  })

  it('holds no command of a CI server, whatever a program is called', () => {
    const whole = aReport()
    const summary = '::stop-commands::x, pid 1 — memory is leaking'
    const reason = ' ::add-mask::thread ##[add-mask]a ##vso[task.complete]b, 12::34 #1'
    const verdict = { ...whole.verdict, summary, reason }
    const lines = summaryLines({ ...whole, verdict }, 'out/x', NAMES, { color: false, columns: undefined })
    expect(lines[0]).toContain('\\x3a:stop-commands::x, pid 1')
    expect(lines).toContain(' \\x3a:add-mask::thread \\x23#[add-mask]a \\x23#vso[task.complete]b, 12::34 #1')
  })

  it('keeps a sentence on one line where there is no terminal', () => {
    const document = aReport()
    const lines = summaryLines(document, 'out/x', NAMES, { color: false, columns: undefined })
    expect(lines).toContain(document.verdict.reason)
    expect(lines.at(-1)).toBe('Written: out/x/evidence.zip  out/x/report.html')
  })
})
