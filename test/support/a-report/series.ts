/** The clock and the curves of the made-up capture. */
import { formatTime } from '../../../src/base/format.ts'
import { MIB, MINUTE, SECOND } from '../../../src/base/units.ts'

/** 2026-11-22T19:47:41 on the captured host. */
const START = Date.UTC(2026, 10, 22, 19, 47, 41) * 1000
const STEP = 5 * SECOND
export const SAMPLES = 48
const at = (index: number): number => START + index * STEP
export const iso = (index: number): string => formatTime(at(index))
export const TRACE_FROM = START + MINUTE
export const TRACE_TO = TRACE_FROM + 2 * MINUTE
export const pad = (value: number) => String(value).padStart(2, '0')

export const snapshotFile = (index: number): string => {
  const clock = formatTime(at(index)).slice(11).replaceAll(':', '')
  return `smaps/smaps_9791_20261122${clock}`
}

/** A repeatable number in [0, 1). */
export const noise = (index: number): number => {
  const value = Math.sin(index * 12.9898) * 43758.5453
  return value - Math.floor(value)
}

export const page = (value: number): number => Math.round(value / 4096) * 4096

export const anonymousAt = (index: number): number =>
  page(2.7 * MIB + index * 1.112 * MIB + noise(index) * 0.4 * MIB)
export const arenaAt = (index: number): number => page(0.55 * MIB + Math.min(index, 12) * 0.05 * MIB)
