import { KINDS, kindOf, type MappingKind } from '../model/mapping-kind.ts'
import type { MappingTable, ReadSnapshot } from '../model/snapshot.ts'
import type { Amounts, Quantity } from '../model/timeline.ts'

/** Which smaps fields add up to a quantity; `size` and `ranges` come from the ranges themselves. */
export const FIELDS_OF = {
  rss: ['Rss'],
  pss: ['Pss'],
  uss: ['Private_Clean', 'Private_Dirty'],
  swap: ['Swap'],
  anonymous: ['Anonymous'],
  privateDirty: ['Private_Dirty'],
  anonHugePages: ['AnonHugePages'],
} as const satisfies Partial<Record<Quantity, readonly string[]>>

type Summed = keyof typeof FIELDS_OF
const SUMMED = Object.keys(FIELDS_OF) as Summed[]

/** Totals of one snapshot, and the same by kind of mapping. Bytes; `null` where a field is not in the text. */
export interface SummedUp {
  readonly total: Amounts
  readonly byKind: ReadonlyMap<MappingKind, Amounts>
  readonly anonymousRanges: number
}

/**
 * Sums a snapshot up. A rollup has no ranges: its size and its count are 0 there, and its sums are one row of kind
 * `rollup`. One mapping without a field makes that sum unknown, because it would be a lower bound only.
 */
export function sumUp(snapshot: ReadSnapshot): SummedUp {
  const { mappings } = snapshot
  const rollup = snapshot.detail === 'rollup'
  const runs = runsOf(mappings)
  const size = rollup ? new Float64Array(KINDS.length) : sizes(mappings, runs)
  const sums = new Map(SUMMED.map((quantity) => [quantity, sumFields(mappings, FIELDS_OF[quantity], runs)]))
  const byKind = new Map<MappingKind, Amounts>()
  const amountsOf = (pick: (column: Float64Array) => number): Amounts => {
    const known = (quantity: Summed): number | null => {
      const column = sums.get(quantity)
      const value = column ? pick(column) : Number.NaN
      return Number.isNaN(value) ? null : value
    }
    return {
      size: pick(size),
      ranges: rollup ? 0 : pick(runs.rows),
      rss: known('rss'),
      pss: known('pss'),
      uss: known('uss'),
      swap: known('swap'),
      anonymous: known('anonymous'),
      privateDirty: known('privateDirty'),
      anonHugePages: known('anonHugePages'),
    }
  }
  for (let kind = 0; kind < KINDS.length; kind++)
    if (runs.rows[kind]! > 0)
      byKind.set(
        kindOf(kind),
        amountsOf((column) => column[kind]!),
      )
  return {
    total: amountsOf(sumOf),
    byKind,
    anonymousRanges: rollup ? 0 : anonymousRanges(mappings),
  }
}

function sumOf(values: Float64Array): number {
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at]!
  return sum
}

/** Neighbours of one kind: run `at` ends before row `ends[at]`, and the next one begins there. */
interface Runs {
  readonly ends: readonly number[]
  /** By kind. */
  readonly rows: Float64Array
}

function runsOf({ kind, length }: MappingTable): Runs {
  const ends: number[] = []
  const rows = new Float64Array(KINDS.length)
  for (let row = 0; row < length; ) {
    const first = row
    const own = kind[row]!
    while (row < length && kind[row] === own) row++
    ends.push(row)
    rows[own]! += row - first
  }
  return { ends, rows }
}

/** Bytes of address space by kind. */
function sizes({ kind, start, end }: MappingTable, { ends }: Runs): Float64Array {
  const sums = new Float64Array(KINDS.length)
  let row = 0
  for (const behind of ends) {
    const own = kind[row]!
    let sum = 0
    for (; row < behind; row++) sum += end[row]! - start[row]!
    sums[own]! += sum
  }
  return sums
}

/** Sums by kind of one or more fields added together, or `null` when the text lacks one of them. */
function sumFields(table: MappingTable, fields: readonly string[], runs: Runs): Float64Array | null {
  const sums = new Float64Array(KINDS.length)
  for (const field of fields) {
    const column = table.fields.get(field)
    if (column === undefined) return null
    addByKind(column, table, runs, sums)
  }
  return sums
}

function addByKind(column: Float64Array, { kind }: MappingTable, { ends }: Runs, sums: Float64Array): void {
  let row = 0
  for (const behind of ends) {
    const own = kind[row]!
    let sum = 0
    for (; row < behind; row++) sum += column[row]!
    sums[own]! += sum
  }
}

/** Mappings of memory without a file, apart from `[heap]`, `[stack]` and the kernel's own pages. */
function anonymousRanges({ name, length, strings }: MappingTable): number {
  let ranges = 0
  for (let row = 0; row < length; row++) {
    const id = name[row]!
    if (id === 0 || strings.get(id).startsWith('[anon')) ranges++
  }
  return ranges
}
