import { bytes } from '../base/units.ts'
import { kindOf } from '../model/mapping-kind.ts'
import type { ReadSnapshot } from '../model/snapshot.ts'
import type { UntimedSnapshot } from '../model/timeline.ts'
import { sumUp } from './amounts.ts'

/** A reader is told the few that matter; all of them are in the file. */
const LARGEST_KEPT = 3

/** What a snapshot shows that has no place on the time line: its sums and its largest mappings. */
export function untimedOf(snapshot: ReadSnapshot): UntimedSnapshot {
  const { start, end, kind, name, strings, fields, length } = snapshot.mappings
  const rss = fields.get('Rss') ?? null
  const sizeOf = (row: number): number => end[row]! - start[row]!
  const weightOf = (row: number): number => (rss ? rss[row]! || 0 : sizeOf(row))
  const rows = Array.from({ length }, (_, row) => row)
    .sort((a, b) => weightOf(b) - weightOf(a) || a - b)
    .slice(0, LARGEST_KEPT)
  return {
    file: snapshot.file,
    pid: snapshot.pid,
    total: sumUp(snapshot).total,
    truncated: snapshot.truncated,
    largest: rows
      .filter((row) => weightOf(row) > 0)
      .map((row) => ({
        kind: kindOf(kind[row]!),
        name: strings.get(name[row]!),
        start: start[row]!,
        bytes: bytes(weightOf(row)),
      })),
  }
}
