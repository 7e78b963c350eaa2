/** Reading whole files of evidence. */
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { TURN_BYTES } from '../../src/base/turn.ts'
import { readWhole } from '../../src/evidence/read-whole.ts'
import type { EvidenceFile } from '../../src/model/evidence.ts'

const folder = mkdtempSync(join(tmpdir(), 'read-whole-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** A file of zeros that takes no room on the disk. */
function aLargeFile(bytes: number): EvidenceFile {
  const diskPath = join(folder, 'large')
  const file = openSync(diskPath, 'w')
  ftruncateSync(file, bytes)
  closeSync(file)
  const hints = { pid: null, tid: null, group: null, stamp: null, stampWidth: null }
  const read = async function* () {}
  return { path: 'large', bytes, format: 'strace-log', side: null, why: '', hints, diskPath, read }
}

describe('a large file', () => {
  it.each([1 << 18, new Uint8Array(1 << 20)])(
    'is read whole while timers and signals are heard',
    async (target) => {
      const bytes = TURN_BYTES * 3 + 5000
      let read = 0
      let heardAt = Number.NaN
      setImmediate(() => {
        heardAt = read
      })
      await readWhole(
        aLargeFile(bytes),
        (chunk) => {
          read += chunk.length
        },
        target,
      )
      expect(read).toBe(bytes)
      expect(heardAt).toBeLessThan(bytes)
    },
  )
})
