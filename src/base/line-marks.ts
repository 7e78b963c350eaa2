/**
 * Where some lines of a file begin, as a reader met them: a line is found again without counting all before it.
 * Marks are added in the order of the file. Lines count from 1, offsets in bytes from 0.
 */
export class LineMarks {
  readonly lines: number[]
  readonly offsets: number[]

  /** With marks that another reader has made. */
  constructor(lines: number[] = [], offsets: number[] = []) {
    this.lines = lines
    this.offsets = offsets
  }

  add(line: number, offset: number): void {
    this.lines.push(line)
    this.offsets.push(offset)
  }

  /** The stretch of whole lines between two marks that holds this line; `end` is `null` behind the last mark. */
  around(line: number): { readonly line: number; readonly from: number; readonly end: number | null } {
    let low = 0
    let high = this.lines.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.lines[middle]! <= line) low = middle + 1
      else high = middle
    }
    return low === 0
      ? { line: 1, from: 0, end: this.offsets[0] ?? null }
      : { line: this.lines[low - 1]!, from: this.offsets[low - 1]!, end: this.offsets[low] ?? null }
  }
}
