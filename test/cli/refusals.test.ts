import { expect, it } from 'vitest'
import { startReplay } from '../../src/attribution/replay-kernel.ts'
import { lackOf } from '../../src/cli/refusals.ts'

/** What ends a call. */
function endOf(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return error
  }
}

it('a kernel that is asked for a larger piece of memory than it can have is no fault of the program', () => {
  const { calls } = startReplay()
  expect(lackOf(endOf(() => calls.prepare(2 ** 28, 0, 0, 1)))).toMatch(
    /^the calls of a trace need more memory/,
  )
})

it('what else ends a kernel is a fault of the program', () => {
  const { calls } = startReplay()
  const end = endOf(() => calls.recordAt(-8, 0))
  expect(end).toBeInstanceOf(Error)
  expect(lackOf(end)).toBeNull()
})
