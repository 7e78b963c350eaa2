import { LONGEST_LINE } from '../base/line-scanner.ts'
import type { EvidenceFormat } from '../model/evidence.ts'
import type { Keeper } from './keeper.ts'
import { Kernel } from './kernel.ts'

/** Redacts whole lines as bytes. */
export interface LineRedactor {
  /** The lines in `bytes`, redacted, in order; a part is lent until the next is asked for. */
  redact(bytes: Uint8Array): Iterable<Uint8Array>
  /** What stands for a line of `length` bytes, longer than any reader takes, that begins with `head`; no line end. */
  long(head: Uint8Array, length: number): Uint8Array
}

/** What the kernel knows the form of. */
const KERNEL_FORM: Partial<Record<EvidenceFormat, 'strace' | 'smaps'>> = {
  'strace-log': 'strace',
  smaps: 'smaps',
  'smaps-rollup': 'smaps',
  maps: 'smaps',
}
const NEWLINE = 0x0a
const RETURN = 0x0d

/** The kernel where it knows the form, with the plain rules for every line that it leaves; else the plain rules alone. */
export function lineRedactor(
  format: EvidenceFormat,
  keeper: Keeper,
  change: (line: string) => string,
): LineRedactor {
  const form = KERNEL_FORM[format]
  const long = (head: Uint8Array, length: number): Uint8Array => redactLong(head, length, keeper)
  // The key map wants every original as text.
  if (form === undefined || keeper.remembers) return { redact: (bytes) => [plainly(bytes, change)], long }
  const kernel = Kernel.of(keeper)
  return { redact: (bytes) => kernel.redact(bytes, form, change), long }
}

/** A token alone, and blanks: as long as makes a reader say again that the line is too long. */
const LONG_TOKEN = /^(\[\d+:[0-9a-f]{12}\]) *$/

function redactLong(head: Uint8Array, length: number, keeper: Keeper): Uint8Array {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1')
  const token = LONG_TOKEN.exec(text)?.[1] ?? keeper.payload('long-line', text, length)
  return Buffer.from(token.padEnd(LONGEST_LINE + 1), 'latin1')
}

function plainly(bytes: Uint8Array, change: (line: string) => string): Uint8Array {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let out = ''
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(NEWLINE, at)
    const next = newline < 0 ? bytes.length : newline + 1
    let end = newline < 0 ? bytes.length : newline
    if (end > at && bytes[end - 1] === RETURN) end--
    out += change(buffer.toString('latin1', at, end)) + buffer.toString('latin1', end, next)
    at = next
  }
  return Buffer.from(out, 'latin1')
}
