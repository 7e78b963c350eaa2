import { greatest, least } from '../base/extremes.ts'
import { type Bytes, bytes, type Pid } from '../base/units.ts'
import { KINDS, kindOf, type MappingKind } from '../model/mapping-kind.ts'
import type { ReadSnapshot } from '../model/snapshot.ts'
import { type Amounts, type ChangeKind, QUANTITIES, type Quantity } from '../model/timeline.ts'
import { sumUp } from './amounts.ts'
import { compareLayouts } from './compare.ts'
import { sameProcess } from './identity.ts'
import { type Layout, layoutOf, Names } from './layout.ts'
import { RegionAmounts } from './region-amounts.ts'
import type { Step } from './step.ts'

/** Differences by quantity, B minus A; `null` where either side lacks the field. */
export type Deltas = { readonly [Q in Quantity]: number | null }

/** One region that differs: its place in B (in A when it is gone), and by how much. */
interface RegionDiff {
  readonly change: ChangeKind
  readonly kind: MappingKind
  readonly name: string
  readonly start: number
  readonly end: number
  /** Header line in B (in A when it is gone). */
  readonly line: number
  readonly deltas: Deltas
}

interface KindDiff {
  readonly kind: MappingKind
  readonly before: Amounts | null
  readonly after: Amounts | null
  readonly deltas: Deltas
}

/** The difference of two snapshots. */
export interface SnapshotDiff {
  readonly before: SideOfDiff
  readonly after: SideOfDiff
  readonly total: Deltas
  /** Kinds that differ, largest change first. */
  readonly kinds: readonly KindDiff[]
  /** Regions that differ, largest change first. */
  readonly regions: readonly RegionDiff[]
  /** Regions that are the same on both sides. */
  readonly unchanged: number
  /** Fields that one side lacks: no difference is known for these. */
  readonly missing: readonly Quantity[]
  /** Program text lies elsewhere: these are two processes, and addresses cannot be compared. */
  readonly otherProcess: boolean
}

interface SideOfDiff {
  readonly file: string
  readonly pid: Pid | null
  readonly total: Amounts
  readonly truncated: boolean
}

/**
 * Compares two snapshots, region by region and kind by kind. Regions are matched by overlap of bytes, as the time line
 * does. The deltas of the regions add up to those of the total, for every quantity that both sides carry. With a rollup
 * on either side there are totals only.
 */
export function diffSnapshots(a: ReadSnapshot, b: ReadSnapshot): SnapshotDiff {
  const names = new Names()
  const before = layoutOf(a, 0 as Layout['time'], names)
  const after = layoutOf(b, 0 as Layout['time'], names)
  const [sumA, sumB] = [sumUp(a), sumUp(b)]
  const rollup = a.detail === 'rollup' || b.detail === 'rollup'
  const total = rollup ? withoutRanges(deltasOf(sumA.total, sumB.total)) : deltasOf(sumA.total, sumB.total)
  const head = {
    before: { file: a.file, pid: a.pid, total: sumA.total, truncated: a.truncated },
    after: { file: b.file, pid: b.pid, total: sumB.total, truncated: b.truncated },
    total,
    missing: QUANTITIES.filter((quantity) => total[quantity] === null),
    otherProcess: !rollup && !sameProcess(before, after, names),
  }
  if (rollup) return { ...head, kinds: [], regions: [], unchanged: 0 }
  const { steps, same } = compareLayouts(before, after)
  const [amountsA, amountsB] = [new RegionAmounts(a, before), new RegionAmounts(b, after)]
  const touched = new Set(steps.filter((step) => step.kind === 'touched').map((step) => step.after[0]))
  const all: Step[] = [...steps]
  for (let run = 0; run < same.runs; run++)
    for (let row = 0; row < same.length[run]!; row++) {
      const [from, to] = [same.before[run]! + row, same.after[run]! + row]
      if (!touched.has(to)) all.push({ kind: 'touched', before: [from], after: [to] })
    }
  const regions = all
    .map((step) => regionOf(step, before, after, amountsA, amountsB, names))
    .filter((region) => region.change !== 'touched' || QUANTITIES.some((quantity) => region.deltas[quantity]))
    .sort((x, y) => weight(y.deltas) - weight(x.deltas) || x.start - y.start)
  return {
    ...head,
    kinds: kindDiffs(sumA.byKind, sumB.byKind),
    regions,
    unchanged: all.length - regions.length,
  }
}

function regionOf(
  step: Step,
  before: Layout,
  after: Layout,
  amountsA: RegionAmounts,
  amountsB: RegionAmounts,
  names: Names,
): RegionDiff {
  const side = step.after.length > 0 ? after : before
  const rows = step.after.length > 0 ? step.after : step.before
  const largest = rows.reduce((x, y) =>
    side.end[y]! - side.start[y]! > side.end[x]! - side.start[x]! ? y : x,
  )
  return {
    change: step.kind,
    kind: kindOf(side.kind[largest]!),
    name: names.strings.get(side.name[largest]!),
    start: least(rows.map((row) => side.start[row]!)),
    end: greatest(rows.map((row) => side.end[row]!)),
    line: side.line[largest]!,
    deltas: deltasOf(amountsA.of(step.before), amountsB.of(step.after)),
  }
}

type Sums = { readonly [Q in Quantity]: number | null }

const deltasOf = (before: Sums, after: Sums): Deltas =>
  Object.fromEntries(
    QUANTITIES.map((quantity) => {
      const [from, to] = [before[quantity], after[quantity]]
      return [quantity, from === null || to === null ? null : to - from]
    }),
  ) as unknown as Deltas

/** A rollup knows sums only: neither its address space nor its number of ranges. */
const withoutRanges = (deltas: Deltas): Deltas => ({ ...deltas, size: null, ranges: null })

/** Resident change first of all; address space where no Rss is known. */
const weight = (deltas: Deltas): Bytes => bytes(Math.abs(deltas.rss ?? 0) + Math.abs(deltas.size ?? 0))

const EMPTY: Sums = Object.fromEntries(QUANTITIES.map((quantity) => [quantity, 0])) as unknown as Sums

function kindDiffs(
  before: ReadonlyMap<MappingKind, Amounts>,
  after: ReadonlyMap<MappingKind, Amounts>,
): KindDiff[] {
  return KINDS.filter((kind) => before.has(kind) || after.has(kind))
    .map((kind) => ({
      kind,
      before: before.get(kind) ?? null,
      after: after.get(kind) ?? null,
      deltas: deltasOf(
        before.get(kind) ?? blank(after.get(kind)),
        after.get(kind) ?? blank(before.get(kind)),
      ),
    }))
    .filter((entry) => QUANTITIES.some((quantity) => entry.deltas[quantity]))
    .sort((x, y) => weight(y.deltas) - weight(x.deltas) || KINDS.indexOf(x.kind) - KINDS.indexOf(y.kind))
}

/** A kind that a side does not have is zero there, in the fields that the other side carries. */
const blank = (other: Amounts | undefined): Sums =>
  Object.fromEntries(
    QUANTITIES.map((quantity) => [quantity, other && other[quantity] === null ? null : EMPTY[quantity]]),
  ) as unknown as Sums
