import { beforeAll, describe, expect, it } from 'vitest'
import library from '../../src/report/charts/chart-library.cjs'
import { type Figure, figuresOf } from '../../src/report/charts/figures.ts'
import { drawStills, type Still } from '../../src/report/charts/still.ts'
import { loadAssets } from '../../src/report/html/assets.ts'
import { aReport } from '../support/a-report.ts'

interface Pixels {
  readonly width: number
  readonly height: number
  readonly data: Uint8ClampedArray
}

async function pixelsOf(still: Still): Promise<Pixels> {
  const image = await library.canvas.loadImage(still.bytes)
  const context = library.canvas.createCanvas(image.width, image.height).getContext('2d') as unknown as {
    drawImage(image: unknown, x: number, y: number): void
    getImageData(x: number, y: number, width: number, height: number): Pixels
  }
  context.drawImage(image, 0, 0)
  return context.getImageData(0, 0, image.width, image.height)
}

/** Pixels of a box, in CSS pixels of the still, that are not the white ground. */
function ink(pixels: Pixels, left: number, top: number, right: number, bottom: number): number {
  let count = 0
  for (let y = top * 2; y < bottom * 2; y++)
    for (let x = left * 2; x < right * 2; x++) {
      const at = (y * pixels.width + x) * 4
      if (Math.min(pixels.data[at]!, pixels.data[at + 1]!, pixels.data[at + 2]!) < 200) count++
    }
  return count
}

describe('still images', () => {
  let figures: Figure[]
  let stills: Still[]
  beforeAll(async () => {
    figures = figuresOf(aReport())
    stills = await drawStills(figures, (await loadAssets()).font)
  })

  it('has one for every subject of the issue', () => {
    expect(figures.map((figure) => figure.subject)).toEqual([
      'memory',
      'kinds',
      'ranges',
      'waterfall',
      'lineages',
      'strip',
      'held',
      'calls',
      'ages',
      'predicted',
    ])
    expect(stills.map((still) => still.id)).toEqual(figures.map((figure) => figure.id))
  })

  it('is drawn at twice its size, with text on both axes and something between them', async () => {
    for (const still of stills) {
      const pixels = await pixelsOf(still)
      expect([pixels.width, pixels.height], still.id).toEqual([still.width * 2, still.height * 2])
      expect(
        ink(pixels, 0, still.height - 24, still.width, still.height),
        `${still.id}: labels below`,
      ).toBeGreaterThan(150)
      expect(
        ink(pixels, 60, 8, still.width - 10, still.height - 30),
        `${still.id}: the drawing`,
      ).toBeGreaterThan(500)
      if (still.height > 150)
        expect(ink(pixels, 0, 0, 40, still.height - 30), `${still.id}: labels at the left`).toBeGreaterThan(
          100,
        )
    }
  })

  it('gives the same bytes when drawn again', async () => {
    const again = await drawStills(figures.slice(0, 2), (await loadAssets()).font)
    expect(Buffer.from(again[0]!.bytes).equals(Buffer.from(stills[0]!.bytes))).toBe(true)
    expect(Buffer.from(again[1]!.bytes).equals(Buffer.from(stills[1]!.bytes))).toBe(true)
  })

  it('draws Chinese words, not empty boxes, or leaves them out of the image', async () => {
    const chinese = figuresOf(aReport('zh'))
    const drawn = await drawStills(chinese.slice(0, 1), (await loadAssets()).font)
    expect(drawn).toHaveLength(1)
  })
})
