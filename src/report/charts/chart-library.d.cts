import type { Chart, ChartConfiguration, Plugin } from 'chart.js'

interface TileContext {
  createPattern(image: unknown, repetition: string): unknown
}

declare const library: {
  readonly StillCanvas: new (options: {
    width: number
    height: number
    backgroundColour?: string
    plugins?: { modern?: Plugin[] }
    chartCallback?: (chart: typeof Chart) => void
  }) => { renderWebp(configuration: ChartConfiguration, quality: number): Promise<Uint8Array> }
  readonly annotation: Plugin
  readonly canvas: {
    readonly GlobalFonts: {
      register(font: Uint8Array, family: string): boolean
      has(family: string): boolean
    }
    createCanvas(width: number, height: number): { getContext(kind: '2d'): TileContext }
    loadImage(source: Uint8Array): Promise<{ width: number; height: number }>
  }
}
export = library
