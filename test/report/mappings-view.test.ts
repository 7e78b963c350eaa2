/** The table of mappings: what changed in front, what stood still behind a fold, none lost. */
import { describe, expect, it } from 'vitest'
import { createContext } from '../../src/report/view/context.ts'
import { mappingsView } from '../../src/report/view/mappings.ts'
import { aReport } from '../support/a-report.ts'

type Lineage = ReturnType<typeof aReport>['lineages'][number]

const report = aReport()
const [base] = report.lineages
/** One that is the same from the given snapshot on. */
const constant = (id: string, regions: Lineage['regions']): Lineage => ({
  ...base!,
  id,
  regions: regions.map((region) => ({ ...regions[0]!, time: region.time })),
})
const viewOf = (lineages: Lineage[]) => mappingsView(createContext({ ...report, lineages }, 1000))
const ids = (table: { rows: readonly { head: { text: string } }[] } | null) =>
  table?.rows.map((row) => row.head.text.split(' ')[0]) ?? []

describe('the mappings section', () => {
  it('sets apart those that were the same from the first to the last snapshot', () => {
    const view = viewOf([{ ...base!, id: 'L1' }, constant('L2', base!.regions)])
    expect(ids(view.lineages)).toEqual(['L1'])
    expect(ids(view.still)).toEqual(['L2'])
    expect(view.still?.caption).toBe('Mappings that did not change (1)')
  })

  it('keeps one that appeared later or went earlier among those that changed', () => {
    const view = viewOf([
      { ...base!, id: 'L1' },
      constant('L2', base!.regions.slice(1)),
      constant('L3', base!.regions.slice(0, -1)),
    ])
    expect(ids(view.lineages)).toEqual(['L1', 'L2', 'L3'])
    expect(view.still).toBeNull()
  })

  it('has one table of all where nothing changed', () => {
    const view = viewOf([constant('L1', base!.regions), constant('L2', base!.regions)])
    expect(ids(view.lineages)).toEqual(['L1', 'L2'])
    expect(view.still).toBeNull()
  })
})
