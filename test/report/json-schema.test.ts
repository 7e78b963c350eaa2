import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { reportDocument } from '../../src/report/document.ts'
import { reportSchema, reportSchemaText } from '../../src/report/json-schema.ts'
import { aReport } from '../support/a-report.ts'
import { reportText } from '../support/report-text.ts'
import { fieldList } from './field-list.ts'

const ajv = new Ajv2020.default({ allErrors: true, strict: true, allowUnionTypes: true })
const validate = ajv.compile(reportSchema())

describe('the schema of report.json', () => {
  it('is published as it is (npm run docs renews it)', async () => {
    await expect(reportSchemaText()).toMatchFileSnapshot('../../docs/report.schema.json')
  })

  it('has every field in docs/report-json.md (npm run docs renews it)', () => {
    const page = resolve(import.meta.dirname, '../../docs/report-json.md')
    const text = readFileSync(page, 'utf8')
    const heading = '## Every field\n'
    const renewed = `${text.slice(0, text.indexOf(heading))}${heading}\n${fieldList(reportSchema())}\n`
    if (process.env.UPDATE_DOCS) writeFileSync(page, renewed)
    expect(readFileSync(page, 'utf8')).toBe(renewed)
  })

  it('accepts a full document, by zod and by a second validator', () => {
    const document = JSON.parse(reportText(aReport()))
    expect(reportDocument.parse(document)).toEqual(document)
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true)
  })

  // A field that came later has a default in document.ts: `render` and `--baseline` take older reports.
  it('still accepts what 0.1.0 wrote (every list cut to one entry)', () => {
    const old = JSON.parse(readFileSync(resolve(import.meta.dirname, 'report-0.1.0.json'), 'utf8'))
    expect(reportDocument.safeParse(old).error).toBeUndefined()
  })

  it.each([
    ['a float where bytes are whole', { capture: { ...aReport().capture, limitBytes: 1.5 } }],
    ['a time with an offset', { capture: { ...aReport().capture, from: '2026-11-22T19:47:41+01:00' } }],
    ['an unknown verdict', { verdict: { ...aReport().verdict, status: 'fine' } }],
    ['a confidence above 100', { verdict: { ...aReport().verdict, confidence: 101 } }],
  ])('refuses %s', (_, over) => {
    const document = { ...aReport(), ...over }
    expect(reportDocument.safeParse(document).success).toBe(false)
    expect(validate(document)).toBe(false)
  })
})
