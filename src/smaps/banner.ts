/**
 * `==> /proc/6261/smaps <==`: what `head` and `tail` print above each of several files. A `cmdline`, which ends in NUL,
 * may stand in front.
 */
import { decodeText, literal } from '../base/bytes-text.ts'

const OPEN = literal('==> ')
const CLOSE = literal(' <==')

/** A banner's path and what it says about the lines below. */
export interface Banner {
  readonly path: string
  /** From `/proc/<pid>/`; `null` for `self` and for other paths. */
  readonly pid: number | null
  /** `snapshot` for smaps, maps and smaps_rollup, and where the path does not tell; `foreign` for other /proc files. */
  readonly content: 'snapshot' | 'foreign'
}

const SNAPSHOT_FILES = ['smaps', 'maps', 'smaps_rollup']

/** The banner that the line holds, or `null`. */
export function parseBanner(buffer: Uint8Array, start: number, end: number): Banner | null {
  const line = Buffer.from(buffer.buffer, buffer.byteOffset + start, end - start)
  const open = line.indexOf(OPEN)
  if (open < 0 || line.lastIndexOf(CLOSE) !== line.length - CLOSE.length) return null
  if (open > 0 && line[open - 1] !== 0) return null
  const path = decodeText(line, open + OPEN.length, line.length - CLOSE.length)
  const proc = /^\/proc\/([^/]+)\/(?:task\/\d+\/)?([^/]+)$/.exec(path)
  if (!proc) return { path, pid: null, content: 'snapshot' }
  return {
    path,
    pid: /^\d{1,10}$/.test(proc[1]!) ? Number(proc[1]) : null,
    content: SNAPSHOT_FILES.includes(proc[2]!) ? 'snapshot' : 'foreign',
  }
}
