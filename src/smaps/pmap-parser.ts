/** All forms of pmap output, row by row; several processes may follow each other in one file. */
import { decodeText } from '../base/bytes-text.ts'
import type { StringTable } from '../base/string-table.ts'
import { programOf } from '../model/command-line.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import { Header } from './header.ts'
import type { SnapshotParser } from './line-feed.ts'
import { LineReport } from './line-report.ts'
import {
  type PmapHeader,
  type PmapRow,
  parseClassicRow,
  parseExtendedRow,
  parsePmapHeader,
} from './pmap-rows.ts'
import { noCounts, type ReadCounts } from './read-counts.ts'
import { Section } from './section.ts'

const QUOTING = /^(?:>+ ?)+/
const TITLE = /^(\d{1,10}):\s{1,4}(\S.*)$/
/** ` total 2192K`, `total kB  17724 7796 304`, `mapped: 2192K  writeable/private: 640K  shared: 0K`, sums and rules. */
const FOOTER = /^\s*(?:[^\d\s]\S*\s+(?:kB\s+)?[\d-]+K?(?:\s|$)|[=-]{3}|(?:\d+\s+)+KB?\s*$)/i
/** `Address   Kbytes     RSS   Dirty Mode   Mapping` */
const COLUMN_NAMES = /^\s*[^\d\s]\S*\s+(\S+)\s/

/** A path of PATH_MAX and all columns; longer lines are not looked at. */
const LONGEST_ROW = 8192

/** Same face as `SmapsParser`. */
export class PmapParser implements SnapshotParser {
  readonly counts: ReadCounts = noCounts()
  readonly #strings: StringTable
  readonly #report: LineReport
  readonly #sections: Section[] = []
  readonly #header = new Header()
  #section: Section | null = null
  #columns: PmapHeader | null = null
  #footer = false
  /** The table has a title or a line of column names. */
  #titled = false

  constructor(file: string, strings: StringTable, diagnostics: Diagnostics) {
    this.#strings = strings
    this.#report = new LineReport(file, diagnostics, this.counts)
  }

  /** Takes the next line, `buffer[start, end)` without its end; `bytes` is its length with it. */
  line(buffer: Uint8Array, start: number, end: number, bytes: number, _cut: boolean): void {
    this.counts.lines++
    this.counts.readBytes += bytes
    const cut = end - start > LONGEST_ROW
    // Columns are judged by their place, so quoting is taken off, indentation is not.
    const line = cut ? '?' : decodeText(buffer, start, end).replace(QUOTING, '')
    if (line.trim() === '' || (!cut && this.#take(line))) return
    this.counts.otherLines++
    this.counts.readBytes -= bytes
    this.counts.skippedBytes += bytes
    this.#report.here(cut ? 'smaps-line-too-long' : 'smaps-unreadable-line')
  }

  /** Nothing to do: what is cut lacks its sums. */
  expectOpenEnd(): void {}

  /** Closes the last table and gives all. A table whose sums are missing was cut. */
  finish(): readonly Section[] {
    this.#close()
    if (this.#sections.length === 0) this.#open()
    return this.#sections
  }

  #open(): Section {
    this.#section = new Section(this.#strings, 'title', Math.max(1, this.counts.lines), 64)
    this.#sections.push(this.#section)
    this.#columns = null
    this.#footer = false
    this.#titled = false
    return this.#section
  }

  #close(): void {
    if (!this.#section) return
    this.#section.lastLine = this.counts.lines
    // `pmap -q` prints neither titles nor sums.
    if (this.#footer || !this.#titled) return
    this.#section.truncated = true
    this.#report.here('smaps-cut')
  }

  #take(line: string): boolean {
    const title = TITLE.exec(line)
    if (title) {
      this.#close()
      const section = this.#open()
      section.pid = Number(title[1])
      section.program = programOf(title[2]!)
      this.#titled = true
      return true
    }
    const header = parsePmapHeader(line)
    if (header) {
      if (!this.#section || this.#footer) this.#open()
      this.#columns = header
      this.#titled = true
      return true
    }
    const row = this.#columns ? parseExtendedRow(line, this.#columns) : parseClassicRow(line)
    if (row) {
      this.#takeRow(row)
      return true
    }
    if (FOOTER.test(line)) {
      this.#footer = this.#section !== null
      return true
    }
    if (!COLUMN_NAMES.exec(line)?.[1]?.toLowerCase().includes('byte')) return false
    if (!this.#section || this.#footer) this.#open()
    this.#titled = true
    return true
  }

  #takeRow(row: PmapRow): void {
    const { table } = this.#section ?? this.#open()
    if (this.#isEcho(row)) {
      this.#report.here('pmap-doubled-rows')
      return
    }
    this.counts.headers++
    const size = row.fields.get('Size')!
    if (size === 0) {
      this.#report.here('smaps-bad-range')
      return
    }
    const header = this.#header
    header.start = row.address
    header.end = row.address + size
    header.permissions = Math.max(0, row.permissions)
    header.offset = row.offset
    header.inode = row.inode
    table.addRow(header, this.#strings.intern(row.device), this.#strings.intern(row.name), this.counts.lines)
    table.setVmFlags(this.#strings.intern(row.vmFlags))
    for (const name of table.fieldNames) if (!row.fields.has(name)) table.set(table.column(name), Number.NaN)
    for (const [name, value] of row.fields) table.set(table.column(name), value)
  }

  /** procps-ng 3.3 on newer kernels prints every row again with zeros. */
  #isEcho(row: PmapRow): boolean {
    const table = this.#section?.table
    if (!table || table.length === 0 || table.lastStart() !== row.address) return false
    for (const value of row.fields.values()) if (value !== 0) return false
    return true
  }
}
