/** Live charts in place of the still images, each made when it comes near the screen. */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js'
import annotation from 'chartjs-plugin-annotation'
import { dress } from '../report/charts/dress.ts'
import type { Figure } from '../report/charts/figures.ts'
import { drawTile, type Scheme, TILE_SIZE } from '../report/charts/theme.ts'
import { all, element } from './dom.ts'
import { currentScheme } from './scheme.ts'

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
  annotation,
)

export interface Charts {
  /** Draws every live chart again: the colours changed. */
  redraw(): void
  /** Shows `[from, to]` (milliseconds) on every chart over time; `null` shows all. */
  showTime(span: { from: number; to: number } | null): void
}

interface Mounted {
  readonly figure: Figure
  readonly host: HTMLElement
  readonly hidden: Set<number>
  chart: Chart | null
}

const HEIGHT = 300
const STRIP_HEIGHT = 130

function patterns(scheme: Scheme): (tone: number) => CanvasPattern | string {
  const made = new Map<number, CanvasPattern | string>()
  return (tone) => {
    const known = made.get(tone)
    if (known) return known
    const tile = element('canvas', { width: String(TILE_SIZE), height: String(TILE_SIZE) })
    const context = tile.getContext('2d')
    if (!context) return 'transparent'
    drawTile(context, tone, scheme)
    const pattern = context.createPattern(tile, 'repeat') ?? 'transparent'
    made.set(tone, pattern)
    return pattern
  }
}

function draw(mounted: Mounted, span: { from: number; to: number } | null): void {
  const { figure, host, hidden } = mounted
  mounted.chart?.destroy()
  const scheme = currentScheme()
  const canvas =
    host.querySelector('canvas') ??
    host.appendChild(element('canvas', { role: 'img', 'aria-label': `${figure.title}. ${figure.reading}` }))
  const chart = new Chart(
    canvas,
    dress(figure, {
      scheme,
      fontFamily: getComputedStyle(document.body).fontFamily,
      fontSize: 12,
      pattern: patterns(scheme),
      live: true,
    }),
  )
  for (const index of hidden) chart.hide(index)
  host.classList.add('live')
  mounted.chart = chart
  zoom(mounted, span)
}

/** Sets the time axis without leaving the data: a chart that has nothing in the span keeps its own. */
function zoom(mounted: Mounted, span: { from: number; to: number } | null): void {
  const { chart, figure } = mounted
  const scale = chart?.options.scales?.x as { min?: number; max?: number } | undefined
  if (!chart || !scale || figure.x.unit !== 'time') return
  const times = figure.x.values as readonly number[]
  const first = times[0] ?? 0
  const last = times.at(-1) ?? first
  const from = Math.max(first, span?.from ?? first)
  const to = Math.min(last, span?.to ?? last)
  if (to <= from) return
  scale.min = from
  scale.max = to
  chart.update('none')
}

/** Legend entries become switches; the switch keeps its words, its symbol and its state. */
function mountLegend(mounted: Mounted, figure: HTMLElement): void {
  for (const item of all<HTMLElement>('[data-series]', figure)) {
    const index = Number(item.dataset.series)
    const button = element('button', { type: 'button', 'aria-pressed': 'true' }, ...item.childNodes)
    button.addEventListener('click', () => {
      const shown = button.getAttribute('aria-pressed') !== 'true'
      button.setAttribute('aria-pressed', String(shown))
      if (shown) mounted.hidden.delete(index)
      else mounted.hidden.add(index)
      if (shown) mounted.chart?.show(index)
      else mounted.chart?.hide(index)
    })
    item.append(button)
  }
}

export function mountCharts(figures: readonly Figure[]): Charts {
  const byId = new Map(figures.map((figure) => [figure.id, figure]))
  const mounted = new Map<Element, Mounted>()
  let span: { from: number; to: number } | null = null
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        const item = mounted.get(entry.target)
        if (!entry.isIntersecting || !item || item.chart) continue
        observer.unobserve(entry.target)
        draw(item, span)
      }
    },
    { rootMargin: '600px' },
  )
  for (const node of all<HTMLElement>('[data-figure]')) {
    const figure = byId.get(node.dataset.figure ?? '')
    const host = node.querySelector<HTMLElement>('.canvas')
    if (!figure || !host) continue
    const item: Mounted = { figure, host, hidden: new Set(), chart: null }
    mounted.set(host, item)
    // At once for all: nothing moves under the pointer when a chart that comes near the screen is drawn.
    host.style.height = `${figure.form === 'strip' ? STRIP_HEIGHT : HEIGHT}px`
    mountLegend(item, node)
    observer.observe(host)
  }
  return {
    redraw: () => {
      for (const item of mounted.values()) if (item.chart) draw(item, span)
    },
    showTime: (next) => {
      span = next
      for (const item of mounted.values()) zoom(item, span)
    },
  }
}
