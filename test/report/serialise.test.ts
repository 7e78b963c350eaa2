import { describe, expect, it } from 'vitest'
import { serialiseReport } from '../../src/report/serialise.ts'
import { aReport } from '../support/a-report.ts'

describe('serialiseReport', () => {
  it('sorts keys, ends in one newline and gives the same bytes whatever the order of keys', () => {
    const document = aReport()
    const turned = Object.fromEntries(Object.entries(document).reverse()) as typeof document
    const text = serialiseReport(document)
    expect(serialiseReport(turned)).toBe(text)
    expect(text.endsWith('}\n')).toBe(true)
    const keys = Object.keys(JSON.parse(text))
    expect(keys).toEqual([...keys].sort())
  })

  it('loses nothing', () => {
    expect(JSON.parse(serialiseReport(aReport()))).toEqual(aReport())
  })
})
