/** report.html: one file, a pure function of the document. */
import { figuresOf } from '../charts/figures.ts'
import { drawStills, type Still } from '../charts/still.ts'
import type { ReportDocument } from '../document.ts'
import { visibleDocument } from '../visible-document.ts'
import { type Assets, loadAssets } from './assets.ts'
import { atDetail, DETAILS, type Detail, isTooMuch } from './detail.ts'
import { createEnvironment, hashOf } from './environment.ts'
import { islandOf } from './island.ts'
import { pageView } from './page-view.ts'

/** The policy of the page: its own script and style by hash, images from the page itself, nothing else at all. */
const policyOf = (style: string, script: string): string =>
  [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

/**
 * Renders the page in the document's language, in as much detail as its size allows (detail.ts). The same document
 * gives the same bytes.
 */
export async function renderHtml(document: ReportDocument): Promise<string> {
  const assets = await loadAssets()
  const stills = await drawStills(figuresOf(visibleDocument(document), 'en'), assets.font)
  for (const detail of DETAILS) {
    const reduced = atDetail(document, detail)
    if (isTooMuch(reduced, detail)) continue
    const html = renderAt(reduced, detail, stills, assets)
    if (Buffer.byteLength(html) <= detail.bytes) return html
  }
  throw new Error('the last step of detail has no limit')
}

function renderAt(
  document: ReportDocument,
  detail: Detail,
  stills: readonly Still[],
  assets: Assets,
): string {
  const shown = visibleDocument(document)
  const figures = figuresOf(shown, shown.language, detail.points)
  const render = createEnvironment(assets, {
    styles: assets.styles,
    script: assets.clientScript,
    island: islandOf(document, figures, detail),
  })
  const view = pageView(shown, figures, stills, detail)
  return render('report', { ...view, policy: policyOf(assets.styles, assets.clientScript) })
}
