import AxeModule from 'axe-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { HAS_ZOO, reportOf, zooFolder } from '../support/real-report.ts'
import { zooCases } from '../support/zoo.ts'
import { HAS_CHROMIUM, ReportBrowser, scrollThrough, unfold } from './chromium.ts'

const axeSource = (AxeModule as unknown as { source: string }).source

/** One of each kind: a mapping leak, stacks and address space, a restart, the how-to's own subject, a large program. */
const OPENED = ['d02-mmap-leak', 'd04-thread-stack-leak', 'd10-restart', 'd11-nscd', 'd12-redis']

describe.skipIf(!HAS_CHROMIUM || !HAS_ZOO)('reports of real captures', () => {
  let browser: ReportBrowser
  beforeAll(async () => {
    browser = await ReportBrowser.launch()
  })
  afterAll(() => browser.close())

  it.each(OPENED)(
    '%s: nothing is said, loaded, cut off or inaccessible, and every chart has something in it',
    async (name) => {
      const html = await renderHtml(await reportOf(zooFolder(name)))
      const { page, noise } = await browser.open(html, {
        viewport: { width: 390, height: 844 },
        bypassCSP: true,
      })
      const data = (await page.locator('.answer .facts > div').last().boundingBox())!
      expect(data.y + data.height).toBeLessThanOrEqual(844)
      await unfold(page)
      await scrollThrough(page)
      const [needed, has] = (await page.evaluate(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      )) as [number, number]
      expect(needed).toBeLessThanOrEqual(has)
      expect(await page.locator('.canvas:not(.live)').count()).toBe(0)
      await page.addScriptTag({ content: axeSource })
      const found = await page.evaluate(
        `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html.slice(0, 160)))`,
      )
      expect(found).toEqual([])
      const text = (await page.evaluate('document.body.innerText')) as string
      expect(text).not.toMatch(/\bNaN\b|\bundefined\b|\[object|\bInfinity\b|\{\w+\}/)
      expect(noise).toEqual([])
    },
  )

  it.each(zooCases())('%s: the page is at most 2 MB whole, and report.md under 60 KB', async (name) => {
    const document = await reportOf(zooFolder(name))
    const html = await renderHtml(document)
    expect(Buffer.byteLength(html)).toBeLessThan(2_000_000)
    expect(html).not.toContain('To keep this page small')
    expect(Buffer.byteLength(renderMarkdown(document))).toBeLessThan(60_000)
  })
})
