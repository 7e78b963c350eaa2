/** report.html: one file, a pure function of the document. */
import { figuresOf } from '../charts/figures.ts'
import { drawStills } from '../charts/still.ts'
import type { ReportDocument } from '../document.ts'
import { visibleDocument } from '../visible-document.ts'
import { loadAssets } from './assets.ts'
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

/** Renders the page in the document's language. The same document gives the same bytes. */
export async function renderHtml(document: ReportDocument): Promise<string> {
  const assets = await loadAssets()
  const shown = visibleDocument(document)
  const figures = figuresOf(shown)
  const stills = await drawStills(figuresOf(shown, 'en'), assets.font)
  const view = pageView(shown, figures, stills)
  const render = createEnvironment(assets, {
    styles: assets.styles,
    script: assets.clientScript,
    island: islandOf(document, figures),
  })
  return render('report', { ...view, policy: policyOf(assets.styles, assets.clientScript) })
}
