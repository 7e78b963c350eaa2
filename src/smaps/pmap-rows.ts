/**
 * Rows of pmap (procps pmap.c). Numbers are KiB; there is no END, it is the address + Size.
 *
 *   00314000    108K r-x--  /lib/ld-2.10.1.so                                             pmap
 *   0000000000400000   17416    7488       0 r-x-- ffplay                                 pmap -x
 *   0024e000       4       -       -       - r----  libc-2.10.1.so                        pmap -x, old
 *   00400000    108 r-x-- 0000000000000000 008:00001 ld.so                                pmap -d
 *       569e6899d000 r--p 00000000  fc:01 12453906      4     4     4 ... 0 memory-user   pmap -X, -XX
 *
 * pmap files are small and rare beside smaps, so rows are read as strings.
 *
 * What it cannot know: the directory of a file (only its last part is printed), which `[ anon ]` is the heap, and
 * without -X anything but sizes.
 */
import { parseHex } from '../base/bytes-text.ts'
import { KIB } from '../base/units.ts'
import { parsePermissions } from './header.ts'
import { isUnitlessField } from './known-fields.ts'

/** One row; NaN where the form does not tell. */
export interface PmapRow {
  readonly address: number
  readonly permissions: number
  readonly offset: number
  readonly device: string
  readonly inode: number
  readonly name: string
  readonly vmFlags: string
  /** Bytes (counts for fields without a unit), by field name; `Size` is always there. */
  readonly fields: ReadonlyMap<string, number>
}

/** Column names of one `pmap -X` or `-XX` table, from its header line. */
export interface PmapHeader {
  /** The kernel's names between Inode and VmFlags or Mapping; they are never translated. */
  readonly fields: readonly string[]
  readonly hasVmFlags: boolean
  /** Column of the mapping's name, in characters. */
  readonly nameAt: number
}

const FIXED_COLUMNS = 5
const CLASSIC =
  /^\s*([0-9a-f]{8,16})\s+((?:\d+|-)K?(?:\s+(?:\d+|-))*)\s+([r-][w-][x-][sp-][R-]?)(?:\s+(.*))?$/
const DEVICE_FORM = /^([0-9a-f]{8,16})\s+([0-9a-f]{3}:[0-9a-f]{5})(?:\s+(.*))?$/
const EXTENDED =
  /^\s*([0-9a-f]{1,16})\s+([r-][w-][x-][sp-])\s+([0-9a-f]+)\s+([0-9a-f]+:[0-9a-f]+)\s+(\d+)\s+(.*)$/

/** Fields of `pmap -x` by the number of columns: procps-ng since 3.3, and procps before. */
const CLASSIC_FIELDS: Readonly<Record<number, readonly string[]>> = {
  1: ['Size'],
  3: ['Size', 'Rss', 'Dirty'],
  4: ['Size', 'Rss', 'Anonymous', 'Locked'],
}

/** The header of an extended table, or `null`. Its first five and its last name may be in any language. */
export function parsePmapHeader(line: string): PmapHeader | null {
  const names = line.trim().split(/\s+/)
  if (names.length < FIXED_COLUMNS + 3 || !names.includes('Size')) return null
  if (!names.includes('Rss') && !names.includes('Pss')) return null
  const last = names.at(-1)!
  const hasVmFlags = names.at(-2) === 'VmFlags'
  return {
    fields: names.slice(FIXED_COLUMNS, names.length - (hasVmFlags ? 2 : 1)),
    hasVmFlags,
    nameAt: line.lastIndexOf(last),
  }
}

/** A row of plain `pmap`, `-x` or `-d`; `null` when the line is none. */
export function parseClassicRow(line: string): PmapRow | null {
  const match = CLASSIC.exec(line)
  if (!match) return null
  const numbers = match[2]!.split(/\s+/)
  const names = CLASSIC_FIELDS[numbers.length]
  if (!names) return null
  const fields = new Map<string, number>()
  for (const [column, name] of names.entries()) {
    const digits = numbers[column]!.replace('K', '')
    fields.set(name, digits === '-' ? Number.NaN : Number(digits) * KIB)
  }
  if (Number.isNaN(fields.get('Size'))) return null
  const tail = match[4] ?? ''
  const device = DEVICE_FORM.exec(tail)
  return {
    address: hex(match[1]!),
    permissions: parsePermissions(Buffer.from(match[3]!), 0),
    offset: device ? hex(device[1]!) : Number.NaN,
    device: device?.[2] ?? '',
    inode: Number.NaN,
    name: plainName(device ? (device[3] ?? '') : tail),
    vmFlags: '',
    fields,
  }
}

/** A row below an extended header; `null` when the line is none. */
export function parseExtendedRow(line: string, header: PmapHeader): PmapRow | null {
  const match = EXTENDED.exec(line)
  if (!match) return null
  let rest = match[6]!
  const fields = new Map<string, number>()
  for (const name of header.fields) {
    const number = /^(\d+)(?:\s+|$)/.exec(rest)
    if (!number) return null
    rest = rest.slice(number[0].length)
    fields.set(name, Number(number[1]) * (isUnitlessField(name) && !isSizeLike(name) ? 1 : KIB))
  }
  if (!fields.has('Size')) return null
  const { vmFlags, name } = header.hasVmFlags
    ? splitFlags(line, rest, header.nameAt)
    : { vmFlags: '', name: nameAfterBlanks(line, rest, header.nameAt) }
  return {
    address: hex(match[1]!),
    permissions: parsePermissions(Buffer.from(match[2]!), 0),
    offset: hex(match[3]!),
    device: match[4]!,
    inode: Number(match[5]),
    name,
    vmFlags,
    fields,
  }
}

const hex = (digits: string): number => parseHex(Buffer.from(digits), 0, digits.length)

/** pmap prints numbers without units: a field that no kernel is known to print without one counts as a size. */
const isSizeLike = (name: string): boolean => !/^(?:THPeligible|ProtectionKey|ksm_)/.test(name)

/** `[ anon ]` is what pmap calls memory without a name, `[ stack ]` the main stack. */
function plainName(name: string): string {
  const bracketed = /^\[ (\w+) \]$/.exec(name)
  if (!bracketed) return name
  return bracketed[1] === 'anon' ? '' : `[${bracketed[1]}]`
}

/** The name as it stands; where the columns still fit, leading blanks of the name itself are kept apart from padding. */
const nameAfterBlanks = (line: string, rest: string, nameAt: number): string =>
  line.endsWith(rest) && line.length > nameAt && line.length - rest.length <= nameAt
    ? line.slice(nameAt)
    : rest

const FLAGS = /^(?:[a-z?]{2,}(?: [a-z?]{2,})*)?$/

/** Flags are right-aligned before the name. By column where the columns still fit, else as many two-letter words as there are. */
function splitFlags(line: string, rest: string, nameAt: number): { vmFlags: string; name: string } {
  const flagsAt = line.length - rest.length
  if (nameAt > flagsAt && nameAt <= line.length) {
    const flags = line.slice(flagsAt, nameAt).trim()
    if (FLAGS.test(flags)) return { vmFlags: flags, name: line.slice(nameAt) }
  }
  const words = /^(?:[a-z?]{2}(?: |$))*/.exec(rest)![0]
  return { vmFlags: words.trim(), name: rest.slice(words.length) }
}
