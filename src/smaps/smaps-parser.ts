/**
 * smaps, smaps_rollup and maps, line by line, with everything that happens to them on the way: quoting, wrapping,
 * cuts at both ends, several processes in one file. Nothing is thrown and nothing is dropped without a diagnostic.
 *
 * What it cannot know: whether a file that ends between two mappings is whole.
 */
import { ByteInterner } from '../base/byte-interner.ts'
import type { StringTable } from '../base/string-table.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import { WRITE } from '../model/snapshot.ts'
import { parseBanner } from './banner.ts'
import type { BlockKernel } from './block-kernel.ts'
import type { BlockLayout } from './block-layout.ts'
import type { ColumnPool } from './column-pool.ts'
import {
  BAD_FIELD,
  FieldLine,
  fieldIs,
  flagsEnd,
  NO_FIELD,
  parseFieldLine,
  TEXT_FIELD,
} from './field-line.ts'
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
import type { SnapshotParser } from './line-feed.ts'
import { LineReport } from './line-report.ts'
import { OpenBlock } from './open-block.ts'
import { noCounts, type ReadCounts } from './read-counts.ts'
import { Section } from './section.ts'
import { Bare, undress } from './undress.ts'

/** Parts of one file that become snapshots of their own; a damaged file could hold any number of banners. */
const MOST_SECTIONS = 10_000

/** Room for the mappings of a part that is not the first: nothing tells how many there are. */
const LATER_CAPACITY = 32

/** Names of the top of an address space: below them, another process begins. */
const TOP_NAMES = ['[stack]', '[vdso]', '[vvar]', '[vsyscall]', '[vectors]']

const SLASH = 47
const BLANK = 32

/** What all files with one table of strings share. */
interface Shared {
  readonly interner: ByteInterner
  readonly topNames: ReadonlySet<number>
}

const shared = new WeakMap<StringTable, Shared>()
function sharedOf(strings: StringTable): Shared {
  let known = shared.get(strings)
  if (!known) {
    const topNames = new Set(TOP_NAMES.map((name) => strings.intern(name)))
    known = { interner: new ByteInterner(strings), topNames }
    shared.set(strings, known)
  }
  return known
}

/** Takes lines in order; `finish` closes the last mapping and gives the sections. */
export class SmapsParser implements SnapshotParser {
  readonly counts: ReadCounts = noCounts()
  readonly interner: ByteInterner
  readonly #strings: StringTable
  readonly #report: LineReport
  readonly #sections: Section[] = []
  readonly #topNames: ReadonlySet<number>
  readonly #header = new Header()
  readonly #field = new FieldLine()
  readonly #bare = new Bare()
  readonly #block: OpenBlock
  #section: Section
  #foreign = false
  #wrapped = false
  /** The line before was a header: the next may be its name. */
  #afterHeader = false
  #openEnd = false

  /** With a `pool` the first section's table is made of its columns. */
  constructor(
    file: string,
    strings: StringTable,
    diagnostics: Diagnostics,
    capacity: number,
    pool: ColumnPool | null,
  ) {
    this.#strings = strings
    this.#report = new LineReport(file, diagnostics, this.counts)
    const { interner, topNames } = sharedOf(strings)
    this.interner = interner
    this.#topNames = topNames
    this.#section = new Section(strings, 'file', 1, capacity, pool)
    this.#sections.push(this.#section)
    this.#block = new OpenBlock(this.#section, this.#report)
  }

  line(buffer: Uint8Array, start: number, end: number, bytes: number, cut: boolean): void {
    this.counts.lines++
    this.#section.lastLine = this.counts.lines
    const bare = this.#bare
    undress(buffer, start, end, bare)
    const blank = bare.start === bare.end
    if (blank || (!cut && this.#take(buffer, bare.start, bare.end))) {
      this.counts.readBytes += bytes
      return
    }
    this.counts.skippedBytes += bytes
    if (cut) this.#report.here('smaps-line-too-long')
  }

  expectOpenEnd(): void {
    this.#openEnd = true
  }

  finish(): readonly Section[] {
    this.#closeSection(this.#openEnd)
    const [first, ...rest] = this.#sections
    // Nothing before the first banner is no snapshot.
    return rest.length > 0 && first!.table.length === 0 && !first!.truncated ? rest : this.#sections
  }

  /** Whether a mapping may begin at the next line: not inside another file's part or a wrapped header. */
  get takesBlocks(): boolean {
    return !this.#foreign && !this.#wrapped
  }

  /** End of the last mapping, -1 when there is none yet. */
  get lastEnd(): number {
    const { table } = this.#section
    return table.length === 0 ? -1 : table.lastEnd()
  }

  /** Takes the whole mappings that the kernel read last; `bytes` is the length of all their lines. */
  takeBlocks(kernel: BlockKernel, rows: number, layout: BlockLayout, bytes: number): void {
    this.#block.takeRows(kernel, rows, layout, this.counts.lines + 1)
    this.#afterHeader = false
    this.counts.headers += rows
    this.counts.lines += rows * (layout.lines + 1)
    this.counts.readBytes += bytes
    this.#section.lastLine = this.counts.lines
  }

  /** Whether the line could be used. */
  #take(buffer: Uint8Array, start: number, end: number): boolean {
    if (this.#foreign) return this.#tryBanner(buffer, start, end) || this.#skip()
    const header = this.#header
    if (this.#wrapped && this.#joinWrapped(buffer, start, end)) return true
    const kind = parseHeader(buffer, start, end, header)
    if (kind !== NO_HEADER) {
      // What the mapping before comes to, or whether it is none, tells where this one belongs.
      this.#block.close()
      if (this.#isOtherProcess(buffer)) {
        this.#report.here('smaps-several-processes')
        this.#openSection('lower-address')
      }
      this.#open(kind, buffer, header, this.counts.lines)
      this.#wrapped = kind === WRAPPED_HEADER
      if (kind !== FULL_HEADER && kind !== WRAPPED_HEADER)
        this.#report.here('smaps-damaged-header', kind === RANGE_ONLY ? 'range only' : null)
      this.#afterHeader = true
      return true
    }
    const field = parseFieldLine(buffer, start, end, this.#field)
    if (field !== NO_FIELD) return this.#takeField(field, buffer)
    return this.#tryBanner(buffer, start, end) || this.#takeOther(buffer, start, end)
  }

  #open(kind: number, buffer: Uint8Array, header: Header, line: number): void {
    const name = this.interner.intern(buffer, header.nameStart, header.nameEnd)
    const device = this.interner.intern(buffer, header.deviceStart, header.deviceEnd)
    this.counts.headers++
    this.#block.open(kind, header, device, name, line)
    this.#afterHeader = false
  }

  /** A program's first mapping below the top of the process before it: two files were concatenated. */
  #isOtherProcess(buffer: Uint8Array): boolean {
    const { table } = this.#section
    const header = this.#header
    if (table.length === 0 || header.start >= table.lastStart()) return false
    if (!this.#section.holdsAny(this.#topNames)) return false
    if (header.offset !== 0 || (header.permissions & WRITE) !== 0 || buffer[header.nameStart] !== SLASH)
      return false
    const name = this.#strings.get(this.interner.intern(buffer, header.nameStart, header.nameEnd))
    return !name.includes('.so')
  }

  #joinWrapped(buffer: Uint8Array, start: number, end: number): boolean {
    const header = this.#header
    this.#wrapped = false
    if (parseInodeAndName(buffer, start, end, header) !== FULL_HEADER) {
      this.#report.here('smaps-damaged-header')
      return false
    }
    this.#block.completeHeader(header.inode, this.interner.intern(buffer, header.nameStart, header.nameEnd))
    this.#report.here('smaps-wrapped-header')
    return true
  }

  #takeField(kind: number, buffer: Uint8Array): boolean {
    const field = this.#field
    const isText = kind === TEXT_FIELD
    const name = isText
      ? null
      : this.#strings.get(this.interner.intern(buffer, field.nameStart, field.nameEnd))
    this.#afterHeader = false
    if (!this.#block.accepts(name)) {
      this.counts.fieldsWithoutHeader++
      this.#section.truncated = true
      this.#report.here('smaps-fields-without-header')
      return false
    }
    if (name === null) this.#takeText(buffer)
    else if (kind === BAD_FIELD || (!field.unit && !isUnitlessField(name))) {
      this.#block.setNumber(name, Number.NaN)
      this.#report.here('smaps-bad-value', name)
    } else this.#block.setNumber(name, field.value)
    return true
  }

  #takeText(buffer: Uint8Array): void {
    const { valueStart, valueEnd } = this.#field
    if (fieldIs(buffer, this.#field, 'Name')) {
      this.#block.setName(this.interner.intern(buffer, valueStart, valueEnd))
      return
    }
    const end = flagsEnd(buffer, valueStart, valueEnd)
    if (end < valueEnd) this.#report.here('smaps-text-after-flags')
    // One letter at the end is half a flag.
    const half = end - valueStart === 1 || (end > valueStart && buffer[end - 2] === BLANK)
    this.#block.setFlags(this.interner.intern(buffer, valueStart, end), half)
  }

  #takeOther(buffer: Uint8Array, start: number, end: number): boolean {
    // A name that a mailer put on a line of its own.
    if (
      this.#afterHeader &&
      buffer[start] === SLASH &&
      this.#block.setName(this.interner.intern(buffer, start, end))
    ) {
      this.#afterHeader = false
      this.#report.here('smaps-wrapped-header')
      return true
    }
    this.#afterHeader = false
    // The last line of a cut file is told by `smaps-cut`.
    if (this.#openEnd && this.counts.headers > 0) this.#block.noteHalfLine()
    else this.#report.here('smaps-unreadable-line')
    return this.#skip()
  }

  #skip(): false {
    this.counts.otherLines++
    return false
  }

  #tryBanner(buffer: Uint8Array, start: number, end: number): boolean {
    const banner = parseBanner(buffer, start, end)
    if (!banner) return false
    this.counts.banners++
    this.#foreign = banner.content === 'foreign' || this.#sections.length >= MOST_SECTIONS
    if (this.#foreign) {
      this.#report.here('smaps-foreign-section', banner.path)
      return true
    }
    this.#openSection('banner')
    this.#section.pid = banner.pid
    this.#section.banner = banner.path
    return true
  }

  #openSection(begin: Section['begin']): void {
    this.#closeSection(false)
    this.#section = new Section(this.#strings, begin, this.counts.lines, LATER_CAPACITY)
    this.#sections.push(this.#section)
    this.#block.enter(this.#section)
  }

  #closeSection(openEnd: boolean): void {
    this.#wrapped = false
    this.#afterHeader = false
    if (!this.#block.closeLast(openEnd)) return
    this.#section.truncated = true
    this.#report.here('smaps-cut')
  }
}
