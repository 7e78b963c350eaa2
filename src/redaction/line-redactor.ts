import type { EvidenceFormat } from '../model/evidence.ts'
import { FastSnapshot } from './fast-snapshot.ts'
import { FastStrace } from './fast-strace.ts'
import type { Keeper } from './keeper.ts'
import { Rewrite } from './rewrite.ts'

/** Rewrites a run of lines: `begin`, each line in order, `finish`. */
export interface LineRedactor {
  begin(bytes: Uint8Array): void
  /** One line without its end. */
  line(start: number, end: number): void
  /** The bytes up to `end`, redacted. */
  finish(end: number): Uint8Array
}

/** A fast way for lines in the form their writer gives them; `false` leaves the line to the plain rules. */
interface FastWay {
  line(buffer: Uint8Array, start: number, end: number): boolean
}

const FAST: Partial<Record<EvidenceFormat, (keeper: Keeper, rewrite: Rewrite) => FastWay>> = {
  smaps: () => new FastSnapshot(),
  'smaps-rollup': () => new FastSnapshot(),
  maps: () => new FastSnapshot(),
  'strace-log': (keeper, rewrite) => new FastStrace(keeper, rewrite),
}

/** The fast way where there is one, and the plain rules for every line that it leaves. */
export function lineRedactor(
  format: EvidenceFormat,
  keeper: Keeper,
  plain: (line: string, keeper: Keeper) => string,
): LineRedactor {
  const rewrite = new Rewrite()
  // The key map wants every original as text.
  const fast = keeper.remembers ? undefined : FAST[format]?.(keeper, rewrite)
  let buffer: Buffer = Buffer.alloc(0)
  return {
    begin(bytes) {
      buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
      rewrite.begin(buffer)
    },
    line(start, end) {
      if (fast?.line(buffer, start, end)) return
      const line = buffer.toString('latin1', start, end)
      const changed = plain(line, keeper)
      if (changed !== line) rewrite.text(start, end, changed)
    },
    finish: (end) => rewrite.finish(end),
  }
}
