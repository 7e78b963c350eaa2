import { writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { aReport } from '../support/a-report.ts'

it('renders', async () => {
  writeFileSync(`/tmp/report.md`, renderMarkdown(aReport()))
  expect(1).toBe(1)
})
