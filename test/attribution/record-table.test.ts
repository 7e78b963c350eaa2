/** Records in the kernel's memory stay apart whatever is taken off them. */
import { describe, expect, it } from 'vitest'
import { ANONYMOUS, FILE } from '../../src/attribution/mechanism.ts'
import { RecordTable } from '../../src/attribution/record-table.ts'
import { startReplay } from '../../src/attribution/replay-kernel.ts'

describe('records', () => {
  it('are given out as often as they were freed, and touch nothing else, when more is taken off than there was', () => {
    const kernel = startReplay()
    const { calls } = kernel
    const space = calls.makeSpace(4096)
    const other = calls.makeSpace(4096)
    calls.known(other, FILE, 8192)
    const freed = calls.known(space, ANONYMOUS, 4096)
    for (let time = 0; time < 1000; time += 1) calls.forget(space, freed, 4096)
    for (let time = 0; time < 1000; time += 1) expect(calls.known(space, ANONYMOUS, 4096)).toBe(freed)
    expect(calls.known(space, ANONYMOUS, 4096)).toBe(freed + 1)
    const table = new RecordTable(kernel, other)
    expect([table.length, table.mechanism(0), table.bytes(0), table.live(0)]).toEqual([1, FILE, 8192, 8192])
  })
})
