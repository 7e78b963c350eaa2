import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { discover } from '../../src/evidence/discover.ts'
import { EvidenceError } from '../../src/evidence/evidence-error.ts'
import { readSideEvidence } from '../../src/evidence/side/read-side-evidence.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { EvidenceFormat } from '../../src/model/evidence.ts'
import { plain, read as readSmaps } from '../smaps/support.ts'
import { dumpLog } from '../strace/support.ts'

/** What must hold for any bytes at all. Each check throws when it does not. */
export type Check = (bytes: Uint8Array, chunk: number) => Promise<void> | void

function same(a: unknown, b: unknown, what: string): void {
  if (!isDeepStrictEqual(a, b)) throw new Error(`not the same: ${what}`)
}

function holds(condition: boolean, what: string): void {
  if (!condition) throw new Error(`does not hold: ${what}`)
}

/** strace logs: every line and byte accounted for; the kernel, the long way and any chunks give the same. */
const checkStrace: Check = (bytes, chunk) => {
  const fast = dumpLog(bytes)
  holds(fast.bytes === bytes.length, 'bytes read')
  holds(Object.values(fast.counts).reduce((a, b) => a + b, 0) === fast.lines, 'lines counted')
  same(dumpLog(bytes, { thorough: true }), fast, 'line by line')
  same(dumpLog(bytes, { chunk }), fast, `chunks of ${chunk}`)
}

/** Snapshots in one format: read and skipped bytes make the file; learned blocks, lines and any chunks give the same. */
const checkSnapshots =
  (format: EvidenceFormat): Check =>
  async (bytes, chunk) => {
    const view = async (options: { lineByLine?: boolean; chunk?: number }) => {
      const { snapshots, counts, diagnostics } = await readSmaps(bytes, { format, ...options })
      return { snapshots: snapshots.map(plain), counts, diagnostics }
    }
    const fast = await view({})
    holds(fast.counts.readBytes + fast.counts.skippedBytes === bytes.length, 'read and skipped bytes')
    same(await view({ lineByLine: true }), fast, 'line by line')
    same(await view({ chunk }), fast, `chunks of ${chunk}`)
  }

/** A directory with one odd file: recognised or refused with a reason, twice the same; archives are opened. */
const checkEvidence: Check = async (bytes, chunk) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'memdossier-fuzz-'))
  try {
    const names = [
      'smaps_1085_202611221942',
      'nscd.28330',
      'notes.txt',
      'capture.zip',
      'capture.tar.gz',
      'a.tar',
      'log.gz',
    ]
    writeFileSync(path.join(folder, names[chunk % names.length]!), bytes)
    const look = async () => {
      const diagnostics = new Diagnostics()
      try {
        const { files, skipped } = await discover([folder], diagnostics)
        const side = await readSideEvidence(files, diagnostics)
        const found = files.map(({ path, format, bytes, why, hints }) => ({
          path,
          format,
          bytes,
          why,
          hints,
        }))
        return { found, skipped, side, diagnostics: diagnostics.list() }
      } catch (error) {
        if (error instanceof EvidenceError) return { refused: error.message }
        throw error
      }
    }
    same(await look(), await look(), 'a second look')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export const CHECKS: Readonly<Record<string, Check>> = {
  strace: checkStrace,
  smaps: checkSnapshots('smaps'),
  pmap: checkSnapshots('pmap'),
  maps: checkSnapshots('maps'),
  evidence: checkEvidence,
}
