import { describe, expect, it } from 'vitest'
import { ByteInterner } from '../../src/base/byte-interner.ts'
import { decodeText, parseDecimal, parseHex, skipBlanks, trimEnd } from '../../src/base/bytes-text.ts'
import { StringTable } from '../../src/base/string-table.ts'
import fc from '../support/property.ts'

const hex = (text: string): number => parseHex(Buffer.from(text), 0, text.length)
const decimal = (text: string): number => parseDecimal(Buffer.from(text), 0, text.length)

describe('numbers in bytes', () => {
  it('reads addresses of every width exactly', () => {
    expect(hex('00400000')).toBe(0x400000)
    expect(hex('7f12abcd0000')).toBe(0x7f12abcd0000)
    expect(hex('ffffffffff600000')).toBe(Number(0xffffffffff600000n))
    expect(hex('FFFFFFFFFF601000')).toBe(Number(0xffffffffff601000n))
  })

  it('refuses what is not a number', () => {
    for (const bad of ['', 'g', '12 ', '-1', '11112222333344445']) expect(hex(bad)).toBeNaN()
    for (const bad of ['', 'a', '1.5', '-1', ' 1']) expect(decimal(bad)).toBeNaN()
  })

  it('agrees with BigInt on page-aligned addresses and on decimals', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: (1n << 52n) - 1n }), (page) => {
        const value = page << 12n
        expect(BigInt(hex(value.toString(16)))).toBe(value)
        expect(decimal(page.toString())).toBe(Number(page))
      }),
    )
  })

  it('trims blanks and tabs', () => {
    const text = Buffer.from(' \t ab \t')
    expect(skipBlanks(text, 0, text.length)).toBe(3)
    expect(trimEnd(text, 0, text.length)).toBe(5)
  })
})

describe('text in bytes', () => {
  it('decodes UTF-8, and keeps invalid bytes apart', () => {
    expect(decodeText(Buffer.from('/tmp/文'), 0, 8)).toBe('/tmp/文')
    expect(decodeText(Uint8Array.of(97, 0xff), 0, 2)).not.toBe(decodeText(Uint8Array.of(97, 0xfe), 0, 2))
  })

  it('gives the id that the table itself would give', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '文', '/'), maxLength: 4 }), {
      maxLength: 2000,
      size: 'max',
    })
    fc.assert(
      fc.property(words, (list) => {
        const table = new StringTable()
        const interner = new ByteInterner(table)
        for (const word of list) {
          const bytes = Buffer.from(`<${word}>`)
          const id = interner.intern(bytes, 1, bytes.length - 1)
          expect(id).toBe(table.intern(word))
          expect(table.get(id)).toBe(word)
        }
      }),
      { numRuns: 50 },
    )
  })
})
