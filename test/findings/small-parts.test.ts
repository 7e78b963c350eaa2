import { describe, expect, it } from 'vitest'
import { HOUR, MIB, MINUTE, micros, tid } from '../../src/base/units.ts'
import { sureness } from '../../src/findings/confidence.ts'
import { fingerprintOf, subjectOf } from '../../src/findings/fingerprint.ts'
import { forecast } from '../../src/findings/forecast.ts'
import { fileWord, forCrontab, quoted } from '../../src/findings/shell.ts'
import { sharperActionOf } from '../../src/findings/stacks.ts'
import { beforeHan, ended, paragraph, say } from '../../src/findings/words/say.ts'
import { NO_ATTRIBUTION, PID, TID } from '../support/facts.ts'
import fc from '../support/property.ts'

describe('fingerprint', () => {
  const identity = { ruleId: 'r', program: 'thumbd', mechanism: 'mmap-anon', subject: 'anonymous' } as const

  it('is stable', () => expect(fingerprintOf(identity)).toBe(fingerprintOf({ ...identity })))

  it('tells rules, programs, mechanisms and subjects apart', () => {
    const others = [
      identity,
      { ...identity, ruleId: 's' },
      { ...identity, program: 'other' },
      { ...identity, program: null },
      { ...identity, mechanism: 'mremap' } as const,
      { ...identity, subject: 'heap' },
    ].map(fingerprintOf)
    expect(new Set(others).size).toBe(others.length)
  })

  it('leaves out what differs from run to run', () => {
    expect(subjectOf('/memfd:blob-0017 (deleted)')).toBe(subjectOf('/memfd:blob-4'))
    expect(subjectOf('arena at 0x7f12aa000000')).toBe(subjectOf('arena at 0x7f12bb000000'))
  })
})

describe('forecast', () => {
  const rate = { perHour: 60 * MIB, low: 30 * MIB, high: 120 * MIB }

  it('gives the middle, the earliest and the latest', () => {
    expect(forecast(40 * MIB, 0, 100 * MIB, rate)).toEqual({
      limit: 100 * MIB,
      at: HOUR,
      earliest: 30 * MINUTE,
      latest: 2 * HOUR,
    })
  })

  it('is now when the limit is met already', () => expect(forecast(200, 5, 100, rate).at).toBe(5))

  it('is open without a rate, without growth, and beyond a year', () => {
    expect(forecast(0, 0, 100, { perHour: null, low: -1, high: 0 })).toMatchObject({
      at: null,
      earliest: null,
      latest: null,
    })
    expect(forecast(0, 0, 1e9, { perHour: 1, low: 1, high: 1 }).at).toBeNull()
  })
})

describe('sureness', () => {
  const low = { ceiling: 50, because: say('b', '乙') }
  const lower = { ceiling: 40, because: say('a', '甲') }

  it('is capped by the lowest ceiling, which is named', () => {
    expect(sureness(90, [low, lower])).toEqual({ confidence: 40, cap: lower.because })
  })

  it('names no cap that does not bind, and is never whole', () => {
    expect(sureness(30, [low])).toEqual({ confidence: 30, cap: null })
    expect(sureness(100, [])).toEqual({ confidence: 98, cap: null })
  })
})

describe('shell words', () => {
  it('quotes whatever sh would read', () =>
    fc.assert(
      fc.property(fc.string(), (word) => {
        const text = quoted(word)
        if (text === word) expect(word).toMatch(/^[A-Za-z0-9_./:@+=,-]+$/)
        else expect(text.slice(1, -1).replaceAll(`'\\''`, "'")).toBe(word)
      }),
    ))

  it('makes file names of any program name', () =>
    fc.assert(
      fc.property(fc.string(), (name) => {
        expect(fileWord(name)).toMatch(/^[A-Za-z0-9_+][A-Za-z0-9_.+-]*$/)
      }),
    ))

  it('escapes every percent sign for cron', () => expect(forCrontab('date +%H%M')).toBe('date +\\%H\\%M'))
})

describe('words', () => {
  it('joins sentences in both languages', () => {
    expect(paragraph(say('A.', '甲。'), null, say('B.', '乙。'))).toEqual({ en: 'A. B.', zh: '甲。乙。' })
  })

  it('ends sentences once and sets Latin off from Chinese', () => {
    expect(ended(say('open', '未完'))).toEqual({ en: 'open.', zh: '未完。' })
    expect(ended(say('Done.', '完。'))).toEqual({ en: 'Done.', zh: '完。' })
    expect([beforeHan('malloc arena'), beforeHan('共享内存')]).toEqual(['malloc arena ', '共享内存'])
  })
})

describe('stacks of strace -k', () => {
  const owner = (stack: string | null, size: number, by = TID) => ({
    pid: PID,
    start: 0,
    end: size,
    tid: by,
    mechanism: 'mmap-anon' as const,
    at: micros(0),
    reference: { file: 'x', firstLine: 1, lastLine: 1 },
    stack,
  })
  const libc = '/lib/x86_64-linux-gnu/libc.so.6(mmap64+0x1c) [0x1]'
  const attribution = {
    ...NO_ATTRIBUTION,
    owners: [
      owner(`${libc}\n/usr/bin/thumbd(decode+0x3e) [0x2]`, 3 * MIB),
      owner(`${libc}\n/usr/bin/thumbd(resize+0x10) [0x3]`, 2 * MIB),
      owner(`${libc}\n/usr/bin/thumbd(decode+0x3e) [0x2]`, 2 * MIB),
      owner(null, 90 * MIB),
      owner(`${libc}\n/usr/bin/thumbd(other+0x3e) [0x2]`, 90 * MIB, tid(1)),
    ],
  }
  const action = say('Do it.', '去做。')

  it('put the code path that keeps most before the remedy', () => {
    const sharper = sharperActionOf(attribution, PID, TID, 'mmap-anon', action, [])
    expect(sharper?.en).toBe(
      'Most of what stayed (5 MiB) was taken here: /usr/bin/thumbd(decode+0x3e) [0x2]. Do it.',
    )
  })

  it('are not invented', () => {
    expect(sharperActionOf(NO_ATTRIBUTION, PID, TID, 'mmap-anon', action, [])).toBeNull()
    expect(sharperActionOf(attribution, PID, TID, 'mremap', action, [])).toBeNull()
  })
})
