import { expect, it } from 'vitest'
import { visibleText } from '../../src/base/visible-text.ts'
import type { ReportDocument } from '../../src/report/document.ts'
import { visibleDocument } from '../../src/report/visible-document.ts'
import fc from '../support/property.ts'

/** A document of any shape: what is spelled out does not depend on it. */
const shown = (value: unknown): unknown => visibleDocument(value as ReportDocument)

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('a', 'a\u202eb', '\x1b[2J', 'line\nline'),
)
const tree = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text,
    fc.integer(),
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), tie('value'), { maxKeys: 4 }),
  ),
})).value

/** Every string of it, in order, keys included. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value === null || typeof value !== 'object') return []
  return Object.entries(value).flatMap(([key, entry]) => [key, ...strings(entry)])
}

it('spells out every hidden character, wherever it stands, and changes nothing else', () => {
  fc.assert(
    fc.property(tree, (value) => {
      const before = strings(value)
      expect(strings(shown(value))).toEqual(before.map(visibleText))
      expect(strings(value)).toEqual(before)
    }),
  )
})

it('copies no part that a reader can see as it is', () => {
  const plain = { list: [{ name: 'a' }, 1, null] }
  const document = { plain, hidden: [{ name: 'a\u202eb' }], also: plain }
  const copy = shown(document) as typeof document
  expect(copy.plain).toBe(plain)
  expect(copy.also).toBe(plain)
  expect(copy.hidden).toEqual([{ name: 'a\\u202eb' }])
})

it('leaves the line ends between frames of a stack', () => {
  expect(shown({ stack: 'main\nwork\x1b' })).toEqual({ stack: 'main\nwork\\x1b' })
})
