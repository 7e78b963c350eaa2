import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Ajv2020 from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { configSchemaText } from '../../src/cli/config-schema.ts'
import { REPORT_OPTIONS } from '../../src/cli/options.ts'
import { ROOT } from '../support/command.ts'

/** Renewed by `npm run docs`. */
test('the published schema of the configuration is the one that is checked', async () => {
  await expect(configSchemaText()).toMatchFileSnapshot('../../docs/memdossier.config.schema.json')
})

test('a second library agrees with it, on the example of docs/ci.md too', () => {
  const validate = new Ajv2020.default({ strict: false, validateFormats: false }).compile(
    JSON.parse(configSchemaText()),
  )
  const example = /```json\n(\{[^`]*"expected"[^`]*)```/.exec(
    readFileSync(join(ROOT, 'docs/ci.md'), 'utf8'),
  )![1]!
  expect(validate(JSON.parse(example)), JSON.stringify(validate.errors)).toBe(true)
  expect(validate({ 'fail-onn': 'problem' })).toBe(false)
  expect(validate({ 'fail-on': 'sometimes' })).toBe(false)
})

test('has every option of the command that does not belong to one call', () => {
  const properties = Object.keys(JSON.parse(configSchemaText()).properties)
  for (const { name, callOnly } of REPORT_OPTIONS) expect(properties.includes(name)).toBe(callOnly !== true)
})
