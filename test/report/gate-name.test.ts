import { describe, expect, it } from 'vitest'
import { summaryLines } from '../../src/cli/summary.ts'
import { BUDGET_NAMES } from '../../src/gates/gate-options.ts'
import { gateName } from '../../src/report/gate-name.ts'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { aReport } from '../support/a-report.ts'

const NAMES = [
  'fail-on=problem',
  'require-verdict',
  'strict',
  'expected 0123456789abcdef',
  'growth of main-heap-growth 0123456789abcdef against the baseline',
  ...BUDGET_NAMES,
  ...BUDGET_NAMES.map((name) => `${name} of sleep of reason 12`),
  ...BUDGET_NAMES.map((name) => `${name}@sleep`),
  'peak-rss of sleep (1) 12 (peak-rss@sleep (1)=2GiB)',
]

describe('the name of a gate', () => {
  it('is in English as in report.json, and in Chinese where a reader sees it', () => {
    for (const name of NAMES) {
      expect(gateName(name, 'en')).toBe(name)
      expect(gateName(name, 'zh')).toMatch(/\p{Script=Han}/u)
    }
    expect(gateName('rss-growth of sleep of reason 12', 'zh')).toBe(
      'sleep of reason 12 的常驻内存增长（rss-growth）',
    )
    expect(gateName('peak-rss of sleep 12 (peak-rss=2GiB)', 'zh')).toBe(
      'sleep 12 的常驻内存峰值（peak-rss），按 peak-rss=2GiB',
    )
    expect(gateName('mapping-count@a', 'zh')).toBe('映射数量（mapping-count@a）')
  })

  it('stays as it is where nothing is known of it', () => {
    for (const name of ['', 'of', 'later-gate', 'later-gate of x 1', 'expected'])
      expect(gateName(name, 'zh')).toBe(name)
  })

  it('is Chinese in page, report.md and terminal', async () => {
    const gates = [{ name: 'rss-growth', expected: '1', found: '2', passed: false }]
    const report = { ...aReport('zh'), gates }
    const lines = summaryLines(report, 'out/x', [], { color: false, columns: undefined })
    for (const text of [await renderHtml(report), renderMarkdown(report), lines.join('\n')])
      expect(text).toContain('常驻内存增长（rss-growth）')
  })
})
