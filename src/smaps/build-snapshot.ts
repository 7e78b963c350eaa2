import { leafOf } from '../base/path-parts.ts'
import { type Bytes, bytes, micros, type Pid, pid } from '../base/units.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile, NameHints } from '../model/evidence.ts'
import type { MappingTable, ReadSnapshot, SnapshotDetail } from '../model/snapshot.ts'
import { classify } from './kinds.ts'
import { orderRows } from './order.ts'
import type { Section } from './section.ts'

const ASSUMED_PAGE = 4096
/** Linux is built with base pages of 4, 16 or 64 KiB (256 KiB on no machine in use). */
const LARGEST_BASE_PAGE = 65536

/** Fields that no block of a kernel that prints them can lack. */
const CORE_FIELDS = ['Size', 'Rss', 'Pss']

/** Turns a section that was read into a snapshot. `hints` are the file's own, or those of the section's banner. */
export function buildSnapshot(
  section: Section,
  file: EvidenceFile,
  hints: NameHints,
  detail: SnapshotDetail | null,
  diagnostics: Diagnostics,
): ReadSnapshot {
  const order = orderRows(section.table, file.path, diagnostics)
  const mappings = section.table.build(order)
  // pmap prints `-` for what it does not know.
  const incomplete = detail !== 'pmap' && reportIncomplete(mappings, section, file.path, diagnostics)
  classify(mappings)
  return {
    file: file.path,
    pid: pidOf(section, hints),
    time: hints.stamp,
    timeWidth: hints.stampWidth ?? micros(0),
    detail: detail ?? detailOf(mappings),
    program: section.program ?? programOf(mappings),
    mappings,
    pageSize: pageSizeOf(mappings),
    truncated: section.truncated || incomplete,
    empty: mappings.length === 0,
    lines: Math.max(0, section.lastLine - section.firstLine + 1),
  }
}

function pidOf(section: Section, hints: NameHints): Pid | null {
  const number = section.pid ?? hints.pid
  return number === null ? null : pid(number)
}

function detailOf(mappings: MappingTable): SnapshotDetail {
  if (mappings.length === 1 && mappings.strings.get(mappings.name[0]!) === '[rollup]') return 'rollup'
  return mappings.length > 0 && mappings.fields.size === 0 ? 'maps' : 'smaps'
}

/** The page size of the first mapping that has none of huge pages. */
function pageSizeOf(mappings: MappingTable): Bytes {
  const sizes = mappings.fields.get('KernelPageSize')
  return bytes(sizes?.find((size) => size > 0 && size <= LARGEST_BASE_PAGE) ?? ASSUMED_PAGE)
}

/** A path that is mapped like a program: not a library, not a device, not memory with a name. */
const isProgramPath = (name: string): boolean =>
  name.startsWith('/') &&
  !/\.so(?:\.|$| )/.test(name) &&
  !/^\/(?:dev|memfd:|SYSV|anon_hugepage|proc|sys)/.test(name)

/** Base name of the lowest mapping of offset 0 that looks like a program: the kernel maps it below the libraries. */
function programOf(mappings: MappingTable): string | null {
  for (let row = 0; row < mappings.length; row++) {
    const id = mappings.name[row]!
    const name = id === 0 ? '' : mappings.strings.get(id)
    if (!name.startsWith('/')) continue
    if (mappings.offset[row] !== 0 || !isProgramPath(name)) return null
    return leafOf(name).replace(/(?: \(deleted\))+$/, '')
  }
  return null
}

/** Blocks in the middle of the file that lack what the others have: the sums are lower bounds. */
function reportIncomplete(
  mappings: MappingTable,
  section: Section,
  file: string,
  diagnostics: Diagnostics,
): boolean {
  if (!section.table.hasUnknown) return false
  const last = section.truncated ? mappings.length - 1 : mappings.length
  let incomplete = false
  for (const name of CORE_FIELDS) {
    const values = mappings.fields.get(name)
    if (!values) continue
    for (let row = 0; row < last; row++) {
      if (!Number.isNaN(values[row])) continue
      incomplete = true
      diagnostics.report('smaps-field-missing', file, mappings.line[row], name)
    }
  }
  return incomplete
}
