import { describe, expect, it } from 'vitest'
import { settle } from '../../src/evidence/settle.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import { SKIP_REASONS } from '../../src/model/skip-reasons.ts'
import { directoryOf, discovered, SMAPS, STRACE } from './support.ts'

/** Files of one size and other content each, found and then settled again; how often each was read for that. */
async function readings(names: readonly string[]): Promise<Map<string, number>> {
  const { files } = await discovered(
    directoryOf(Object.fromEntries(names.map((name, at) => [name, SMAPS.replace('132', String(100 + at))]))),
  )
  const times = new Map<string, number>()
  const counted = files.map((file) => ({
    ...file,
    read: (into?: Uint8Array) => {
      times.set(file.path, (times.get(file.path) ?? 0) + 1)
      return file.read(into)
    },
  }))
  const settled = await settle(counted, [], new Diagnostics())
  expect(settled.files).toHaveLength(names.length)
  return times
}

const numbers = Array.from({ length: 40 }, (_, at) => at)

describe('files that could repeat each other', () => {
  it.each([
    ['names that only copy marks tell apart', numbers.map((at) => `smaps (${at}).txt`)],
    ['one name in many folders', numbers.map((at) => `run-${at}x/smaps_1085_202611221942`)],
  ])('are read once each, however many there are: %s', async (_, names) => {
    const times = await readings(names)
    expect([...times.values()]).toEqual(names.map(() => 1))
  })

  it('are not read where neither name nor folder is shared', async () => {
    expect(await readings(numbers.map((at) => `smaps_1085_2026112219${10 + at}`))).toEqual(new Map())
  })

  it('repeat the one with the shortest name, whichever was found first', async () => {
    const { skipped } = await discovered(
      directoryOf({
        'a/Copy of smaps_1085_202611221942': SMAPS,
        'a/smaps_1085_202611221942': SMAPS,
        'b/smaps_1085_202611221942': SMAPS,
        'b/smaps_1085_202611221942 (1)': SMAPS,
      }),
    )
    expect(skipped.map(({ path, reason }) => [path, reason])).toEqual([
      ['a/Copy of smaps_1085_202611221942', 'the same as a/smaps_1085_202611221942'],
      ['b/smaps_1085_202611221942', 'the same as a/smaps_1085_202611221942'],
      ['b/smaps_1085_202611221942 (1)', 'the same as a/smaps_1085_202611221942'],
    ])
  })
})

describe('an empty log', () => {
  it.each([
    ['of a thread', 'run.4242'],
    ['of all threads', 'trace.log'],
  ])('%s is kept beside the parts that rotation has left of it', async (_, log) => {
    const capture = await discovered(directoryOf({ [log]: '', [`${log}.1`]: STRACE }))
    expect(capture.files.map(({ path }) => path)).toEqual([log, `${log}.1`])
    expect(capture.skipped).toEqual([])
  })

  it.each(['run.4242', 'trace.log', 'notes.txt'])('%s is skipped where it has none', async (name) => {
    const { files, skipped } = await discovered(directoryOf({ [name]: '', 'other.log': STRACE }))
    expect(files.map(({ path }) => path)).toEqual(['other.log'])
    expect(skipped).toMatchObject([{ path: name, reason: SKIP_REASONS.empty.en }])
  })
})
