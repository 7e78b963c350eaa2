import { greatest, least } from '../base/extremes.ts'
import { bytes } from '../base/units.ts'
import { kindOf } from '../model/mapping-kind.ts'
import type { Change, ChangeKind, SnapshotPair } from '../model/timeline.ts'
import { sizeOf } from './compare.ts'
import type { Layout, Names } from './layout.ts'
import type { Step } from './step.ts'

/** A change whose lineage is still a number: mappings may yet turn out to be one lineage. */
interface PendingChange {
  readonly lineage: number
  readonly kind: ChangeKind
  readonly mappingKind: number
  readonly name: number
  readonly start: number
  readonly end: number
  readonly sizeDelta: number
  /** NaN when either side does not know Rss. */
  readonly rssDelta: number
  readonly line: number
}

/** Changes between two snapshots, largest first; what the budget cuts off is summed up. */
export interface PendingPair {
  readonly before: { readonly file: string; readonly time: number }
  readonly after: { readonly file: string; readonly time: number }
  changes: PendingChange[]
  omitted: { count: number; sizeDelta: number; rssDelta: number }
}

const weight = (change: PendingChange): number =>
  Math.abs(change.sizeDelta) + (Number.isNaN(change.rssDelta) ? 0 : Math.abs(change.rssDelta))

/** Turns the steps between two layouts into changes, largest first. */
export function pairOf(before: Layout, after: Layout, steps: readonly Step[]): PendingPair {
  const changes = steps.map((step) => changeOf(before, after, step)).filter(isChange)
  changes.sort((a, b) => weight(b) - weight(a) || a.start - b.start)
  return {
    before: { file: before.file, time: before.time },
    after: { file: after.file, time: after.time },
    changes,
    omitted: { count: 0, sizeDelta: 0, rssDelta: 0 },
  }
}

/** A group may end up exactly as it was, only cut elsewhere: worth a change only when it moved or its count differs. */
const isChange = (change: PendingChange): boolean =>
  change.kind !== 'touched' || weight(change) > 0 || Number.isNaN(change.rssDelta)

function changeOf(before: Layout, after: Layout, step: Step): PendingChange {
  const side = step.after.length > 0 ? after : before
  const rows = step.after.length > 0 ? step.after : step.before
  const size = (row: number): number => side.end[row]! - side.start[row]!
  const largest = rows.reduce((a, b) => (size(b) > size(a) ? b : a))
  return {
    lineage: side.lineage[largest]!,
    kind: step.kind,
    mappingKind: side.kind[largest]!,
    name: side.name[largest]!,
    start: least(rows.map((row) => side.start[row]!)),
    end: greatest(rows.map((row) => side.end[row]!)),
    sizeDelta: sizeOf(after, step.after) - sizeOf(before, step.before),
    rssDelta: rssOf(after, step.after) - rssOf(before, step.before),
    line: side.line[largest]!,
  }
}

function rssOf(layout: Layout, rows: readonly number[]): number {
  let sum = 0
  for (const row of rows) sum += layout.rss[row]!
  return sum
}

/** Keeps the `most` largest changes of a pair and adds the others up. */
export function trim(pair: PendingPair, most: number): void {
  if (pair.changes.length <= most) return
  for (const change of pair.changes.splice(most)) {
    pair.omitted.count += 1
    pair.omitted.sizeDelta += change.sizeDelta
    pair.omitted.rssDelta += change.rssDelta
  }
}

/**
 * First against last snapshot of a segment, by lineage: what the whole time did to each, whatever it went through.
 * `root` tells the lineage a row's number belongs to by now.
 */
export function firstToLast(first: Layout, last: Layout, root: (id: number) => number): PendingPair {
  const ids = { before: rootsOf(first, root), after: rootsOf(last, root) }
  const settled = unchanged(first, last, ids)
  const rows = new Map<number, { before: number[]; after: number[] }>()
  for (const side of ['before', 'after'] as const)
    for (let row = 0; row < ids[side].length; row++) {
      const id = ids[side][row]!
      if (settled.has(id)) continue
      let entry = rows.get(id)
      if (!entry) {
        entry = { before: [], after: [] }
        rows.set(id, entry)
      }
      entry[side].push(row)
    }
  const steps: Step[] = []
  for (const entry of rows.values()) {
    const kind = overallKind(first, last, entry)
    if (kind) steps.push({ kind, ...entry })
  }
  return pairOf(first, last, steps)
}

function rootsOf({ lineage, length }: Layout, root: (id: number) => number): Int32Array {
  const ids = new Int32Array(length)
  for (let row = 0; row < length; row++) ids[row] = root(lineage[row]!)
  return ids
}

/** Lineages of one row on each side that are as they were: most of what there is. */
function unchanged(
  first: Layout,
  last: Layout,
  { before, after }: { readonly before: Int32Array; readonly after: Int32Array },
): { has(id: number): boolean } {
  const most = Math.max(before.reduce(larger, 0), after.reduce(larger, 0))
  const [onlyBefore, onlyAfter] = [onlyRows(before, most), onlyRows(after, most)]
  return {
    has(id) {
      const a = onlyBefore[id]! - 1
      const b = onlyAfter[id]! - 1
      return (
        a >= 0 &&
        b >= 0 &&
        first.start[a] === last.start[b] &&
        first.end[a] === last.end[b] &&
        first.key[a] === last.key[b] &&
        Object.is(first.rss[a], last.rss[b])
      )
    },
  }
}

/** By id up to `most`: its only row and 1; 0 for none, -1 for several. */
function onlyRows(ids: Int32Array, most: number): Int32Array {
  const rows = new Int32Array(most + 1)
  for (let row = 0; row < ids.length; row++) rows[ids[row]!] = rows[ids[row]!] === 0 ? row + 1 : -1
  return rows
}

const larger = (a: number, b: number): number => (a > b ? a : b)

function overallKind(
  first: Layout,
  last: Layout,
  { before, after }: { readonly before: readonly number[]; readonly after: readonly number[] },
): ChangeKind | null {
  if (before.length === 0) return 'appeared'
  if (after.length === 0) return 'unmapped'
  const delta = sizeOf(last, after) - sizeOf(first, before)
  if (delta !== 0) return delta > 0 ? 'grew' : 'shrank'
  const [from, to] = [before[0]!, after[0]!]
  if (before.length !== after.length) return before.length < after.length ? 'split' : 'merged'
  if (first.key[from] !== last.key[to]) return 'reprotected'
  if (first.start[from] !== last.start[to]) return 'moved'
  return Object.is(rssOf(first, before), rssOf(last, after)) ? null : 'touched'
}

/** The public form, with the lineages' final names. */
export function publish(
  pair: PendingPair,
  pid: SnapshotPair['pid'],
  names: Names,
  label: (id: number) => string,
): SnapshotPair {
  return {
    pid,
    from: pair.before.time as SnapshotPair['from'],
    to: pair.after.time as SnapshotPair['to'],
    fromFile: pair.before.file,
    toFile: pair.after.file,
    changes: pair.changes.map(
      (change): Change => ({
        kind: change.kind,
        lineage: label(change.lineage),
        mappingKind: kindOf(change.mappingKind),
        name: names.strings.get(change.name),
        start: change.start,
        end: change.end,
        sizeDelta: bytes(change.sizeDelta),
        rssDelta: Number.isNaN(change.rssDelta) ? null : bytes(change.rssDelta),
        line: change.line,
      }),
    ),
    ...(pair.omitted.count > 0
      ? {
          omitted: {
            count: pair.omitted.count,
            sizeDelta: bytes(pair.omitted.sizeDelta),
            rssDelta: Number.isNaN(pair.omitted.rssDelta) ? null : bytes(pair.omitted.rssDelta),
          },
        }
      : {}),
  }
}
