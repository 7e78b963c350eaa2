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
  const bins = KINDS.length
  const seen = new Float64Array(bins)
  const size = new Float64Array(bins)
  let anonymousRanges = 0
  const rollup = snapshot.detail === 'rollup'
  for (let row = 0; row < mappings.length; row++) {
    const kind = mappings.kind[row]!
    seen[kind]! += 1
    if (rollup) continue
    size[kind]! += mappings.end[row]! - mappings.start[row]!
    if (isAnonymous(mappings, row)) anonymousRanges += 1
  }
  const sums = new Map(SUMMED.map((quantity) => [quantity, sumFields(mappings, FIELDS_OF[quantity], bins)]))
  const byKind = new Map<MappingKind, Amounts>()
  const amountsOf = (pick: (column: Float64Array) => number): Amounts => {
    const known = (quantity: Summed): number | null => {
      const column = sums.get(quantity)
      const value = column ? pick(column) : Number.NaN
      return Number.isNaN(value) ? null : value
    }
    return {
      size: pick(size),
      ranges: rollup ? 0 : pick(seen),
      rss: known('rss'),
      pss: known('pss'),
      uss: known('uss'),
      swap: known('swap'),
      anonymous: known('anonymous'),
      privateDirty: known('privateDirty'),
      anonHugePages: known('anonHugePages'),
    }
  }
  for (let kind = 0; kind < bins; kind++)
    if (seen[kind]! > 0)
      byKind.set(
        kindOf(kind),
        amountsOf((column) => column[kind]!),
      )
  return {
    total: amountsOf(sumOf),
    byKind,
    anonymousRanges,
  }
}

function sumOf(values: Float64Array): number {
  let sum = 0
  for (let at = 0; at < values.length; at++) sum += values[at]!
  return sum
}

/** Sums by kind of one or more fields added together, or `null` when the text lacks one of them. */
function sumFields(table: MappingTable, fields: readonly string[], bins: number): Float64Array | null {
  const columns = fields.map((field) => table.fields.get(field))
  if (columns.some((column) => column === undefined)) return null
  const sums = new Float64Array(bins)
  for (const column of columns) if (column) addByKind(column, table, sums)
  return sums
}

function addByKind(column: Float64Array, { kind, length }: MappingTable, sums: Float64Array): void {
  let bin = 0
  let sum = sums[bin]!
  for (let row = 0; row < length; row++) {
    if (kind[row] !== bin) {
      sums[bin] = sum
      bin = kind[row]!
      sum = sums[bin]!
    }
    sum += column[row]!
  }
  sums[bin] = sum
}

/** Memory without a file, apart from `[heap]`, `[stack]` and the kernel's own pages. */
function isAnonymous(table: MappingTable, row: number): boolean {
  const id = table.name[row]!
  return id === 0 || table.strings.get(id).startsWith('[anon')
}
