/**
 * What the reports of the three samples say, word for word: report.md, and the text of report.html. A change of
 * words or figures shows up here as a difference to read. Renew, after reading it:
 *
 *   npx vitest run test/report/golden.test.ts -u
 */
import { describe, expect, it } from 'vitest'
import { renderHtml } from '../../src/report/html/render-html.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { pageText } from '../support/page-text.ts'
import { reportOf, sampleFolder } from '../support/real-report.ts'

describe.each(['mmap-leak', 'nscd', 'restart'])('the sample %s', (name) => {
  it('is told as before', async () => {
    const document = await reportOf(sampleFolder(name))
    await expect(renderMarkdown(document)).toMatchFileSnapshot(`../golden/${name}/report.md`)
    await expect(pageText(await renderHtml(document))).toMatchFileSnapshot(`../golden/${name}/report.txt`)
  })
})
