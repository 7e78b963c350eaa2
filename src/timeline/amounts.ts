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
  readonly lazyFree: number | null
}

/**
 * Sums a snapshot up. A rollup has no ranges: its size and its count are 0 there, and its sums are one row of kind
 * `rollup`. One mapping without a field makes that sum unknown, because it would be a lower bound only. What is as it was
 * in the snapshot `before` is held once: of most kinds nothing changes for hours.
 */
export function sumUp(snapshot: ReadSnapshot, before?: SummedUp): SummedUp {
  const { mappings } = snapshot
  const rollup = snapshot.detail === 'rollup'
  addUp(mappings, rollup)
  const byKind = new Map<MappingKind, Amounts>()
  let isKnown = before !== undefined
  for (let bin = 0; bin < BINS; bin++)
    if (sums[ROWS + bin]! > 0) {
      const kind = kindOf(bin)
      const known = before?.byKind.get(kind)
      const amounts = knownOr(
        known,
        amountsOf(rollup, (column) => sums[column + bin]!),
      )
      isKnown &&= amounts === known
      byKind.set(kind, amounts)
    }
  return {
    total: knownOr(before?.total, amountsOf(rollup, sumOf)),
    byKind: isKnown && byKind.size === before?.byKind.size ? before.byKind : byKind,
    anonymousRanges: rollup ? 0 : anonymousRanges(mappings),
    lazyFree: lazyFree(mappings),
  }
}

/** The amounts that `pick` gives of each column of sums. */
function amountsOf(rollup: boolean, pick: (column: number) => number): Amounts {
  const known = (quantity: Summed): number | null => {
    const value = pick(COLUMN[quantity])
    return Number.isNaN(value) ? null : value
  }
  return {
    size: pick(SIZE),
    ranges: rollup ? 0 : pick(ROWS),
    rss: known('rss'),
    pss: known('pss'),
    uss: known('uss'),
    swap: known('swap'),
    anonymous: known('anonymous'),
    privateDirty: known('privateDirty'),
    anonHugePages: known('anonHugePages'),
  }
}

/** Those known, where the others are the same; compared by name, because a loop over names takes several times as long. */
const knownOr = (known: Amounts | undefined, amounts: Amounts): Amounts =>
  known !== undefined &&
  known.size === amounts.size &&
  known.rss === amounts.rss &&
  known.pss === amounts.pss &&
  known.uss === amounts.uss &&
  known.swap === amounts.swap &&
  known.ranges === amounts.ranges &&
  known.anonymous === amounts.anonymous &&
  known.privateDirty === amounts.privateDirty &&
  known.anonHugePages === amounts.anonHugePages
    ? known
    : amounts

const BINS = KINDS.length
const ROWS = 0
const SIZE = BINS
/** Where the sums of a quantity begin. */
const COLUMN = Object.fromEntries(SUMMED.map((quantity, at) => [quantity, (2 + at) * BINS])) as Record<
  Summed,
  number
>
/** By kind: rows, bytes of address space, and each summed quantity (NaN when a field is missing), of one snapshot at a time. */
const sums = new Float64Array((2 + SUMMED.length) * BINS)

function sumOf(column: number): number {
  let sum = 0
  for (let kind = 0; kind < BINS; kind++) sum += sums[column + kind]!
  return sum
}

function addUp(table: MappingTable, rollup: boolean): void {
  sums.fill(0)
  const ends = runEnds(table)
  let row = 0
  for (const end of ends) {
    sums[ROWS + table.kind[row]!]! += end - row
    row = end
  }
  if (!rollup) addSizes(table, ends)
  for (const quantity of SUMMED)
    for (const field of FIELDS_OF[quantity]) {
      const values = table.fields.get(field)
      if (values) addField(values, table, ends, COLUMN[quantity])
      else sums.fill(Number.NaN, COLUMN[quantity], COLUMN[quantity] + BINS)
    }
}

/** Rows behind each run of neighbours of one kind. */
function runEnds({ kind, length }: MappingTable): readonly number[] {
  const ends: number[] = []
  for (let row = 1; row < length; row++) if (kind[row] !== kind[row - 1]) ends.push(row)
  if (length > 0) ends.push(length)
  return ends
}

function addSizes({ kind, start, end }: MappingTable, ends: readonly number[]): void {
  let row = 0
  for (const behind of ends) {
    const own = kind[row]!
    let sum = 0
    for (; row < behind; row++) sum += end[row]! - start[row]!
    sums[SIZE + own]! += sum
  }
}

/** Adds a field to the column of sums that begins at `to`. */
function addField(field: Float64Array, { kind }: MappingTable, ends: readonly number[], to: number): void {
  let row = 0
  for (const behind of ends) {
    const own = kind[row]!
    let sum = 0
    for (; row < behind; row++) sum += field[row]!
    sums[to + own]! += sum
  }
}

/** Mostly 0 in every row, and often absent: no quantity of its own, so that a snapshot is not summed up more slowly. */
function lazyFree({ fields, length }: MappingTable): number | null {
  const values = fields.get('LazyFree')
  if (!values) return null
  let sum = 0
  for (let row = 0; row < length; row++) sum += values[row]!
  return Number.isNaN(sum) ? null : sum
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
