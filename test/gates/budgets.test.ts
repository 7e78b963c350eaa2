import { expect, test } from 'vitest'
import { budgetGates } from '../../src/gates/budgets.ts'
import type { BudgetName } from '../../src/gates/gate-options.ts'
import { aReport } from '../support/a-report.ts'

const passes = (report: ReturnType<typeof aReport>, name: BudgetName): boolean =>
  budgetGates(report, [{ name, program: null, most: 1e12, text: '' }]).every(({ passed }) => passed)

test('growth of which the report tells a part does not pass', () => {
  const whole = aReport()
  const [process] = whole.processes
  const segments = [...process!.segments, { ...process!.segments[0]!, byKind: [] }]
  const processes = [{ ...process!, segments }]
  const cut = { ...whole, processes, omitted: { 'processes.trends': 2 } }
  expect(passes(whole, 'heap-growth')).toBe(true)
  expect(passes(cut, 'heap-growth')).toBe(false)
  expect(passes(cut, 'rss-growth')).toBe(true)
  // What has no heap does not grow by it.
  const heapless = { ...process!.segments[0]!, byKind: [{ kind: 'anonymous' as const, trends: [] }] }
  const two = [{ ...process!, segments: [...process!.segments, heapless] }]
  expect(passes({ ...cut, processes: two }, 'heap-growth')).toBe(true)
  // Too short to be judged, it would have told nothing.
  const short = [
    { ...process!, segments: segments.map((told, at) => ({ ...told, samples: at === 0 ? 30 : 7 })) },
  ]
  expect(passes({ ...cut, processes: short }, 'heap-growth')).toBe(true)
  // A segment of which only sums were taken has no kinds.
  expect(passes({ ...whole, processes }, 'heap-growth')).toBe(true)
})
