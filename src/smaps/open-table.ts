import { type KindBasis, kindOf, type MappingKind } from '../model/mapping-kind.ts'
import { EXECUTE, type MappingTable, READ, SHARED, WRITE } from '../model/snapshot.ts'
import { BASIS_INDEX, KIND_INDEX, OPEN } from './kind-index.ts'
import type { KindSheet } from './kind-sheet.ts'
import type { NameBook } from './name-book.ts'

const ACCESS = READ | WRITE | EXECUTE

/** Above this a process has 64-bit addresses; a whole 32-bit one ends below it. */
const WORD_32 = 2 ** 32
/** Part of a 64-bit process's low addresses alone would look like a 32-bit one; those reach up to the libraries. */
const LOWEST_32_BIT_TOP = 2 ** 30

/** Whether 64-bit Go places its heap there (runtime/malloc.go, `arenaHint`s), in slots of 64 MiB. */
export const GO_HEAP = { from: 0xc0_0000_0000, to: 0x100_0000_0000 } as const
export const isGoHeap = (address: number): boolean => address >= GO_HEAP.from && address < GO_HEAP.to

/** One table while its kinds are found: questions about rows, and the answers so far. */
export class OpenTable {
  readonly table: MappingTable
  readonly names: NameBook
  /** 32 or 64, as the addresses show. */
  readonly wordBits: 32 | 64
  /** Rows that are reserves, ascending: arenas and stacks are found beside them, and most rows are none. */
  readonly reserves: readonly number[]

  constructor(table: MappingTable, sheet: KindSheet) {
    this.table = table
    this.names = sheet.names
    this.reserves = sheet.reserves
    const top = table.length === 0 ? 0 : table.end[table.length - 1]!
    this.wordBits = top > LOWEST_32_BIT_TOP && top <= WORD_32 ? 32 : 64
  }

  get length(): number {
    return this.table.length
  }

  start(row: number): number {
    return this.table.start[row]!
  }

  end(row: number): number {
    return this.table.end[row]!
  }

  size(row: number): number {
    return this.table.end[row]! - this.table.start[row]!
  }

  /** Whether `row` and the one after it touch. */
  touchesNext(row: number): boolean {
    return row + 1 < this.table.length && this.table.end[row] === this.table.start[row + 1]
  }

  isOpen(row: number): boolean {
    return this.table.kind[row] === OPEN
  }

  /** Private, without a name, without any access. */
  isReserve(row: number): boolean {
    return this.table.name[row] === 0 && (this.table.permissions[row]! & (ACCESS | SHARED)) === 0
  }

  /** Private, without a name, readable and writable. */
  isWritable(row: number): boolean {
    const permissions = this.table.permissions[row]!
    return this.table.name[row] === 0 && (permissions & (READ | WRITE | SHARED)) === (READ | WRITE)
  }

  /** Whether the row has any of the FLAG bits. */
  hasFlag(row: number, bits: number): boolean {
    return (this.names.flags.of(this.table.vmFlags[row]!) & bits) !== 0
  }

  /** Whether two rows agree in these FLAG bits; where the snapshot carries no VmFlags nothing speaks against it. */
  sameFlags(row: number, other: number, bits: number): boolean {
    const { vmFlags } = this.table
    if (vmFlags[row] === 0 || vmFlags[other] === 0) return true
    return ((this.names.flags.of(vmFlags[row]!) ^ this.names.flags.of(vmFlags[other]!)) & bits) === 0
  }

  kind(row: number): MappingKind {
    return kindOf(this.table.kind[row]!)
  }

  set(row: number, kind: MappingKind, basis: KindBasis): void {
    this.table.kind[row] = KIND_INDEX[kind]
    this.table.basis[row] = BASIS_INDEX[basis]
  }
}
