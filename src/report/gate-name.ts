/** A gate in a reader's words; report.json keeps its English name, by which programs know it. */
import { fill } from '../language/fill.ts'
import { type Words, wordsIn } from '../language/words.ts'
import type { ReportDocument } from './document.ts'

type Key = keyof Words['gate']

/** By the option that asks for the gate. */
const OPTIONS: ReadonlyMap<string, Key> = new Map([
  ['fail-on', 'nameFailOn'],
  ['require-verdict', 'nameVerdict'],
  ['strict', 'nameEvidence'],
  ['rss-growth', 'nameRssGrowth'],
  ['heap-growth', 'nameHeapGrowth'],
  ['anonymous-growth', 'nameAnonymousGrowth'],
  ['mapping-count', 'nameMappingCount'],
  ['peak-rss', 'namePeakRss'],
  ['thread-count', 'nameThreadCount'],
  ['unexplained', 'nameUnexplained'],
])

/** The budget's own text, where several ask the same of one process. */
const BUDGET = / \(([a-z-]+(?:@[^=]+)?=.+)\)$/s

/** One that no version of this tool has written, or a newer one, keeps the name it has. */
export function gateName(name: string, language: ReportDocument['language']): string {
  const { gate } = wordsIn(language)
  const grown = /^growth of (.+) against the baseline$/s.exec(name)
  if (grown) return fill(gate.nameAgainstBaseline, { finding: grown[1]! })
  const expected = /^expected (.+)$/s.exec(name)
  if (expected) return fill(gate.nameExpected, { finding: expected[1]! })
  const budget = BUDGET.exec(name)?.[1]
  const told = budget === undefined ? name : name.slice(0, -` (${budget})`.length)
  const [, id, process] = /^(.+?)(?: of (.+))?$/s.exec(told) ?? []
  const key = OPTIONS.get(id?.split(/[=@]/)[0] ?? '')
  if (id === undefined || key === undefined) return name
  const asked = fill(gate[key], { id })
  const whole = process === undefined ? asked : fill(gate.nameOfProcess, { name: asked, process })
  return budget === undefined ? whole : fill(gate.nameOfBudget, { name: whole, budget })
}

/** What was asked before what was found, and both by name: alone, either reads as the other. */
export const gateWhy = (
  { expected, found }: ReportDocument['gates'][number],
  language: ReportDocument['language'],
): string => fill(wordsIn(language).gate.expectedFound, { expected, found })
