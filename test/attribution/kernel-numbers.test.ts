/** Numbers of mechanisms and calls that the kernel has of its own are those of the model. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ANONYMOUS, RESERVE } from '../../src/attribution/mechanism.ts'
import { CALL } from '../../src/strace/effects/phases.ts'

describe('the kernel that replays', () => {
  it('numbers mechanisms and calls as the rest does', () => {
    const source = readFileSync('src/attribution/kernel/makers.as', 'utf8')
    const numbers = [...source.matchAll(/const ([A-Z]+): i32 = (\d+)$/gm)].map((each) => [
      each[1]!,
      Number(each[2]),
    ])
    expect(Object.fromEntries(numbers)).toEqual({
      MECHANISMS: RESERVE + 1,
      ANONYMOUS,
      RESERVE,
      MMAP: CALL.mmap,
      MUNMAP: CALL.munmap,
      MREMAP: CALL.mremap,
      BRK: CALL.brk,
      MPROTECT: CALL.mprotect,
      SHMAT: CALL.shmat,
    })
  })
})
