import AxeModule from 'axe-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LANGUAGES } from '../../src/model/sentence.ts'
import { SECTIONS } from '../../src/report/html/page-view.ts'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { aReport } from '../support/a-report.ts'
import { HAS_CHROMIUM, ReportBrowser, scrollThrough, unfold } from './chromium.ts'

const axeSource = (AxeModule as unknown as { source: string }).source

describe.skipIf(!HAS_CHROMIUM)('the page in Chromium', () => {
  let browser: ReportBrowser
  const pages = { en: '', zh: '' }
  beforeAll(async () => {
    browser = await ReportBrowser.launch()
    for (const language of LANGUAGES) pages[language] = await renderHtml(aReport(language))
  })
  afterAll(() => browser.close())

  it('has its sections in the order a reader needs them', async () => {
    const { page, noise } = await browser.open(pages.en)
    const ids = await page.locator('main > section').evaluateAll((nodes) => nodes.map((node) => node.id))
    expect(ids).toEqual([...SECTIONS])
    const links = await page
      .locator('.contents a')
      .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('href')))
    expect(links).toEqual(SECTIONS.map((id) => `#${id}`))
    expect(noise).toEqual([])
  })

  describe.each([
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ])('the first screen at $width × $height', (viewport) => {
    it.each(LANGUAGES.flatMap((language) => [true, false].map((script) => [language, script] as const)))(
      'answers everything without scrolling (%s, script %s)',
      async (language, script) => {
        const { page } = await browser.open(pages[language], { viewport, javaScriptEnabled: script })
        const needed = ['h1', '.badge', '.status span', '.failed', '.reason', '.numbers', '.facts dd']
        for (const selector of needed) {
          const parts = await page.locator(`.answer ${selector}`).all()
          expect(parts.length, selector).toBeGreaterThan(0)
          for (const part of parts) {
            const box = (await part.boundingBox())!
            expect(box.height, selector).toBeGreaterThan(0)
            expect(Math.round(box.y + box.height), selector).toBeLessThanOrEqual(viewport.height)
            expect(Math.round(box.x + box.width), selector).toBeLessThanOrEqual(viewport.width)
          }
        }
        const text = await page.locator('.answer').textContent()
        for (const fact of [
          '9791',
          '96',
          '0x7f6bee000000',
          '9797',
          '799 MiB/h',
          '2 GiB',
          '22:20',
          'strace -f',
          'rss-growth',
        ])
          expect(text).toContain(fact)
      },
    )
  })

  it.each([320, 390, 640, 1280, 1920])('never scrolls sideways as a whole at %d px', async (width) => {
    for (const language of LANGUAGES) {
      const { page } = await browser.open(pages[language], { viewport: { width, height: 900 } })
      await unfold(page)
      await scrollThrough(page)
      const [needed, has] = (await page.evaluate(
        '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
      )) as [number, number]
      expect(needed).toBeLessThanOrEqual(has)
    }
  })

  it('shows still images and hides its tools when scripts do not run', async () => {
    const { page } = await browser.open(pages.en, { javaScriptEnabled: false })
    const images = await page.locator('.canvas img').all()
    expect(images.length).toBe(10)
    for (const image of images) {
      expect(await image.isVisible()).toBe(true)
      expect((await image.getAttribute('alt'))!.length).toBeGreaterThan(20)
    }
    for (const tool of await page.locator('.js').all()) expect(await tool.isVisible()).toBe(false)
  })

  it('replaces every still by a live chart that is not empty, and says nothing', async () => {
    const { page, noise } = await browser.open(pages.en)
    await scrollThrough(page)
    const inks = (await page.locator('.canvas canvas').evaluateAll((canvases) =>
      canvases.map((node) => {
        const canvas = node as unknown as {
          width: number
          height: number
          getContext(kind: string): {
            getImageData(x: number, y: number, w: number, h: number): { data: Uint8Array }
          }
        }
        const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height)
        let ink = 0
        for (let at = 3; at < data.length; at += 4) if (data[at]! > 60) ink++
        return ink
      }),
    )) as number[]
    expect(inks).toHaveLength(10)
    for (const ink of inks) expect(ink).toBeGreaterThan(1500)
    for (const image of await page.locator('.canvas img').all()) expect(await image.isVisible()).toBe(false)
    expect(noise).toEqual([])
  })

  it('stays where the reader is when a still gives way to a live chart', async () => {
    const { page } = await browser.open(pages.en)
    const moved: string[] = []
    for (const id of ['mappings', 'timeline', 'threads']) {
      const before = await page.evaluate(
        `[...document.querySelectorAll('#${id} figure.chart ~ * th, #${id} .charts ~ * th')]
          .find((head) => head.checkVisibility()).scrollIntoView({ block: 'center', behavior: 'instant' }); scrollY`,
      )
      await page.locator(`#${id} .canvas.live canvas`).last().waitFor()
      await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
      const after = await page.evaluate('scrollY')
      if (before !== after) moved.push(`#${id}: ${before} to ${after}`)
    }
    expect(moved).toEqual([])
  })

  describe.each(['light', 'dark'] as const)('%s', (colorScheme) => {
    it.each(LANGUAGES)('is accessible to axe-core in every section (%s)', async (language) => {
      const { page } = await browser.open(pages[language], { colorScheme, bypassCSP: true })
      await unfold(page)
      await scrollThrough(page)
      await page.addScriptTag({ content: axeSource })
      const found = (await page.evaluate(
        `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, impact, nodes }) =>
          ({ id, impact, nodes: nodes.slice(0, 3).map((node) => node.html.slice(0, 160) + ' ' + node.failureSummary) })))`,
      )) as object[]
      expect(found).toEqual([])
    })
  })

  it('prints stills with every fold open and no tools', async () => {
    const { page } = await browser.open(pages.en)
    await scrollThrough(page)
    await page.emulateMedia({ media: 'print' })
    for (const image of await page.locator('.canvas img').all()) expect(await image.isVisible()).toBe(true)
    for (const canvas of await page.locator('.canvas canvas').all())
      expect(await canvas.isVisible()).toBe(false)
    for (const tool of await page.locator('.js').all()) expect(await tool.isVisible()).toBe(false)
    for (const table of await page.locator('details table').all())
      expect((await table.boundingBox())!.height).toBeGreaterThan(20)
    const pdf = await page.pdf({ format: 'A4' })
    const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)!.length
    expect(sheets).toBeGreaterThan(4)
    expect(sheets).toBeLessThan(40)
  })

  it('tells its story in order under the policy that Jenkins sets, which blocks script, style and images', async () => {
    const { page } = await browser.open('<p>placeholder</p>')
    await page.route('http://jenkins.test/report.html', (route) =>
      route.fulfill({
        body: pages.en,
        contentType: 'text/html; charset=utf-8',
        headers: {
          'content-security-policy': "sandbox; default-src 'none'; img-src 'self'; style-src 'self'",
        },
      }),
    )
    await page.goto('http://jenkins.test/report.html')
    const text = await page.locator('body').innerText()
    const order = [
      'memory is leaking',
      '799 MiB an hour',
      'Next',
      '48 snapshots',
      'Data quality',
      'Findings',
      'Time line',
    ]
    const places = order.map((words) => text.indexOf(words))
    expect(
      places.every((place) => place >= 0),
      JSON.stringify(places),
    ).toBe(true)
    expect([...places].sort((a, b) => a - b)).toEqual(places)
    expect(await page.locator('.js').first().isVisible()).toBe(false)
    expect((await page.locator('.canvas img').first().getAttribute('alt')) ?? '').toContain(
      'Resident memory went from',
    )
  })
})
