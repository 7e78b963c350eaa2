import { closeSync } from 'node:fs'
import { alignedMemory } from '../base/aligned-memory.ts'
import { readDescriptorInto } from '../base/read-disk.ts'
import type { HandedForms } from './event-forms.ts'
import { CONTEXT, FORM, WORD_BITS } from './row-words.ts'

/** The rows of a MemoryTable that another thread has built. */
export interface HandedRows {
  readonly length: number
  /** What their times count from; NaN when none has a time. */
  readonly base: number
  /** Descriptor of the file in which they lie; -1 when there are none. Whoever takes them closes it. */
  readonly file: number
  readonly forms: HandedForms
  readonly stacks: Uint32Array
}

/** New numbers of what handed rows refer to. */
export interface RowNumbers {
  readonly forms: Int32Array
  readonly strings: Uint32Array
  context(old: number): number
}

/** Bytes of rows that are taken at once. */
const TAKEN_AT_ONCE = 1 << 18

/** Hands all rows to `take`, many at once, with the new numbers; their words are only there until it returns. */
export function takeRows(
  { length, file }: HandedRows,
  { forms, context }: RowNumbers,
  take: (words: Int32Array) => void,
): void {
  if (length === 0) return
  const bytes = length * (4 << WORD_BITS)
  readDescriptorInto(new Uint8Array(alignedMemory(TAKEN_AT_ONCE), 0, TAKEN_AT_ONCE), file, bytes, (chunk) => {
    const words = new Int32Array(chunk.buffer, chunk.byteOffset, chunk.length >> 2)
    for (let at = 0; at < words.length; at += 1 << WORD_BITS) {
      words[at + FORM] = forms[words[at + FORM]!]!
      words[at + CONTEXT] = context(words[at + CONTEXT]! >>> 0)
    }
    take(words)
  })
}

/** For rows that nobody takes. */
export function closeRows({ file }: HandedRows): void {
  if (file >= 0) closeSync(file)
}
