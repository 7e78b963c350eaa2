import { describe, expect, it } from 'vitest'
import { visibleText } from '../../src/base/visible-text.ts'
import fc from '../support/property.ts'

describe('visibleText', () => {
  it.each([
    ['plain [heap] 0x7f', 'plain [heap] 0x7f'],
    ['线程 名', '线程 名'],
    ['Zürich λ Привет', 'Zürich λ Привет'],
    ['\x1b[31mred', '\\x1b[31mred'],
    ['a\u202eb', 'a\\u202eb'],
    ['a\u2066b\u2069', 'a\\u2066b\\u2069'],
    ['zero\u200bwidth\ufeff', 'zero\\u200bwidth\\ufeff'],
    ['two\nlines\r', 'two\\x0alines\\x0d'],
    ['tab\t', 'tab\\x09'],
    ['half \ud800 pair', 'half \\ud800 pair'],
    ['csi \x9b1m', 'csi \\x9b1m'],
    ['tag \u{e0041}', 'tag \\u{e0041}'],
    ['fine 😀', 'fine 😀'],
  ])('%j', (text, shown) => {
    expect(visibleText(text)).toBe(shown)
  })

  it('leaves nothing a terminal or a bidirectional renderer acts on, whatever comes in', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const shown = visibleText(text)
        expect(shown).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}\p{Co}]/u)
        expect(visibleText(shown)).toBe(shown)
      }),
    )
  })
})
