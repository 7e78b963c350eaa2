import type { BlockKernel } from './block-kernel.ts'
import type { BlockLayout } from './block-layout.ts'
import { FULL_HEADER, type Header, NO_HEADER } from './header.ts'
import type { LineReport } from './line-report.ts'
import { isImplausible, mendStart, SIZE_TOLERANCE } from './mend-range.ts'
import type { Section } from './section.ts'

/** Bytes: no address space of a program is larger, whatever the processor. */
const LARGEST_RANGE = 2 ** 52

/** Field names kept in one file; no kernel prints half as many. A damaged file could hold any number. */
const MOST_FIELDS = 96

const NO_KEY = -1
const VM_FLAGS = -2

/**
 * The mapping whose lines are being read, and what the ones before it taught: which field comes first and which last.
 * From that it tells a block that lost its header from a field printed twice, and a whole last block from a cut one.
 */
export class OpenBlock {
  readonly #report: LineReport
  #section: Section
  #open = false
  #headerKind = NO_HEADER
  /** By column, the row that had it last. */
  readonly #seen: number[] = []
  #firstKey = NO_KEY
  #lastKey = NO_KEY
  /** Last field of the block before. */
  #closingKey = NO_KEY
  /** The last line was half a field. */
  #damaged = false
  /** Below a place where a header was lost: fields belong to no known mapping until the next header. */
  #orphaned = false
  /** Row that a layout read whole; nothing is left to settle there unless lines follow. */
  #settled = -1
  #layout: BlockLayout | null = null
  #layoutColumns: number[] = []
  #absent: number[] = []

  constructor(section: Section, report: LineReport) {
    this.#section = section
    this.#report = report
  }

  /** Goes on with another section; what was open must be closed. */
  enter(section: Section): void {
    this.#section = section
    this.#seen.length = 0
    this.#firstKey = NO_KEY
    this.#closingKey = NO_KEY
    this.#settled = -1
    this.#layout = null
  }

  /** Opens a row. `kind` is what `parseHeader` returned. */
  open(kind: number, header: Header, device: number, name: number, line: number): void {
    this.close()
    this.#section.table.addRow(header, device, name, line)
    this.#open = true
    this.#headerKind = kind
    this.#orphaned = false
    this.#damaged = false
    this.#lastKey = NO_KEY
  }

  /** The rest of a wrapped header came. */
  completeHeader(inode: number, name: number): void {
    this.#headerKind = FULL_HEADER
    this.#section.table.setInode(inode)
    this.#section.table.setName(name)
  }

  /** Whether a number field of this name, or a text field (`null`), can belong to the open block. */
  accepts(name: string | null): boolean {
    if (!this.#open || this.#orphaned) return false
    this.#unsettle()
    const { table } = this.#section
    const firstAgain =
      name !== null &&
      this.#firstKey !== NO_KEY &&
      this.#lastKey !== this.#firstKey &&
      this.#seen[this.#firstKey] === table.length - 1 &&
      table.fieldNames[this.#firstKey] === name
    this.#orphaned = firstAgain || this.#lastKey === VM_FLAGS
    return !this.#orphaned
  }

  /** Sets a field; NaN for one whose number is not whole. */
  setNumber(name: string, value: number): void {
    const { table } = this.#section
    this.#damaged = Number.isNaN(value)
    if (table.fieldNames.length >= MOST_FIELDS && !table.hasField(name)) {
      this.#report.here('smaps-too-many-fields')
      return
    }
    const column = table.column(name)
    const row = table.length - 1
    if (this.#seen[column] === row && !Object.is(table.get(column), value))
      this.#report.here('smaps-duplicate-field', name)
    this.#seen[column] = row
    if (this.#firstKey === NO_KEY) this.#firstKey = column
    this.#lastKey = column
    table.set(column, value)
  }

  /** Sets VmFlags; `half`: the last flag is one letter. */
  setFlags(flags: number, half: boolean): void {
    this.#section.table.setVmFlags(flags)
    this.#lastKey = VM_FLAGS
    this.#damaged = half
  }

  /** A name on a line of its own, by Android's `Name:` or a mailer; false when the mapping has one. */
  setName(name: number): boolean {
    const { table } = this.#section
    if (!this.#open || table.lastName() !== 0) return false
    table.setName(name)
    return true
  }

  /** The last line of the file is neither header nor field, and not whole. */
  noteHalfLine(): void {
    this.#damaged = true
  }

  /** Takes whole mappings from the kernel; the last of them is then the open one. `line` is the first's header line. */
  takeRows(kernel: BlockKernel, rows: number, layout: BlockLayout, line: number): void {
    this.close()
    const { table } = this.#section
    table.addRows(kernel, rows, line, layout.lines + 1)
    if (
      this.#layout !== layout ||
      table.fieldNames.length !== this.#layoutColumns.length + this.#absent.length
    )
      this.#useLayout(layout, rows)
    const columns = this.#layoutColumns
    for (let slot = 0; slot < columns.length; slot++) table.setRows(columns[slot]!, kernel.values(slot), rows)
    for (const column of this.#absent) table.leaveUnknown(column, rows)
    this.#open = true
    this.#headerKind = FULL_HEADER
    this.#orphaned = false
    this.#damaged = false
    this.#settled = table.length - 1
    this.#lastKey = layout.hasFlags ? VM_FLAGS : columns[columns.length - 1]!
    if (rows > 1) this.#closingKey = this.#lastKey
  }

  /** Settles the open block: what it lacks becomes unknown, a range that cannot be is mended or taken out. */
  close(): void {
    if (!this.#open) return
    this.#open = false
    const { table } = this.#section
    const row = table.length - 1
    if (this.#settled === row) {
      this.#closingKey = this.#lastKey
      return
    }
    if (this.#lastKey === NO_KEY && table.fieldNames.length > 0) this.#lose('smaps-block-without-fields')
    for (let column = 0; column < table.fieldNames.length; column++)
      if (this.#seen[column] !== row) table.set(column, Number.NaN)
    this.#checkRange()
    if (this.#lastKey !== NO_KEY) this.#closingKey = this.#lastKey
  }

  /** Closes the last block of a section. `openEnd`: the file's last line has no line end. True when it was cut. */
  closeLast(openEnd: boolean): boolean {
    if (!this.#open) return this.#damaged && openEnd
    const cut = this.#isCut(openEnd)
    if (cut && openEnd && this.#lastKey === NO_KEY) {
      this.#open = false
      this.#drop()
    } else this.close()
    return cut
  }

  /** Whether the open block lacks its end, judged by how the blocks before it ended. */
  #isCut(openEnd: boolean): boolean {
    if (openEnd && this.#damaged) return true
    if (this.#section.table.fieldNames.length === 0) return openEnd && this.#headerKind !== FULL_HEADER
    if (this.#damaged || this.#lastKey === NO_KEY) return true
    if (this.#lastKey === VM_FLAGS || this.#lastKey === this.#closingKey) return false
    return this.#closingKey !== NO_KEY || openEnd
  }

  /** More lines for a row that a layout had read: from here on it counts as read line by line. */
  #unsettle(): void {
    const row = this.#section.table.length - 1
    if (this.#settled !== row) return
    this.#settled = -1
    for (const column of this.#layoutColumns) this.#seen[column] = row
  }

  #useLayout(layout: BlockLayout, rows: number): void {
    const { table } = this.#section
    this.#layout = layout
    if (table.fieldNames.length === 0 && table.length === rows) table.useFieldsOf(layout)
    this.#layoutColumns = layout.fields.names.map((name) => table.column(name, rows))
    if (this.#firstKey === NO_KEY) this.#firstKey = this.#layoutColumns[0]!
    const known = new Set(this.#layoutColumns)
    this.#absent = table.fieldNames.map((_, column) => column).filter((column) => !known.has(column))
  }

  #checkRange(): void {
    const { table } = this.#section
    const size = table.hasField('Size') ? table.get(table.column('Size')) : Number.NaN
    const start = table.lastStart()
    const end = table.lastEnd()
    // A rollup reaches from the first mapping to the last, which may be the kernel's own page at the very top.
    const possible = start < end && (end - start <= LARGEST_RANGE || table.lastIsNamed('[rollup]'))
    const sound = possible && !(Math.abs(size - (end - start)) > SIZE_TOLERANCE)
    if (sound && !isImplausible(table, size)) return
    const mended = start < end && !possible ? null : mendStart(start, end, size)
    if (mended !== null) {
      table.setStart(mended)
      this.#report.at(table.lastLine(), 'smaps-range-mended')
    } else if (possible) {
      if (!sound) this.#lose('smaps-size-mismatch')
    } else {
      this.#lose('smaps-bad-range')
      this.#drop()
    }
  }

  #drop(): void {
    this.#section.table.dropLast()
    this.#seen.length = 0
    this.#settled = -1
  }

  #lose(code: 'smaps-block-without-fields' | 'smaps-size-mismatch' | 'smaps-bad-range'): void {
    this.#section.truncated = true
    this.#report.at(this.#section.table.lastLine(), code)
  }
}
