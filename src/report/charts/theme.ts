/**
 * Colours, markers, dashes and patterns of the charts. The hues keep apart for the common forms of colour
 * blindness (after Okabe and Ito), darkened or lightened until each has 3:1 against its ground (WCAG 1.4.11).
 */

export type Scheme = 'light' | 'dark'

export const TONES: Record<Scheme, readonly string[]> = {
  light: ['#0b62a4', '#c44601', '#00795b', '#8a3a86', '#7a5c00', '#4d5761', '#a3195b', '#1f7a8c'],
  dark: ['#6cb4ee', '#ff9b5e', '#4fd1a8', '#d99ad5', '#e3c14d', '#b4bec8', '#ff8fbb', '#6fd0e0'],
}

export const GROUND: Record<Scheme, { background: string; text: string; grid: string; window: string }> = {
  light: { background: '#ffffff', text: '#3c4650', grid: '#dfe4e9', window: 'rgba(11, 98, 164, 0.09)' },
  dark: { background: '#161b21', text: '#c3ccd5', grid: '#313a44', window: 'rgba(108, 180, 238, 0.13)' },
}

/** Chart.js point styles; the legend's symbols in templates/partials/marks.hbs are drawn in the same order. */
export const MARKERS = [
  'circle',
  'triangle',
  'rect',
  'rectRot',
  'crossRot',
  'star',
  'circle',
  'rect',
] as const

export const DASHES: readonly (readonly number[])[] = [
  [],
  [7, 3],
  [2, 3],
  [10, 3, 2, 3],
  [4, 4],
  [1, 2],
  [12, 4],
  [5, 2],
]

/** `#rrggbb` with an opacity. */
export const withAlpha = (colour: string, alpha: number): string => {
  const part = (at: number) => Number.parseInt(colour.slice(at, at + 2), 16)
  return `rgba(${part(1)}, ${part(3)}, ${part(5)}, ${alpha})`
}

/** What a pattern is drawn with: the few calls of a 2D context that a tile needs, in the browser and in Node. */
export interface TileContext {
  fillStyle: unknown
  strokeStyle: unknown
  lineWidth: number
  fillRect(x: number, y: number, width: number, height: number): void
  beginPath(): void
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  arc(x: number, y: number, radius: number, from: number, to: number): void
  stroke(): void
  fill(): void
}

const TILE = 8
export const TILE_SIZE = TILE

type Draw = (context: TileContext) => void

const lines =
  (...segments: readonly (readonly [number, number, number, number])[]): Draw =>
  (context) => {
    context.beginPath()
    for (const [x1, y1, x2, y2] of segments) {
      context.moveTo(x1, y1)
      context.lineTo(x2, y2)
    }
    context.stroke()
  }

const dot: Draw = (context) => {
  context.beginPath()
  context.arc(TILE / 2, TILE / 2, 1.6, 0, Math.PI * 2)
  context.fill()
}

/** One pattern a tone. Diagonals overlap the tile's corners, or the joints between tiles would show. */
const PATTERNS: readonly Draw[] = [
  () => {},
  lines([-1, 9, 9, -1], [-1, 1, 1, -1], [7, 9, 9, 7]),
  dot,
  lines([-1, -1, 9, 9], [-1, 7, 1, 9], [7, -1, 9, 1]),
  lines([0, 4, 8, 4]),
  lines([4, 0, 4, 8]),
  lines([0, 4, 8, 4], [4, 0, 4, 8]),
  lines([-1, 9, 9, -1], [-1, -1, 9, 9]),
]

/** Draws the tile of a tone: a light ground in its colour and its pattern on it. */
export function drawTile(context: TileContext, tone: number, scheme: Scheme): void {
  const colour = TONES[scheme][tone % TONES[scheme].length]!
  context.fillStyle = withAlpha(colour, tone === 0 ? 0.55 : 0.22)
  context.fillRect(0, 0, TILE, TILE)
  context.strokeStyle = colour
  context.fillStyle = colour
  context.lineWidth = 1.4
  PATTERNS[tone % PATTERNS.length]!(context)
}
