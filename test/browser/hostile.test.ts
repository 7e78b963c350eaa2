import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { aReport } from '../support/a-report.ts'
import { hostileReport } from '../support/hostile.ts'
import { HAS_CHROMIUM, ReportBrowser, scrollThrough, unfold } from './chromium.ts'

describe.skipIf(!HAS_CHROMIUM)('hostile evidence in the page', () => {
  let browser: ReportBrowser
  let html: string
  beforeAll(async () => {
    browser = await ReportBrowser.launch()
    html = await renderHtml(hostileReport(aReport()))
  })
  afterAll(() => browser.close())

  // Without the policy, so that it is the escaping that holds and not the last line of defence behind it.
  it.each([
    ['under its policy', false],
    ['without any policy', true],
  ])('executes nothing, loads nothing, hides nothing (%s)', async (_, bypassCSP) => {
    const { page, noise } = await browser.open(html, { bypassCSP })
    await unfold(page)
    await scrollThrough(page)
    await page.locator('.legend button').first().click()
    await page.locator('#compare-from').selectOption({ index: 2 })
    expect(noise).toEqual([])
    const strangers = (await page.evaluate(`[
      document.querySelectorAll('script').length,
      document.querySelectorAll('iframe, object, embed, base, link, style ~ style, form[action]').length,
      [...document.images].filter((image) => !image.src.startsWith('data:image/webp')).length,
      [...document.querySelectorAll('*')].filter((node) => [...node.attributes].some(({ name }) => name.startsWith('on'))).length,
      [...document.querySelectorAll('a')].filter((link) => !link.getAttribute('href').startsWith('#')).length,
      document.querySelectorAll('main > section').length,
    ]`)) as number[]
    expect(strangers).toEqual([2, 0, 0, 0, 0, 13])
  })

  it('shows markup as text and spells out what cannot be seen', async () => {
    const { page } = await browser.open(html)
    await unfold(page)
    const text = (await page.evaluate('document.body.innerText')) as string
    for (const shown of [
      '<script>alert(1)</script>',
      '{{constructor.constructor("alert(6)")()}}',
      '\\x1b[31mred\\x1b[0m',
      'gnp.\\u202eexe',
      '\\x00bell\\x07',
      'lone \\ud800 surrogate',
      'zero\\u200bwidth',
      '&lt;script&gt;',
    ])
      expect(text).toContain(shown)
    const body = text.replaceAll('\n', '').replaceAll('\t', '')
    expect(body).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
  })

  it.each([320, 1280])('stays inside the window with words of 3,000 letters (%d px)', async (width) => {
    const { page } = await browser.open(html, { viewport: { width, height: 900 } })
    await unfold(page)
    await scrollThrough(page)
    const [needed, has] = (await page.evaluate(
      '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
    )) as [number, number]
    expect(needed).toBeLessThanOrEqual(has)
  })
})
