import { writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { aReport } from '../support/a-report.ts'

it('renders', async () => {
  for (const language of ['en', 'zh'] as const) {
    const html = await renderHtml(aReport(language))
    writeFileSync(`/tmp/report-${language}.html`, html)
    console.log(html.length)
    expect(html).toContain('thumbd')
  }
})
