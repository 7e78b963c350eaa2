/** Tables of the line kernel that are full: what lies behind them stays as it is. */
import { expect, it } from 'vitest'
import { CallNames } from '../../src/strace/call-names.ts'
import type { LineKernel } from '../../src/strace/line-kernel.ts'
import { dumpLog, parseLog } from './support.ts'

const stamp = (micros: number): string => `10:00:00.${String(micros).padStart(6, '0')}`

/** A log whose calls are each behind a pid and a stamp. */
function writeLog(): { say(tid: number, call: string): void; bytes(): Uint8Array } {
  const lines: string[] = []
  return {
    say: (tid, call) => lines.push(`${tid} ${stamp(lines.length)} ${call} <0.000021>\n`),
    bytes: () => Buffer.from(lines.join(''), 'latin1'),
  }
}

const read = (descriptor: number): string => `read(${descriptor}, "a", 4096) = 1`
const map = (place: number): string =>
  `mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f${place.toString(16).padStart(7, '0')}000`

/** What each mapping's thread did before it, newest first, as far as it is said. */
function contextsIn(bytes: Uint8Array): string[] {
  const { events } = dumpLog(bytes).trace!
  return events.filter(({ call }) => call === 'mmap').map(({ context }) => context)
}

it('says what a thread did before its mappings when there is no room for more counts', () => {
  const log = writeLog()
  const before: string[] = []
  for (let place = 0; place < 200; place++) {
    log.say(7, read(place))
    log.say(7, map(place))
    before.push(
      [2, 1, 0].flatMap((back) => (place >= 2 - back ? [`read(${place - 2 + back})`] : [])).join(' '),
    )
  }
  for (let descriptor = 1000; descriptor < 2200; descriptor++) log.say(7, read(descriptor))

  const { kernel } = parseLog(log.bytes()).builder
  expect(kernel.call.statisticsRows()).toBe(kernel.mostSums)
  expect(contextsIn(log.bytes())).toEqual(before)
})

it('says nothing else than what threads did when there is no room for more contexts', () => {
  const log = writeLog()
  const before: string[] = []
  for (let place = 0; place < 1500; place++) {
    const tid = 7 + (place % 6)
    log.say(tid, read(place % 40))
    log.say(tid, read(place % 39))
    log.say(tid, map(place))
    before.push(`read(${place % 39}) read(${place % 40})`)
  }

  const { kernel } = parseLog(log.bytes()).builder
  expect(kernel.call.contextCount()).toBe(kernel.mostContexts)
  for (const [place, said] of contextsIn(log.bytes()).entries())
    expect(said === '' || said.startsWith(before[place]!) || before[place]!.startsWith(said), said).toBe(true)
})

it('leaves its tables alone for names that are longer than any', () => {
  for (const name of ['a'.repeat(65), 'a'.repeat(200_000), 'a'.repeat(500_000)]) {
    const log = writeLog()
    for (let descriptor = 0; descriptor < 4; descriptor++) log.say(7, read(descriptor))
    log.say(7, `<... ${name} resumed>) = 0`)
    const before = Array.from({ length: 20 }, () => 'read(3) read(2) read(1)')
    for (let place = 0; place < before.length; place++) log.say(7, map(place))

    expect(contextsIn(log.bytes())).toEqual(before)
    expect(dumpLog(log.bytes()).counts.foreign).toBe(1)
  }
})

it('counts what has too many names to be told apart as others', () => {
  const known: string[] = []
  const addName = (name: Uint8Array, number: number) => known.push(`${number} ${Buffer.from(name)}`)
  const names = new CallNames({ made: 4, addName } as unknown as LineKernel)
  const numberOf = (name: string) => names.number(Buffer.from(name), 0, name.length)

  expect(['read', 'write', 'open', 'close', 'read'].map(numberOf)).toEqual([1, 2, 3, 3, 1])
  expect(names.texts()).toEqual(['', 'read', 'write', '(others)'])
  expect(known).toEqual(['1 read', '2 write'])
})
