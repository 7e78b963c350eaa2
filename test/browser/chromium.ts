/** Real Chromium for the tests of the page; where it is not installed they are skipped and say so. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'

const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'
export const HAS_CHROMIUM = existsSync(EXECUTABLE)

const QUIET = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** What a page did that it should not: console messages, errors, requests for anything but itself. */
export interface Watched {
  readonly page: Page
  readonly noise: string[]
}

export interface Opening extends BrowserContextOptions {
  /** Opens at this fragment. */
  readonly hash?: string
  /** Does something to the page before it loads. */
  readonly before?: (page: Page) => Promise<void>
}

export class ReportBrowser {
  readonly #browser: Browser
  readonly #folder = mkdtempSync(join(tmpdir(), 'memdossier-page-'))
  #files = 0
  #context: BrowserContext | null = null

  private constructor(browser: Browser) {
    this.#browser = browser
  }

  static async launch(): Promise<ReportBrowser> {
    return new ReportBrowser(await chromium.launch({ executablePath: EXECUTABLE, args: QUIET }))
  }

  /** The page's address as a file. */
  store(html: string): string {
    const path = join(this.#folder, `report-${++this.#files}.html`)
    writeFileSync(path, html)
    return pathToFileURL(path).href
  }

  /** Opens a page from disk and watches it; the one opened before is closed. */
  async open(html: string, { hash = '', before, ...options }: Opening = {}): Promise<Watched> {
    const address = this.store(html)
    await this.#context?.close()
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...options })
    this.#context = context
    const page = await context.newPage()
    const noise: string[] = []
    page.on('console', (message) => noise.push(`console ${message.type()}: ${message.text()}`))
    page.on('pageerror', (error) => noise.push(`error: ${error.message}`))
    page.on('dialog', (dialog) => {
      noise.push(`dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      const url = request.url()
      if (!url.startsWith('data:') && !url.startsWith(address)) noise.push(`request: ${url}`)
    })
    await before?.(page)
    await page.goto(address + hash)
    return { page, noise }
  }

  async close(): Promise<void> {
    await this.#browser.close()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Scrolls through the whole page, so that everything that waits for the screen is made. */
export async function scrollThrough(page: Page): Promise<void> {
  const height = await page.evaluate('document.documentElement.scrollHeight')
  for (let y = 0; y < Number(height); y += 600) {
    await page.evaluate(`scrollTo(0, ${y})`)
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  }
  await page.evaluate('scrollTo(0, 0)')
}

/** Opens every fold. */
export const unfold = (page: Page): Promise<unknown> =>
  page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true })")
