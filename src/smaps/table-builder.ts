import type { StringTable } from '../base/string-table.ts'
import type { MappingTable } from '../model/snapshot.ts'
import type { BlockKernel } from './block-kernel.ts'
import type { BlockLayout, Fields } from './block-layout.ts'
import { ColumnPool } from './column-pool.ts'
import { copyIds, copyRows } from './copy-rows.ts'
import type { Header } from './header.ts'
import { uniformColumn, uniformValue } from './uniform-column.ts'

/** Puts what is in `old` at the front of `grown`. */
function enlarged<T extends Float64Array | Uint32Array | Uint8Array>(old: T, grown: T): T {
  grown.set(old)
  return grown
}

const FEWEST_ROWS = 4

/** Collects one snapshot's mappings in columns. Rows are added in file order; fields are set on the last row. */
export class TableBuilder {
  readonly #strings: StringTable
  readonly #pool: ColumnPool
  readonly #isLent: boolean
  length = 0
  /** Some field of some row may be NaN. */
  hasUnknown = false
  #capacity: number
  #start: Float64Array
  #end: Float64Array
  #offset: Float64Array
  #inode: Float64Array
  #permissions: Uint8Array
  #device: Uint32Array
  #name: Uint32Array
  #vmFlags: Uint32Array
  #line: Uint32Array
  #fields: Fields = { names: [], columnOf: new Map() }
  /** The fields are a layout's own: they are copied before one is added. */
  #hasLayoutFields = false
  /** `null` while every row so far holds 0. */
  readonly #values: (Float64Array | null)[] = []

  /** With a `pool` the table is good until the pool takes its columns back. */
  constructor(strings: StringTable, capacity = 64, pool: ColumnPool | null = null) {
    this.#strings = strings
    this.#pool = pool ?? new ColumnPool()
    this.#isLent = pool !== null
    // Few lengths, so that what one file had fits the next.
    this.#capacity = this.#isLent
      ? 2 ** Math.ceil(Math.log2(Math.max(capacity, FEWEST_ROWS)))
      : Math.max(capacity, FEWEST_ROWS)
    this.#start = this.#pool.doubles(this.#capacity)
    this.#end = this.#pool.doubles(this.#capacity)
    this.#offset = this.#pool.doubles(this.#capacity)
    this.#inode = this.#pool.doubles(this.#capacity)
    this.#permissions = this.#pool.bytes(this.#capacity)
    this.#device = this.#pool.words(this.#capacity)
    this.#name = this.#pool.words(this.#capacity)
    this.#vmFlags = this.#pool.words(this.#capacity)
    this.#line = this.#pool.words(this.#capacity)
  }

  /** Adds a row; every known field is 0 there until it is set. */
  addRow(header: Header, device: number, name: number, line: number): void {
    if (this.length === this.#capacity) this.#grow()
    const row = this.length++
    this.#start[row] = header.start
    this.#end[row] = header.end
    this.#offset[row] = header.offset
    this.#inode[row] = header.inode
    this.#permissions[row] = header.permissions
    this.#device[row] = device
    this.#name[row] = name
    this.#vmFlags[row] = 0
    this.#line[row] = line
    for (const values of this.#values) if (values) values[row] = 0
  }

  /** Adds the rows that the kernel read last; the first header is in `line`, each following one `stride` lines on. */
  addRows(kernel: BlockKernel, rows: number, line: number, stride: number): void {
    while (this.length + rows > this.#capacity) this.#grow()
    const first = this.length
    const read = kernel.rows
    copyRows(this.#start, first, read.start, rows)
    copyRows(this.#end, first, read.end, rows)
    copyRows(this.#offset, first, read.offset, rows)
    copyRows(this.#inode, first, read.inode, rows)
    this.#permissions.set(read.permissions.subarray(0, rows), first)
    copyIds(this.#name, first, read.name, rows, kernel)
    copyIds(this.#device, first, read.device, rows, kernel)
    copyIds(this.#vmFlags, first, read.flags, rows, kernel)
    for (let row = 0; row < rows; row++) this.#line[first + row] = line + row * stride
    this.length += rows
  }

  /** Sets a field of the last `rows` rows; `null`: all of them are 0. */
  setRows(column: number, values: Float64Array | null, rows: number): void {
    if (values) copyRows(this.#values[column] ?? this.#materialise(column), this.length - rows, values, rows)
    else this.#values[column]?.fill(0, this.length - rows, this.length)
  }

  /** The last `rows` rows do not have this field. */
  leaveUnknown(column: number, rows: number): void {
    const values = this.#values[column] ?? this.#materialise(column)
    values.fill(Number.NaN, this.length - rows, this.length)
    this.hasUnknown = true
  }

  get fieldNames(): readonly string[] {
    return this.#fields.names
  }

  /** Gives a table without fields those of a layout; all its rows are read by it. */
  useFieldsOf(layout: BlockLayout): void {
    this.#fields = layout.fields
    this.#hasLayoutFields = true
    for (let column = 0; column < layout.fields.names.length; column++) this.#values.push(null)
  }

  /** Column of a field, added when it is new: rows before the last `rows` do not have it, so they become NaN. */
  column(field: string, rows = 1): number {
    const known = this.#fields.columnOf.get(field)
    if (known !== undefined) return known
    if (this.#hasLayoutFields)
      this.#fields = { names: [...this.#fields.names], columnOf: new Map(this.#fields.columnOf) }
    this.#hasLayoutFields = false
    const { names, columnOf } = this.#fields
    const column = names.length
    names.push(field)
    columnOf.set(field, column)
    this.#values.push(null)
    if (this.length > rows) {
      this.#materialise(column).fill(Number.NaN, 0, this.length - rows)
      this.hasUnknown = true
    }
    return column
  }

  hasField(field: string): boolean {
    return this.#fields.columnOf.has(field)
  }

  /** Sets a field of the last row. */
  set(column: number, value: number): void {
    const values = this.#values[column]
    if (Number.isNaN(value)) this.hasUnknown = true
    if (values) values[this.length - 1] = value
    else if (value !== 0) this.#materialise(column)[this.length - 1] = value
  }

  get(column: number): number {
    return this.#values[column]?.[this.length - 1] ?? 0
  }

  setVmFlags(flags: number): void {
    this.#vmFlags[this.length - 1] = flags
  }

  setName(name: number): void {
    this.#name[this.length - 1] = name
  }

  setInode(inode: number): void {
    this.#inode[this.length - 1] = inode
  }

  setStart(start: number): void {
    this.#start[this.length - 1] = start
  }

  lastStart(): number {
    return this.#start[this.length - 1]!
  }

  lastEnd(): number {
    return this.#end[this.length - 1]!
  }

  lastInode(): number {
    return this.#inode[this.length - 1]!
  }

  lastName(): number {
    return this.#name[this.length - 1]!
  }

  /** Whether the last row's name is this one. */
  lastIsNamed(name: string): boolean {
    return this.#strings.get(this.lastName()) === name
  }

  lastLine(): number {
    return this.#line[this.length - 1]!
  }

  startOf(row: number): number {
    return this.#start[row]!
  }

  endOf(row: number): number {
    return this.#end[row]!
  }

  lineOf(row: number): number {
    return this.#line[row]!
  }

  /** Takes the last row out again. */
  dropLast(): void {
    this.length--
  }

  nameOf(row: number): number {
    return this.#name[row]!
  }

  /** The table of the rows that `order` lists (all, as added, when it is `null`); `kind` and `basis` are all 0. Nothing may be added after. */
  build(order: Uint32Array | null): MappingTable {
    const length = order ? order.length : this.length
    const pick = <T extends Float64Array | Uint32Array | Uint8Array>(column: T): T => {
      // A column that is nearly full, or only lent, is handed over as it is.
      if (!order && (this.#isLent || length * 4 >= this.#capacity * 3)) return column.subarray(0, length) as T
      const picked = column.slice(0, length) as T
      if (order) for (let row = 0; row < length; row++) picked[row] = column[order[row]!]!
      return picked
    }
    const zeros = (): Uint8Array => this.#pool.bytes(this.#capacity).fill(0).subarray(0, length)
    const fields = new Map<string, Float64Array>()
    for (let column = 0; column < this.fieldNames.length; column++) {
      const values = this.#values[column]
      const uniform = !values ? 0 : this.#isLent ? null : uniformValue(values, this.length)
      fields.set(
        this.fieldNames[column]!,
        uniform !== null ? uniformColumn(uniform, length) : pick(values as Float64Array),
      )
    }
    return {
      length,
      start: pick(this.#start),
      end: pick(this.#end),
      permissions: pick(this.#permissions),
      offset: pick(this.#offset),
      inode: pick(this.#inode),
      device: pick(this.#device),
      name: pick(this.#name),
      vmFlags: pick(this.#vmFlags),
      kind: zeros(),
      basis: zeros(),
      line: pick(this.#line),
      fields,
      strings: this.#strings,
    }
  }

  #materialise(column: number): Float64Array {
    const values = this.#pool.doubles(this.#capacity)
    values.fill(0, 0, this.length)
    this.#values[column] = values
    return values
  }

  #grow(): void {
    this.#capacity *= 2
    const doubles = (old: Float64Array) => enlarged(old, this.#pool.doubles(this.#capacity))
    const words = (old: Uint32Array) => enlarged(old, this.#pool.words(this.#capacity))
    this.#start = doubles(this.#start)
    this.#end = doubles(this.#end)
    this.#offset = doubles(this.#offset)
    this.#inode = doubles(this.#inode)
    this.#permissions = enlarged(this.#permissions, this.#pool.bytes(this.#capacity))
    this.#device = words(this.#device)
    this.#name = words(this.#name)
    this.#vmFlags = words(this.#vmFlags)
    this.#line = words(this.#line)
    for (let column = 0; column < this.#values.length; column++) {
      const values = this.#values[column]
      if (values) this.#values[column] = doubles(values)
    }
  }
}
