/** docs/rules.md is written from the rule files. Renew it with `npm run docs`. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { explainRule, listRules, rulesPage } from '../../src/findings/describe-rule.ts'
import { RULES } from '../../src/findings/rules/index.ts'
import { LANGUAGES } from '../../src/model/sentence.ts'

const root = resolve(import.meta.dirname, '../..')
const page = join(root, 'docs/rules.md')

describe('docs/rules.md', () => {
  it('is what the rule files say', () => {
    if (process.env.UPDATE_DOCS) writeFileSync(page, rulesPage())
    expect(existsSync(page)).toBe(true)
    expect(readFileSync(page, 'utf8')).toBe(rulesPage())
  })
})

describe('rule files', () => {
  const files = readdirSync(join(root, 'src/findings/rules'))
    .filter((name) => name !== 'index.ts')
    .map((name) => name.replace(/\.ts$/, ''))
    .sort()

  it('hold one rule each, named as the file', () => {
    expect(RULES.map(({ id }) => id).sort()).toEqual(files)
  })

  it('have a reason for every threshold, in every language', () => {
    for (const rule of RULES) {
      expect(Object.keys(rule.thresholds).length, rule.id).toBeGreaterThan(0)
      for (const threshold of Object.values(rule.thresholds))
        for (const language of LANGUAGES) expect(threshold.because[language].length).toBeGreaterThan(10)
    }
  })

  it('speak every language, and Chinese is Chinese', () => {
    for (const { id, words } of RULES)
      for (const sentence of [words.title, words.why, words.action, words.capture]) {
        if (sentence === null) continue
        expect(sentence.zh, id).toMatch(/\p{Script=Han}/u)
        expect(sentence.en, id).not.toMatch(/\p{Script=Han}/u)
        expect(sentence.en, id).not.toMatch(/!|\b(AI|smart)\b/)
      }
  })

  it('never tell somebody just to check the code for leaks', () => {
    for (const { words } of RULES) expect(words.action.en).not.toMatch(/check your code for leaks/i)
  })
})

describe('memdossier rules', () => {
  it('lists every rule on one line', () => {
    expect(listRules('en').trimEnd().split('\n')).toHaveLength(RULES.length)
  })

  it('explains one rule in both languages and no unknown one', () => {
    for (const { id } of RULES)
      for (const language of LANGUAGES) expect(explainRule(id, language)).toContain(id)
    expect(explainRule('no-such-rule', 'en')).toBeNull()
  })
})
