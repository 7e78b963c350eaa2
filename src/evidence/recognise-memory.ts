import { PMAP_COLUMNS } from '../base/pmap-columns.ts'
import { binaryShare, type Head } from './head.ts'

/**
 * Recognises what the kernel's fs/proc/task_mmu.c and procps' pmap print. A header line is read from the left only:
 * names hold anything, also text that looks like a header.
 */
const HEADER = /^\s*[0-9a-f]{1,16}-[0-9a-f]{1,16} [r-][w-][x-][sp-] [0-9a-f]+ [0-9a-f]+:[0-9a-f]+(?: |$)/
const ROLLUP = /^\s*[0-9a-f]{1,16}-[0-9a-f]{1,16} ---p 0+ 0+:0+ 0 +\[rollup\]$/
/** Fields that /proc/PID/status and /proc/meminfo do not have. */
const FIELD =
  /^\s*(?:Rss|Pss(?:_\w+)?|Shared_(?:Clean|Dirty|Hugetlb)|Private_(?:Clean|Dirty|Hugetlb)|Referenced|KernelPageSize|MMUPageSize|SwapPss):\s*\d+ kB\s*$|^\s*VmFlags:( [a-z?]{2,})*\s*$/

/** Lines that match as they stand, or else without what was put around them. */
const count = (head: Head, pattern: RegExp): number =>
  head.lines.filter((line) => pattern.test(line)).length ||
  head.lines.filter((_, index) => pattern.test(head.bareLine(index))).length

/** The file begins with a mapping and its first field, as every whole snapshot does and no log ever can. */
export function beginsAsSmaps(head: Head): string | null {
  const [header = '', field = ''] = head.opening
  const isSnapshot = HEADER.test(header) && !ROLLUP.test(header) && /^(?:Size|Name):\s/.test(field)
  return isSnapshot ? 'begins with a mapping header and its fields' : null
}

export function sniffRollup(head: Head): string | null {
  return count(head, ROLLUP) > 0 && count(head, HEADER) === count(head, ROLLUP)
    ? 'the only range is named [rollup]'
    : null
}

/** Enough to be a capture and not an example in somebody's notes. */
const isMuch = (lines: number, head: Head): boolean =>
  lines >= 20 || lines * 10 >= head.lines.filter((line) => line.trim() !== '').length

export function sniffSmaps(head: Head): string | null {
  const fields = count(head, FIELD)
  if (fields === 0) return null
  const headers = count(head, HEADER)
  if (!isMuch(fields + headers, head)) return null
  if (headers > 0)
    return `${headers} mapping ${headers === 1 ? 'header' : 'headers'} and smaps fields at its start`
  // Cut at the front, or a header that a mailer wrapped: fields alone, but several of them.
  return fields >= 3 ? `${fields} smaps fields without a header at its start` : null
}

export function sniffMaps(head: Head): string | null {
  const headers = count(head, HEADER)
  if (headers === 0 || !isMuch(headers, head) || binaryShare(head) > 0.1) return null
  return `${headers} mapping ${headers === 1 ? 'line' : 'lines'} without smaps fields`
}

const PMAP_ROW = /^[0-9a-f]{8,16}\s+\d+K [r-][w-][x-][s-][R-]?\s/
const PMAP_EXTENDED_ROW =
  /^[0-9a-f]{8,16}\s+\d+\s+(?:\d+|-)\s+(?:\d+|-)\s+(?:(?:\d+|-)\s+)?[r-][w-][x-][s-][R-]?\s/

export function sniffPmap(head: Head): string | null {
  if (count(head, PMAP_COLUMNS) > 0) return 'the column names of pmap -x or -X'
  const rows = count(head, PMAP_ROW) + count(head, PMAP_EXTENDED_ROW)
  return rows > 0 ? `${rows} pmap ${rows === 1 ? 'row' : 'rows'}` : null
}
