import { describe, expect, it } from 'vitest'
import { aReport } from '../support/a-report.ts'
import { reportText } from '../support/report-text.ts'

describe('serialiseReport', () => {
  it('sorts keys, ends in one newline and gives the same bytes whatever the order of keys', () => {
    const document = aReport()
    const turned = Object.fromEntries(Object.entries(document).reverse()) as typeof document
    const text = reportText(document)
    expect(reportText(turned)).toBe(text)
    expect(text.endsWith('}\n')).toBe(true)
    const keys = Object.keys(JSON.parse(text))
    expect(keys).toEqual([...keys].sort())
  })

  it('reads as one object whatever the lengths of its lists', () => {
    const [skipped] = [{ path: 'a', reason: 'b', bytes: 1 }]
    for (const length of [0, 1, 63, 64, 65, 200]) {
      const document = { ...aReport(), skipped: Array.from({ length }, () => skipped!) }
      const text = reportText(document)
      expect(text).toBe(`${JSON.stringify(JSON.parse(text), null, 1)}\n`)
      expect(JSON.parse(text)).toEqual(document)
    }
  })

  it('loses nothing', () => {
    expect(JSON.parse(reportText(aReport()))).toEqual(aReport())
  })
})
