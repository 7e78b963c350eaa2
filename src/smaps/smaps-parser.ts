/**
 * smaps, smaps_rollup and maps, line by line, with everything that happens to them on the way: quoting, wrapping,
 * cuts at both ends, several processes in one file. Nothing is thrown and nothing is dropped without a diagnostic.
 *
 * What it cannot know: whether a file that ends between two mappings is whole.
 */
import { ByteInterner } from '../base/byte-interner.ts'
import type { StringTable } from '../base/string-table.ts'
import type { DiagnosticCode } from '../model/diagnostic-catalogue.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import { WRITE } from '../model/snapshot.ts'
import { parseBanner } from './banner.ts'
import { BAD_FIELD, FieldLine, fieldIs, NO_FIELD, parseFieldLine, TEXT_FIELD } from './field-line.ts'
import {
  FULL_HEADER,
  Header,
  NO_HEADER,
  parseHeader,
  parseInodeAndName,
  RANGE_ONLY,
  WRAPPED_HEADER,
} from './header.ts'
import { isUnitlessField } from './known-fields.ts'
import { noCounts, type ReadCounts } from './read-counts.ts'
import { Section } from './section.ts'
import { Bare, undress } from './undress.ts'

/** Names of the top of an address space: below them, another process begins. */
const TOP_NAMES = ['[stack]', '[vdso]', '[vvar]', '[vsyscall]', '[vectors]']

/** Largest page: `Size` of a stack with a guard page differs from its range by one. */
const SIZE_TOLERANCE = 65536

/** Field names kept in one file; no kernel prints half as many. A damaged file could hold any number. */
const MOST_FIELDS = 96

const NO_KEY = -1
const VM_FLAGS = -2

const interners = new WeakMap<StringTable, ByteInterner>()
function internerOf(strings: StringTable): ByteInterner {
  let interner = interners.get(strings)
  if (!interner) {
    interner = new ByteInterner(strings)
    interners.set(strings, interner)
  }
  return interner
}

/** Takes lines in order; `finish` closes the last mapping and gives the sections. */
export class SmapsParser {
  readonly counts: ReadCounts = noCounts()
  readonly header = new Header()
  readonly interner: ByteInterner
  readonly #strings: StringTable
  readonly #file: string
  readonly #diagnostics: Diagnostics
  readonly #capacity: number
  readonly #sections: Section[] = []
  readonly #topNames: ReadonlySet<number>
  readonly #field = new FieldLine()
  readonly #bare = new Bare()
  #section: Section
  /** Columns seen in the open block, by the row they were last seen in. */
  #seen = new Int32Array(MOST_FIELDS).fill(-1)
  #open = false
  /** Below a line that must have been a header: fields belong to no known mapping until the next header. */
  #orphaned = false
  #foreign = false
  #wrapped = false
  #headerKind = NO_HEADER
  #firstKey = NO_KEY
  #lastKey = NO_KEY
  #closingKey = NO_KEY
  #lastLineKind: 'header' | 'field' | 'bad' | 'other' = 'other'

  constructor(file: string, strings: StringTable, diagnostics: Diagnostics, capacity: number) {
    this.#file = file
    this.#strings = strings
    this.#diagnostics = diagnostics
    this.#capacity = capacity
    this.interner = internerOf(strings)
    this.#topNames = new Set(TOP_NAMES.map((name) => strings.intern(name)))
    this.#section = new Section(strings, 1, capacity)
    this.#sections.push(this.#section)
  }

  /** Takes the next line, `buffer[start, end)` without its end; `bytes` is its length with it. */
  line(buffer: Uint8Array, start: number, end: number, bytes: number, cut: boolean): void {
    this.counts.lines++
    this.#section.lastLine = this.counts.lines
    if (cut) {
      this.#report('smaps-line-too-long')
      this.counts.otherLines++
      this.counts.skippedBytes += bytes
      return
    }
    this.counts.readBytes += bytes
    const bare = this.#bare
    undress(buffer, start, end, bare)
    if (bare.start === bare.end) return
    if (this.#take(buffer, bare.start, bare.end)) return
    this.counts.readBytes -= bytes
    this.counts.skippedBytes += bytes
  }

  /** Closes what is open. `openEnd`: the file's last line had no line end. */
  finish(openEnd: boolean): readonly Section[] {
    this.#closeSection(openEnd)
    const opened = this.#sections
    return opened[0]!.table.length === 0 && !opened[0]!.truncated && opened.length > 1
      ? opened.slice(1)
      : opened
  }

  #report(code: DiagnosticCode, detail: string | null = null): void {
    this.#diagnostics.report(code, this.#file, this.counts.lines, detail)
  }

  /** Whether the line could be used. */
  #take(buffer: Uint8Array, start: number, end: number): boolean {
    if (this.#wrapped && this.#joinWrapped(buffer, start, end)) return true
    if (this.#foreign && !this.#tryBanner(buffer, start, end)) {
      this.counts.otherLines++
      return false
    }
    if (this.#foreign) return true
    const kind = parseHeader(buffer, start, end, this.header)
    if (kind !== NO_HEADER) {
      this.#takeHeader(kind, buffer)
      return true
    }
    const field = parseFieldLine(buffer, start, end, this.#field)
    if (field !== NO_FIELD) return this.#takeField(field, buffer)
    if (this.#tryBanner(buffer, start, end)) return true
    return this.#takeOther(buffer, start, end)
  }

  #takeHeader(kind: number, buffer: Uint8Array): void {
    this.counts.headers++
    this.#closeBlock()
    this.#headerKind = kind
    const header = this.header
    const name = this.interner.intern(buffer, header.nameStart, header.nameEnd)
    if (this.#isOtherProcess(name)) {
      this.#report('smaps-several-processes')
      this.#openSection()
    }
    const device = this.interner.intern(buffer, header.deviceStart, header.deviceEnd)
    this.#section.table.addRow(header, device, name, this.counts.lines)
    this.#opened(name)
    if (kind === WRAPPED_HEADER) this.#wrapped = true
    else if (kind !== FULL_HEADER)
      this.#report('smaps-damaged-header', kind === RANGE_ONLY ? 'range only' : null)
  }

  #opened(name: number): void {
    if (this.#topNames.has(name)) this.#section.sawTop = true
    this.#open = true
    this.#orphaned = false
    this.#lastKey = NO_KEY
    this.#lastLineKind = 'header'
  }

  /** A program's first mapping below the top of the process before it: two files were concatenated. */
  #isOtherProcess(name: number): boolean {
    const { table, sawTop } = this.#section
    if (!sawTop || table.length === 0 || this.header.start >= table.lastStart()) return false
    return (
      this.header.offset === 0 &&
      (this.header.permissions & WRITE) === 0 &&
      this.#strings.get(name).startsWith('/') &&
      !this.#strings.get(name).includes('.so')
    )
  }

  #joinWrapped(buffer: Uint8Array, start: number, end: number): boolean {
    if (parseInodeAndName(buffer, start, end, this.header) !== FULL_HEADER) {
      this.#unwrap()
      return false
    }
    this.#wrapped = false
    this.#headerKind = FULL_HEADER
    this.#section.table.setInode(this.header.inode)
    this.#section.table.setName(this.interner.intern(buffer, this.header.nameStart, this.header.nameEnd))
    this.#report('smaps-wrapped-header')
    return true
  }

  #unwrap(): void {
    this.#wrapped = false
    this.#report('smaps-damaged-header')
  }

  #takeField(kind: number, buffer: Uint8Array): boolean {
    const field = this.#field
    if (!this.#open || this.#startsHeaderlessBlock(kind, buffer)) {
      this.counts.fieldsWithoutHeader++
      this.#section.truncated = true
      this.#report('smaps-fields-without-header')
      return false
    }
    this.#lastLineKind = 'field'
    if (kind === TEXT_FIELD) this.#takeText(buffer)
    else if (kind === BAD_FIELD) this.#takeBad(buffer)
    else this.#takeNumber(this.#strings.get(this.interner.intern(buffer, field.nameStart, field.nameEnd)))
    return true
  }

  /** Fields go on although the block was over, or its first field comes again: the header between was lost. */
  #startsHeaderlessBlock(kind: number, buffer: Uint8Array): boolean {
    if (this.#orphaned) return true
    const row = this.#section.table.length - 1
    const afterFlags = this.#lastKey === VM_FLAGS
    const firstAgain =
      kind !== TEXT_FIELD &&
      this.#firstKey >= 0 &&
      this.#seen[this.#firstKey] === row &&
      this.#lastKey !== this.#firstKey &&
      fieldIs(buffer, this.#field, this.#section.table.fieldNames[this.#firstKey] ?? '')
    if (!afterFlags && !firstAgain) return false
    this.#orphaned = true
    return true
  }

  #takeText(buffer: Uint8Array): void {
    const { table } = this.#section
    const text = this.interner.intern(buffer, this.#field.valueStart, this.#field.valueEnd)
    if (fieldIs(buffer, this.#field, 'Name')) {
      if (table.lastName() === 0) table.setName(text)
      return
    }
    table.setVmFlags(text)
    this.#lastKey = VM_FLAGS
    // One letter at the end is half a flag.
    const length = this.#field.valueEnd - this.#field.valueStart
    if (length === 1 || (length > 1 && buffer[this.#field.valueEnd - 2] === 32)) this.#lastLineKind = 'bad'
  }

  #takeBad(buffer: Uint8Array): void {
    this.#lastLineKind = 'bad'
    const name = this.#strings.get(this.interner.intern(buffer, this.#field.nameStart, this.#field.nameEnd))
    this.#report('smaps-bad-value', name)
    this.#lastKey = this.#setField(name, Number.NaN)
  }

  #takeNumber(name: string): void {
    if (!this.#field.unit && !isUnitlessField(name)) {
      this.#lastLineKind = 'bad'
      this.#report('smaps-bad-value', name)
      this.#lastKey = this.#setField(name, Number.NaN)
      return
    }
    this.#lastKey = this.#setField(name, this.#field.value)
  }

  #setField(name: string, value: number): number {
    const { table } = this.#section
    if (table.fieldNames.length >= MOST_FIELDS && !table.hasField(name)) {
      this.#report('smaps-too-many-fields')
      return this.#lastKey
    }
    const column = table.column(name)
    const row = table.length - 1
    if (this.#seen[column] === row && !Object.is(table.get(column), value))
      this.#report('smaps-duplicate-field', name)
    this.#seen[column] = row
    if (this.#firstKey < 0) this.#firstKey = column
    table.set(column, value)
    return column
  }

  #takeOther(buffer: Uint8Array, start: number, end: number): boolean {
    this.counts.otherLines++
    // A name that a mailer put on a line of its own.
    if (this.#lastLineKind === 'header' && this.#section.table.lastName() === 0 && buffer[start] === 47) {
      this.#section.table.setName(this.interner.intern(buffer, start, end))
      this.#lastLineKind = 'other'
      this.#report('smaps-wrapped-header')
      return true
    }
    this.#lastLineKind = 'other'
    this.#report('smaps-unreadable-line')
    return false
  }

  #tryBanner(buffer: Uint8Array, start: number, end: number): boolean {
    const banner = parseBanner(buffer, start, end)
    if (!banner) return false
    this.counts.banners++
    this.#foreign = banner.content === 'foreign'
    if (this.#foreign) {
      this.#report('smaps-foreign-section', banner.path)
      return true
    }
    this.#openSection()
    this.#section.pid = banner.pid
    this.#section.banner = banner.path
    return true
  }

  #openSection(): void {
    this.#closeSection(false)
    this.#section = new Section(this.#strings, this.counts.lines, this.#capacity)
    this.#seen.fill(-1)
    this.#firstKey = NO_KEY
    this.#closingKey = NO_KEY
    this.#sections.push(this.#section)
  }

  #closeSection(openEnd: boolean): void {
    const section = this.#section
    if (!this.#open) return
    const cut = this.#isCut(openEnd)
    if (openEnd && cut && this.#lastLineKind === 'header') {
      section.table.dropLast()
      this.#open = false
    } else this.#closeBlock()
    this.#wrapped = false
    this.#open = false
    if (!cut) return
    section.truncated = true
    this.#report('smaps-cut')
  }

  /** Whether the open block lacks its end, judged by how the blocks before it ended. */
  #isCut(openEnd: boolean): boolean {
    if (this.#section.table.fieldNames.length === 0) return openEnd && this.#headerKind !== FULL_HEADER
    if (this.#lastLineKind === 'bad' || this.#lastKey === NO_KEY) return true
    if (this.#lastKey === VM_FLAGS || this.#lastKey === this.#closingKey) return false
    return this.#closingKey !== NO_KEY || openEnd
  }

  /** Settles the open block: what it lacks becomes unknown, a range that cannot be is mended or taken out. */
  #closeBlock(): void {
    if (!this.#open) return
    this.#open = false
    const { table } = this.#section
    const row = table.length - 1
    if (this.#lastKey === NO_KEY && table.fieldNames.length > 0) this.#loseBlock('smaps-block-without-fields')
    for (let column = 0; column < table.fieldNames.length; column++)
      if (this.#seen[column] !== row) table.set(column, Number.NaN)
    this.#checkRange()
    if (this.#lastKey !== NO_KEY) this.#closingKey = this.#lastKey
  }

  #loseBlock(code: DiagnosticCode): void {
    this.#section.truncated = true
    this.#diagnostics.report(code, this.#file, this.#section.table.lastLine())
  }

  #checkRange(): void {
    const { table } = this.#section
    const start = table.lastStart()
    const end = table.lastEnd()
    const size = table.hasField('Size') ? table.get(table.column('Size')) : Number.NaN
    if (start < end) {
      if (Math.abs(size - (end - start)) > SIZE_TOLERANCE) this.#loseBlock('smaps-size-mismatch')
    } else if (size > 0 && size <= end) {
      table.setStart(end - size)
      this.#diagnostics.report('smaps-range-mended', this.#file, table.lastLine())
    } else {
      this.#loseBlock('smaps-bad-range')
      table.dropLast()
      this.#seen.fill(-1)
    }
  }
}
