import {
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatRateShort,
  formatShare,
} from './base/format.ts'
import type { Threshold, ThresholdUnit } from './findings/rule.ts'

const WRITE: Readonly<Record<ThresholdUnit, (value: number) => string>> = {
  bytes: formatBytes,
  count: formatCount,
  share: formatShare,
  micros: (value) => formatDuration(value).en,
  'per-second': (value) => `${formatNumber(value)}/s`,
  'bytes-per-hour': formatRateShort,
}

/** A rule's threshold as people read it. */
export const formatThreshold = ({ unit, value }: Pick<Threshold, 'unit' | 'value'>): string =>
  WRITE[unit](value)
