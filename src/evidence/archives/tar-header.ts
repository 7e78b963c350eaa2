import { memberNameOf } from './member-names.ts'

/**
 * Headers of tar archives: POSIX ustar and pax (pubs.opengroup.org, pax utility, "ustar Interchange Format"), GNU tar
 * (its manual, "Basic Tar Format") and the v7 form before both. 512 bytes: name 0+100, size 124+12, checksum 148+8,
 * type 156, magic 257+6, prefix 345+155.
 *
 * Read here and not by a library, because a cut archive must give the same bytes of its last member each time, and an
 * event stream drops what it had buffered when it fails.
 */
export const TAR_BLOCK = 512

export interface TarHeader {
  readonly type: TarType
  readonly name: string
  readonly size: number
}

export type TarType =
  | 'file'
  | 'hard-link'
  | 'symlink'
  | 'device'
  | 'directory'
  | 'long-name'
  | 'long-link'
  | 'pax'
  | 'pax-global'
  | 'other'

const TYPES: Readonly<Record<string, TarType>> = {
  '\u0000': 'file',
  '0': 'file',
  '1': 'hard-link',
  '2': 'symlink',
  '3': 'device',
  '4': 'device',
  '5': 'directory',
  '6': 'device',
  '7': 'file',
  g: 'pax-global',
  x: 'pax',
  K: 'long-link',
  L: 'long-name',
}

/** Whether the block is a header: its checksum is right. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < TAR_BLOCK) return false
  const stored = octal(block, 148, 8)
  if (Number.isNaN(stored)) return false
  let sum = 8 * 32
  for (let at = 0; at < TAR_BLOCK; at++) if (at < 148 || at >= 156) sum += block[at]!
  return stored === sum
}

/** Decodes a block whose checksum is right. A size that is no number is NaN. */
export function readTarHeader(block: Uint8Array): TarHeader {
  const name = memberNameOf(untilNul(block, 0, 100))
  const isUstar = Buffer.from(block.subarray(257, 263)).toString('latin1') === 'ustar\u0000'
  const prefix = isUstar ? memberNameOf(untilNul(block, 345, 155)) : ''
  const type = TYPES[String.fromCharCode(block[156]!)] ?? 'other'
  return {
    type: type === 'file' && name.endsWith('/') ? 'directory' : type,
    name: prefix === '' ? name : `${prefix}/${name}`,
    size: numeric(block, 124, 12),
  }
}

/** Records `LENGTH KEY=VALUE\n` of a pax header; what cannot be read ends the list. Values are bytes as Latin-1. */
export function readPax(bytes: Uint8Array): Map<string, string> {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const records = new Map<string, string>()
  for (let at = 0; at < text.length; ) {
    const length = Number(/^(\d{1,7}) /.exec(text.slice(at, at + 8))?.[1] ?? 0)
    const record = text.slice(at, at + length)
    const equals = record.indexOf('=')
    if (length === 0 || equals < 0 || !record.endsWith('\n')) break
    records.set(record.slice(record.indexOf(' ') + 1, equals), record.slice(equals + 1, -1))
    at += length
  }
  return records
}

export const untilNul = (block: Uint8Array, start: number, length: number): Uint8Array => {
  const field = block.subarray(start, start + length)
  const end = field.indexOf(0)
  return end < 0 ? field : field.subarray(0, end)
}

/** Octal, or base 256 when the first bit is set (GNU, for sizes of 8 GiB and more). */
function numeric(block: Uint8Array, start: number, length: number): number {
  if ((block[start]! & 0x80) === 0) return octal(block, start, length)
  let value = block[start]! & 0x7f
  for (let at = start + 1; at < start + length; at++) value = value * 256 + block[at]!
  return Number.isSafeInteger(value) ? value : Number.NaN
}

function octal(block: Uint8Array, start: number, length: number): number {
  const text = Buffer.from(block.subarray(start, start + length)).toString('latin1')
  const digits = /^ *([0-7]*)[ \u0000]*$/.exec(text)?.[1]
  return digits === undefined ? Number.NaN : digits === '' ? 0 : Number.parseInt(digits, 8)
}
