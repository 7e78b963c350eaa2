import { describe, expect, it } from 'vitest'
import { detectionCurve, verdictFigures } from '../support/verdict-figures.ts'

describe('verdicts on synthetic series', () => {
  const figures = verdictFigures(1, 3000)

  it('raises a false alarm on at most 1 % of the healthy series, and of every healthy shape on at most 3 %', () => {
    expect(figures.healthyCount).toBe(3000)
    expect(figures.falseAlarms / figures.healthyCount).toBeLessThanOrEqual(0.01)
    for (const row of figures.healthy)
      expect(row.verdicts.growing / row.count, row.shape).toBeLessThanOrEqual(0.03)
  })

  it('finds at least 99 % of the leaks above the limit it states', () => {
    expect(figures.aboveLimit).toBeGreaterThan(800)
    expect(figures.foundAboveLimit / figures.aboveLimit).toBeGreaterThanOrEqual(0.99)
  })

  it('gives rates near the truth and intervals that hold it', () => {
    expect(figures.ratesClose / figures.found).toBeGreaterThan(0.92)
    expect(figures.ratesCovered / figures.found).toBeGreaterThan(0.92)
  })

  it('names what healthy series do', () => {
    const row = (shape: string) => figures.healthy.find((entry) => entry.shape === shape)!
    expect(row('flat').verdicts.plateau / row('flat').count).toBeGreaterThan(0.95)
    expect(row('shrinking').verdicts.shrinking / row('shrinking').count).toBeGreaterThan(0.9)
    expect(row('one step').verdicts.step / row('one step').count).toBeGreaterThan(0.6)
  })

  it('sees smaller leaks with more samples, and calls hardly any where there is none to see', () => {
    const curve = detectionCurve(1, 60, 0)
    expect(curve[0]![0]).toBeLessThan(0.05)
    expect(curve.at(-1)![2]).toBe(0)
    expect(curve.at(-1)![5]).toBeGreaterThanOrEqual(0.99)
    expect(curve[4]![7]).toBeGreaterThanOrEqual(0.95)
  })
})
