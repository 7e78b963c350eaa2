/**
 * Ranges that lost digits on the way: `f82f6bf0000-7f82f6bfb000` was `7f82f6bf0000-7f82f6bfb000`. The start's own digits
 * are still the low ones of the true start, and a mapping does not reach across the gap.
 */
import { KIB } from '../base/units.ts'
import type { TableBuilder } from './table-builder.ts'

/** Largest page: `Size` of a stack with a guard page differs from its range by one. */
export const SIZE_TOLERANCE = 64 * KIB

/** No file in use is mapped in one piece of this many bytes. */
const LARGEST_FILE_MAPPING = 2 ** 44

/** A range of the last row that nothing confirms and that no mapping of a file can have. */
export const isImplausible = (table: TableBuilder, size: number): boolean =>
  Number.isNaN(size) && table.lastInode() > 0 && table.lastEnd() - table.lastStart() > LARGEST_FILE_MAPPING

/** The start that `start` was before it lost its first digits; `null` when the rest does not fit. `size` may be NaN. */
export function mendStart(start: number, end: number, size: number): number | null {
  const span = 16 ** Math.max(1, start.toString(16).length)
  const candidate = Number.isNaN(size) ? Math.floor(end / span) * span + start : end - size
  return candidate > start && candidate < end && candidate % span === start ? candidate : null
}
