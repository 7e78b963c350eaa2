import { describe, expect, it } from 'vitest'
import { LineScanner } from '../../src/base/line-scanner.ts'
import fc from '../support/property.ts'

interface Line {
  readonly text: string
  readonly number: number
  readonly cut: boolean
}

function scan(bytes: Uint8Array, chunk: number, longest?: number): { lines: Line[]; scanner: LineScanner } {
  const lines: Line[] = []
  const scanner = new LineScanner((buffer, start, end, number, cut) => {
    lines.push({ text: Buffer.from(buffer.subarray(start, end)).toString('latin1'), number, cut })
  }, longest)
  for (let at = 0; at < bytes.length; at += chunk) {
    // A copy that is wiped afterwards: the scanner must not look at a chunk once push returned.
    const part = bytes.slice(at, at + chunk)
    scanner.push(part)
    part.fill(63)
  }
  scanner.finish()
  return { lines, scanner }
}

const texts = (text: string, chunk = 1000): string[] =>
  scan(Buffer.from(text), chunk).lines.map((l) => l.text)

describe('line scanner', () => {
  it('takes both line ends, a missing last one, and empty lines', () => {
    expect(texts('a\nb\r\n\r\n\nc')).toEqual(['a', 'b', '', '', 'c'])
    expect(texts('')).toEqual([])
    expect(texts('\n')).toEqual([''])
  })

  it('keeps a lone return and NUL bytes inside the line', () => {
    expect(texts('a\rb\u0000c\n')).toEqual(['a\rb\u0000c'])
  })

  it('says whether the last line was ended', () => {
    expect(scan(Buffer.from('a\nb'), 9).scanner.openEnd).toBe(true)
    expect(scan(Buffer.from('a\nb\n'), 9).scanner.openEnd).toBe(false)
  })

  it('hands on the first bytes of a line longer than it keeps, marked as cut', () => {
    for (const chunk of [1, 3, 7, 1000]) {
      const { lines } = scan(Buffer.from('0123456789\nabcd\r\nxy\n'), chunk, 4)
      expect(lines).toEqual([
        { text: '0123', number: 1, cut: true },
        { text: 'abcd', number: 2, cut: false },
        { text: 'xy', number: 3, cut: false },
      ])
    }
  })

  it('counts the lines before the one it is to begin with, and hands on the rest', () => {
    for (const chunk of [1, 2, 3, 100]) {
      const seen: string[] = []
      const scanner = new LineScanner((buffer, start, end, line) => {
        seen.push(`${line} ${Buffer.from(buffer.subarray(start, end)).toString('latin1')}`)
        scanner.from = 5
      })
      scanner.from = 2
      const text = Buffer.from('a\nb\r\nc\nd\ne')
      for (let at = 0; at < text.length; at += chunk) scanner.push(text.subarray(at, at + chunk))
      scanner.finish()
      expect(seen).toEqual(['2 b', '5 e'])
      expect(scanner.lines).toBe(5)
    }
  })

  it('keeps its memory small over a line of 100 MB', () => {
    const seen: number[] = []
    const scanner = new LineScanner((_, start, end, __, cut) => seen.push(cut ? end - start : -1), 1000)
    const chunk = new Uint8Array(1 << 20).fill(120)
    for (let i = 0; i < 100; i++) scanner.push(chunk)
    scanner.push(Buffer.from('\nshort\n'))
    scanner.finish()
    expect(seen).toEqual([1000, -1])
    expect(scanner.bytes).toBe(100 * (1 << 20) + 7)
  })

  it('gives the same lines whatever the chunks', () => {
    const alphabet = fc.constantFrom(10, 13, 0, 97, 98)
    fc.assert(
      fc.property(
        fc.array(alphabet, { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 12 }),
        (bytes, chunk, longest) => {
          const whole = Uint8Array.from(bytes)
          expect(scan(whole, chunk, longest).lines).toEqual(scan(whole, 1000, longest).lines)
          const expected = Buffer.from(whole)
            .toString('latin1')
            .split('\n')
            .map((text) => text.replace(/\r$/, ''))
          const got = scan(whole, chunk).lines.map((line) => line.text)
          const last = bytes.at(-1)
          if (last === undefined || last === 10) expected.pop()
          else if (last === 13) return // a file that ends inside \r\n: the return belongs to the line end
          expect(got).toEqual(expected)
        },
      ),
      { numRuns: 500 },
    )
  })
})
