import { describe, expect, it } from 'vitest'
import { LineMarks } from '../../src/base/line-marks.ts'

describe('marks of lines', () => {
  it('tell the stretch between two marks that holds a line', () => {
    const marks = new LineMarks()
    marks.add(1, 0)
    marks.add(5, 100)
    marks.add(9, 300)
    expect(marks.around(1)).toEqual({ line: 1, from: 0, end: 100 })
    expect(marks.around(4)).toEqual({ line: 1, from: 0, end: 100 })
    expect(marks.around(5)).toEqual({ line: 5, from: 100, end: 300 })
    expect(marks.around(1000)).toEqual({ line: 9, from: 300, end: null })
  })

  it('without marks mean the whole file', () => {
    expect(new LineMarks().around(7)).toEqual({ line: 1, from: 0, end: null })
  })
})
