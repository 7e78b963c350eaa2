/** Gates and the baseline: what was asked of this capture, and what changed since the last. */
import { gateName } from '../gate-name.ts'
import type { ViewContext } from './context.ts'
import { cell, code, type Table, table, words } from './table.ts'

export interface GatesView {
  readonly asked: boolean
  readonly tables: readonly Table[]
}

export function gatesView(context: ViewContext): GatesView {
  const { document } = context
  const tables = [gates(context), ...(document.baseline ? [baseline(context, document.baseline)] : [])]
  return {
    asked: document.gates.length > 0 || document.baseline !== null,
    tables: tables.filter((entry) => entry.rows.length > 0),
  }
}

function gates(context: ViewContext): Table {
  const { table: t, section } = context.words
  return table(
    context,
    'gates-table',
    section.gatesTable,
    [words(t.gate), words(t.result), words(t.expected), words(t.found)],
    [...context.document.gates]
      .sort((a, b) => Number(a.passed) - Number(b.passed))
      .map((gate) => ({
        cells: [
          code(gateName(gate.name, context.document.language)),
          cell(gate.passed ? t.passed : t.failed),
          cell(gate.expected),
          cell(gate.found),
        ],
      })),
  )
}

function baseline(context: ViewContext, given: NonNullable<ViewContext['document']['baseline']>): Table {
  const { table: t, section } = context.words
  const rows = [
    ...given.added.map((fingerprint) => ({ state: t.stateNew, fingerprint })),
    ...given.persisting.map((fingerprint) => ({ state: t.statePersisting, fingerprint })),
    ...given.fixed.map((fingerprint) => ({ state: t.stateFixed, fingerprint })),
  ]
  return table(
    context,
    'baseline',
    context.fill(section.baseline, { file: given.file }),
    [words(t.finding), words(t.state)],
    rows.map(({ state, fingerprint }) => ({ cells: [code(fingerprint), cell(state)] })),
  )
}
