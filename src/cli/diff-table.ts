import { basename } from 'node:path'
import pico from 'picocolors'
import { formatCount, formatSignedBytes } from '../base/format.ts'
import { formatAddress } from '../base/units.ts'
import type { Quantity } from '../model/timeline.ts'
import type { Deltas, SnapshotDiff } from '../timeline/diff.ts'
import { shown } from './terminal.ts'

const COLUMNS = [
  ['size', 'Size'],
  ['rss', 'Rss'],
  ['pss', 'Pss'],
  ['privateDirty', 'Private_Dirty'],
  ['anonymous', 'Anonymous'],
  ['swap', 'Swap'],
] as const satisfies readonly (readonly [Quantity, string])[]

/** The difference as aligned lines: the whole, by kind, by region; biggest change first. */
export function diffLines(diff: SnapshotDiff, color: boolean): string[] {
  const paint = pico.createColors(color)
  const known = COLUMNS.filter(([quantity]) => diff.total[quantity] !== null)
  const tone = (deltas: Deltas) => ((deltas.rss ?? deltas.size ?? 0) > 0 ? paint.red : paint.green)
  const row = (deltas: Deltas, words: string): Row => ({
    cells: known.map(([quantity]) => deltaText(deltas[quantity])),
    words,
    tone: tone(deltas),
  })
  const rows: (Row | string)[] = [
    `${shown(basename(diff.before.file))} → ${shown(basename(diff.after.file))}`,
    { cells: known.map(([, title]) => title), words: '', tone: paint.bold },
    row(diff.total, `all, ${rangesText(diff.total.ranges)}`),
    ...diff.kinds.map(({ kind, deltas }) => row(deltas, `${kind}, ${rangesText(deltas.ranges)}`)),
    '',
    ...diff.regions.map((region) =>
      row(
        region.deltas,
        `${formatAddress(region.start)}-${formatAddress(region.end)} ${region.change} ${region.kind} ${shown(region.name)}`.trimEnd(),
      ),
    ),
  ]
  const widths = known.map((_, at) =>
    Math.max(...rows.map((one) => (typeof one === 'string' ? 0 : one.cells[at]!.length))),
  )
  const lines = rows.map((one) =>
    typeof one === 'string'
      ? one
      : `${one.tone(one.cells.map((cell, at) => cell.padStart(widths[at]!)).join('  '))}  ${one.words}`.trimEnd(),
  )
  return [
    ...lines,
    '',
    `${formatCount(diff.regions.length)} regions differ, ${formatCount(diff.unchanged)} are the same.`,
    ...remarks(diff),
  ]
}

interface Row {
  readonly cells: readonly string[]
  readonly words: string
  readonly tone: (text: string) => string
}

const deltaText = (delta: number | null): string =>
  delta === null ? '?' : delta === 0 ? '0' : formatSignedBytes(delta)

const rangesText = (delta: number | null): string =>
  delta === null || delta === 0
    ? 'as many ranges'
    : `${delta > 0 ? '+' : '−'}${formatCount(Math.abs(delta))} range${Math.abs(delta) === 1 ? '' : 's'}`

/** What the reader must know before trusting a line above. */
function remarks(diff: SnapshotDiff): string[] {
  const lines: string[] = []
  const missing = COLUMNS.filter(([quantity]) => diff.total[quantity] === null).map(([, title]) => title)
  if (missing.length > 0)
    lines.push(`No difference is known for ${missing.join(', ')}: one of the files lacks it.`)
  if (diff.otherProcess)
    lines.push(
      'The program lies elsewhere: these are two processes, and regions cannot be compared by address.',
    )
  for (const side of [diff.before, diff.after])
    if (side.truncated) lines.push(`${shown(side.file)} ends in mid-text: its sums are lower bounds.`)
  return lines
}
