import { afterEach, expect, test } from 'vitest'
import { onSignal, undoOnSignal } from '../../src/cli/signals.ts'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const before = new Map(SIGNALS.map((signal) => [signal, process.listeners(signal)]))

afterEach(() => {
  for (const signal of SIGNALS)
    for (const listener of process.listeners(signal))
      if (!before.get(signal)!.includes(listener)) process.removeListener(signal, listener)
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 143],
] as const)(
  'a second %s does not kill the process while it undoes what the first found',
  (signal, status) => {
    const ended: number[] = []
    let undone = 0
    const forget = undoOnSignal(() => {
      undone++
    })
    onSignal((code) => ended.push(code))
    process.emit(signal)
    process.emit(signal)
    forget()
    expect(ended).toEqual([status, status])
    expect(undone).toBe(2)
    expect(process.listenerCount(signal)).toBe(before.get(signal)!.length + 1)
  },
)
