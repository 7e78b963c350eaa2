import { describe, expect, it } from 'vitest'
import type { EvidenceFile } from '../../src/model/evidence.ts'
import { bytesHeld } from '../support/bytes-held.ts'
import { read, textFile } from './support.ts'

/** A thread's file of `strace -ff`; `began` is told when it is about to be read. */
function threadFile(tid: number, began: () => void): EvidenceFile {
  const file = textFile(
    `log.${tid}`,
    `10:00:00.000001 mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${(0x7f00_0000_0000 + tid * 4096).toString(16)} <0.000004>\n`,
  )
  return {
    ...file,
    read() {
      began()
      return file.read()
    },
  }
}

describe('a run of thousands of files', () => {
  it('holds a few KiB of each that it has read', async () => {
    const held: number[] = []
    const files = Array.from({ length: 2001 }, (_, at) =>
      threadFile(1000 + at, () => {
        if (at === 1000 || at === 2000) held.push(bytesHeld())
      }),
    )
    const { traces } = await read(...files)
    expect(traces[0]?.threads.size).toBe(2001)
    const [halfway = 0, end = 0] = held.slice(-2)
    expect((end - halfway) / 1000).toBeLessThan(8 * 1024)
  })
})
