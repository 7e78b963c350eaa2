import { SKIP_REASONS } from '../model/skip-reasons.ts'
import { binaryShare, type Head } from './head.ts'

/** What a file is that we do not read, so that the reason tells more than "unknown". First match wins. */
const MAGIC: readonly { readonly bytes: readonly number[]; readonly at: number; readonly what: string }[] = [
  { bytes: [0x7f, 0x45, 0x4c, 0x46], at: 0, what: SKIP_REASONS.elf.en },
  { bytes: [0x89, 0x50, 0x4e, 0x47], at: 0, what: SKIP_REASONS.picture.en },
  { bytes: [0xff, 0xd8, 0xff], at: 0, what: SKIP_REASONS.picture.en },
  { bytes: [0x47, 0x49, 0x46, 0x38], at: 0, what: SKIP_REASONS.picture.en },
  { bytes: [0x25, 0x50, 0x44, 0x46], at: 0, what: SKIP_REASONS.pdf.en },
  { bytes: [0x50, 0x45, 0x52, 0x46, 0x49, 0x4c, 0x45], at: 0, what: SKIP_REASONS.perf.en },
]

const TEXT: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /^\s*<(?:!doctype html|html)/i, what: SKIP_REASONS.html.en },
  { pattern: /^\s*[{[]/, what: SKIP_REASONS.json.en },
  { pattern: /^#!/, what: SKIP_REASONS.script.en },
]

/** The reason why a file is not evidence we can read. */
export function describeUnknown(head: Head): string {
  if (head.bytes.every((byte) => byte === 0)) return SKIP_REASONS.nulBytes.en
  for (const { bytes, at, what } of MAGIC)
    if (bytes.every((byte, i) => head.bytes[at + i] === byte)) return what
  if (binaryShare(head) > 0.1) return SKIP_REASONS.binary.en
  const first = head.lines.find((line) => line.trim() !== '') ?? ''
  for (const { pattern, what } of TEXT) if (pattern.test(first)) return what
  return SKIP_REASONS.text.en
}
