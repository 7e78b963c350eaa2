import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReportDocument } from '../../src/report/document.ts'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { aReport, NEXT_COMMAND } from '../support/a-report.ts'
import { reportText } from '../support/report-text.ts'
import { HAS_CHROMIUM, ReportBrowser, scrollThrough } from './chromium.ts'

/** The same capture with a second process whose rows and charts can be told apart. */
function twoProcesses(): ReportDocument {
  const document = aReport()
  const [first] = document.processes
  return {
    ...document,
    processes: [
      first!,
      {
        ...first!,
        pid: 77,
        program: 'other',
        verdict: { ...first!.verdict, status: 'healthy', summary: 'other is healthy' },
      },
    ],
    snapshots: [
      ...document.snapshots,
      ...document.snapshots.map((row) => ({ ...row, pid: 77, file: `other/${row.file}` })),
    ],
  }
}

describe.skipIf(!HAS_CHROMIUM)('the tools in the page', () => {
  let browser: ReportBrowser
  let html: string
  beforeAll(async () => {
    browser = await ReportBrowser.launch()
    html = await renderHtml(aReport())
  })
  afterAll(() => browser.close())

  it('asks for no span of time where nothing is placed in time, and still for a process', async () => {
    const document = twoProcesses()
    document.capture = { ...document.capture, from: null, to: null }
    const { page, noise } = await browser.open(await renderHtml(document))
    expect(await page.locator('input[type=range]').count()).toBe(0)
    expect(await page.locator('form.filters').innerText()).not.toContain('00:00')
    await page.locator('#filter-pid').selectOption('77')
    expect(await page.locator('[data-pid="77"]:visible').count()).toBeGreaterThan(0)
    expect(await page.locator('tr[data-pid]:not([data-pid="77"]):visible').count()).toBe(0)
    expect(noise).toEqual([])
  })

  it('sorts a table by click, Enter and space, numbers as numbers', async () => {
    const { page, noise } = await browser.open(html)
    const head = page.locator('#threads-table th', { hasText: 'Mapped' }).first()
    const column = async () =>
      page
        .locator('#threads-table tbody tr')
        .evaluateAll((rows) => rows.map((row) => row.children[4]?.textContent))
    await head.click()
    expect(await head.getAttribute('aria-sort')).toBe('ascending')
    expect(await column()).toEqual(['0 B', '40 MiB', '43.6 MiB', '83.2 MiB'])
    await head.press('Enter')
    expect(await column()).toEqual(['83.2 MiB', '43.6 MiB', '40 MiB', '0 B'])
    await head.press('Space')
    expect(await head.getAttribute('aria-sort')).toBe('ascending')
    expect(noise).toEqual([])
  })

  it('filters the rows of a long table and says how many are left', async () => {
    const { page } = await browser.open(html)
    const filter = page.getByLabel('Filter rows: Files read')
    await filter.fill('thumbd.9797')
    expect(await page.locator('#inputs tbody tr:visible').count()).toBe(1)
    expect(await page.locator('[data-table=inputs] output').textContent()).toBe('1 row shown')
    await filter.fill('')
    expect(await page.locator('#inputs tbody tr:visible').count()).toBe(49)
  })

  it('compares two snapshots of the reader’s choice: the sum of the changes between them', async () => {
    const { page } = await browser.open(html)
    const document = aReport()
    const [from, to] = [document.snapshots[3]!, document.snapshots[20]!]
    await page.locator('#compare-from').selectOption(from.file)
    await page.locator('#compare-to').selectOption(to.file)
    const rows = await page
      .locator('#compare-result tbody tr')
      .evaluateAll((nodes) =>
        nodes.map((row) => [row.children[0]?.textContent, row.children[2]?.getAttribute('data-sort')]),
      )
    const sum = (lineage: string) =>
      document.timeline
        .filter((pair) => pair.from >= from.time && pair.to <= to.time)
        .flatMap((pair) => pair.changes)
        .filter((change) => change.lineage === lineage)
        .reduce((total, change) => total + change.sizeDelta, 0)
    expect(rows).toEqual([
      ['anonymous 0x7f6bee000000', String(sum('L7'))],
      ['anonymous 0x7f6c04000000', String(sum('L31'))],
    ])
    await page.locator('#compare-to').selectOption(from.file)
    expect(await page.locator('#compare-result').textContent()).toBe('Nothing changed between the two.')
  })

  it('filters process and time everywhere at once', async () => {
    const { page, noise } = await browser.open(await renderHtml(twoProcesses()))
    await scrollThrough(page)
    await page.locator('#filter-pid').selectOption('77')
    expect(await page.locator('figure[data-pid="9791"]:visible').count()).toBe(0)
    expect(await page.locator('figure[data-pid="77"]:visible').count()).toBeGreaterThan(0)
    expect(await page.locator('article[data-pid="9791"]:visible').count()).toBe(0)
    await page.locator('#filter-pid').selectOption('')
    await page.locator('#snapshots').evaluate((table) => {
      const fold = table.closest('details')
      if (fold) fold.open = true
    })
    const all = await page.locator('#snapshots tbody tr:visible').count()
    await page.locator('#filter-from').fill('500')
    const half = await page.locator('#snapshots tbody tr:visible').count()
    expect(half).toBe(all / 2)
    expect(await page.locator('#filter-from-text').textContent()).toBe('19:49:38')
    await page.locator('#filter-reset').click()
    expect(await page.locator('#snapshots tbody tr:visible').count()).toBe(all)
    expect(noise).toEqual([])
  })

  it.each([1280, 390])(
    'moves nothing under the pointer while charts are drawn, %i px wide',
    async (width) => {
      const { page } = await browser.open(html, { viewport: { width, height: 800 } })
      const heights = () =>
        page
          .locator('.canvas')
          .evaluateAll((hosts) => hosts.map((host) => host.getBoundingClientRect().height))
      const before = await heights()
      await scrollThrough(page)
      await page.locator('.canvas.live').last().waitFor()
      expect(await heights()).toEqual(before)
    },
  )

  it('switches a series off and on by its legend', async () => {
    const { page } = await browser.open(html)
    const picture = () =>
      page
        .locator('#memory-9791 canvas')
        .evaluate((node) => (node as unknown as { toDataURL(): string }).toDataURL())
    await page.locator('#memory-9791 canvas').waitFor()
    const before = await picture()
    const entry = page.locator('#memory-9791 .legend button').first()
    await entry.press('Enter')
    expect(await entry.getAttribute('aria-pressed')).toBe('false')
    expect(await picture()).not.toBe(before)
    await entry.press('Enter')
    expect(await picture()).toBe(before)
  })

  it('copies a command, the ticket and a link', async () => {
    const { page } = await browser.open(html, { permissions: ['clipboard-read', 'clipboard-write'] })
    const copied = () => page.evaluate('navigator.clipboard.readText()')
    await page.locator('.answer [data-copy]').click()
    await page.getByRole('status').getByText('Copied').waitFor({ state: 'attached' })
    expect(await copied()).toBe(NEXT_COMMAND)
    await page.getByRole('button', { name: 'Copy the ticket text' }).click()
    await expect.poll(copied).toContain('**thumbd, pid 9791 — memory is leaking**')
    await page.getByRole('button', { name: 'Copy a link to this section: Findings' }).click()
    await expect.poll(copied).toMatch(/report-\d+\.html#findings$/)
  })

  it('gives report.json back, byte for byte', async () => {
    const { page } = await browser.open(html)
    const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#download').click()])
    expect(download.suggestedFilename()).toBe('report.json')
    expect(readFileSync(await download.path(), 'utf8')).toBe(reportText(aReport()))
  })

  it('takes its colours from the system, until the reader chooses', async () => {
    const { page } = await browser.open(html, { colorScheme: 'dark' })
    const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const dark = await ground()
    await page.locator('#scheme').selectOption('light')
    expect(await ground()).toBe('rgb(255, 255, 255)')
    await page.locator('#scheme').selectOption('dark')
    expect(await ground()).toBe(dark)
    await page.emulateMedia({ colorScheme: 'light' })
    expect(await ground()).toBe(dark)
    await page.locator('#scheme').selectOption('auto')
    expect(await ground()).toBe('rgb(255, 255, 255)')
  })

  it('opens the fold that a link points into', async () => {
    const { page } = await browser.open(html, { hash: '#thread-9791-9797' })
    expect(await page.locator('#thread-9791-9797 .activity').isVisible()).toBe(true)
    await page.locator('#threads-table a', { hasText: '9798' }).click()
    expect(await page.locator('#thread-9791-9798').getAttribute('open')).not.toBeNull()
  })

  it('can be walked by keyboard: skip link first, every stop visible', async () => {
    const { page } = await browser.open(html)
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.className')).toBe('skip')
    for (let stop = 0; stop < 25; stop++) {
      await page.keyboard.press('Tab')
      const seen = await page.evaluate(`(() => {
        const node = document.activeElement
        const box = node.getBoundingClientRect()
        return box.width > 0 && box.height > 0 && getComputedStyle(node).outlineStyle !== 'none'
      })()`)
      expect(seen, `stop ${stop}`).toBe(true)
    }
  })
})
