/** Still images of the figures, drawn by chartjs-node-canvas on @napi-rs/canvas. */
import library from './chart-library.cjs'
import { dress } from './dress.ts'
import type { Figure } from './figures.ts'
import { drawTile, GROUND, TILE_SIZE, type TileContext } from './theme.ts'

/** CSS pixels; drawn at twice that, so that print and dense screens stay sharp. */
const STILL_WIDTH = 600
const STILL_HEIGHT = 300
const STRIP_HEIGHT = 120

const FAMILY = 'Memdossier Sans'
const MIME = 'image/webp'
/** Of 100: below 70 thin lines get halos. */
const QUALITY = 72

export interface Still {
  readonly id: string
  readonly mime: string
  readonly width: number
  readonly height: number
  readonly bytes: Uint8Array
}

type Renderer = InstanceType<typeof library.StillCanvas>

const renderers = new Map<number, Renderer>()

/**
 * One renderer a height for the life of the process. Each brings a Chart.js of its own, and the annotation plugin
 * knows only the first that it was registered with: strips, which have no annotations, come without it.
 */
function rendererOf(height: number): Renderer {
  const known = renderers.get(height)
  if (known) return known
  const renderer = new library.StillCanvas({
    width: STILL_WIDTH,
    height,
    backgroundColour: GROUND.light.background,
    ...(height === STILL_HEIGHT ? { plugins: { modern: [library.annotation] } } : {}),
  })
  renderers.set(height, renderer)
  return renderer
}

/** The font travels with the tool: a slim machine has none, and text without a font leaves no ink. */
function registerFont(font: Uint8Array): void {
  if (!library.canvas.GlobalFonts.has(FAMILY)) library.canvas.GlobalFonts.register(font, FAMILY)
}

const heightOf = (figure: Figure): number => (figure.form === 'strip' ? STRIP_HEIGHT : STILL_HEIGHT)

function patternOf(tone: number): unknown {
  const tile = library.canvas
    .createCanvas(TILE_SIZE, TILE_SIZE)
    .getContext('2d') as unknown as TileContext & {
    canvas: unknown
    createPattern(image: unknown, repetition: string): unknown
  }
  drawTile(tile, tone, 'light')
  return tile.createPattern(tile.canvas, 'repeat')
}

/** Drawn at once: one while the other is encoded. Sixty canvases at once held 1.1 GB. */
const AT_ONCE = 2

/** Draws every figure. Stills are always on a light ground: they are what print shows. */
export async function drawStills(figures: readonly Figure[], font: Uint8Array): Promise<Still[]> {
  registerFont(font)
  const stills: Still[] = []
  const patterns = Array.from({ length: 8 }, (_, tone) => patternOf(tone))
  for (let at = 0; at < figures.length; at += AT_ONCE)
    stills.push(
      ...(await Promise.all(figures.slice(at, at + AT_ONCE).map((figure) => drawStill(figure, patterns)))),
    )
  return stills
}

async function drawStill(figure: Figure, patterns: readonly unknown[]): Promise<Still> {
  const height = heightOf(figure)
  const configuration = dress(figure, {
    scheme: 'light',
    fontFamily: FAMILY,
    fontSize: 13,
    pattern: (tone) => patterns[tone % patterns.length]!,
    live: false,
  })
  const bytes = await rendererOf(height).renderWebp(configuration, QUALITY)
  return { id: figure.id, mime: MIME, width: STILL_WIDTH, height, bytes }
}
