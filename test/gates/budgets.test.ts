import { expect, test } from 'vitest'
import { budgetGates } from '../../src/gates/budgets.ts'
import type { Budget, BudgetName } from '../../src/gates/gate-options.ts'
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

test('gates of several budgets have names of their own', () => {
  const report = aReport()
  const [process] = report.processes
  const program = process!.program!
  const budget = (program: string | null, most: number): Budget => ({
    name: 'mapping-count',
    program,
    most,
    text: `mapping-count${program === null ? '' : `@${program}`}=${most}`,
  })
  const namesOf = (...budgets: Budget[]) => budgetGates(report, budgets).map(({ name }) => name)
  expect(namesOf(budget('a', 1), budget('b', 1), budget(program, 1))).toEqual([
    'mapping-count@a',
    'mapping-count@b',
    `mapping-count of ${program} ${process!.pid}`,
  ])
  const both = namesOf(budget(null, 2000), budget(program, 1))
  expect(both).toContain(`mapping-count of ${program} ${process!.pid} (mapping-count=2000)`)
  expect(both).toContain(`mapping-count of ${program} ${process!.pid} (mapping-count@${program}=1)`)
  expect(new Set(both).size).toBe(both.length)
})
