import { describe, expect, it } from 'vitest'
import { micros, SECOND } from '../../src/base/units.ts'
import { followSnapshots } from '../../src/follow-snapshots.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { Capture, EvidenceFile } from '../../src/model/evidence.ts'
import { createRedactor } from '../../src/redaction/redactor.ts'
import { smapsText } from '../smaps/a-smaps.ts'
import { memoryFile } from '../smaps/support.ts'
import { NO_SIDE_EVIDENCE } from '../support/side-evidence.ts'

const BASE = 0x7f0000000000
const BEGIN = Date.UTC(2026, 10, 22) * 1000

const textAt = (minute: number): string =>
  smapsText([
    { start: BASE, end: BASE + 4096 * (10 + minute), fields: { Rss: 40 + 4 * minute } },
    { start: BASE + 0x1000000, end: BASE + 0x1000000 + 4096, name: '/home/someone/secret.so', inode: 9 },
  ])

const nameAt = (minute: number): string => `smaps_7_2026112200${String(minute).padStart(2, '0')}`

function fileOf(minute: number, text: string, path = nameAt(minute)): EvidenceFile {
  const file = memoryFile(Buffer.from(text), { path })
  const stamp = micros(BEGIN + minute * 60 * SECOND)
  return { ...file, hints: { ...file.hints, pid: 7, stamp, stampWidth: micros(60 * SECOND) } }
}

async function follow(files: readonly EvidenceFile[], pids: readonly number[] = []) {
  const diagnostics = new Diagnostics()
  const capture: Capture = { name: 'capture', files, skipped: [] }
  const redactor = createRedactor('standard')
  const result = await followSnapshots(capture, redactor, pids, NO_SIDE_EVIDENCE, diagnostics)
  return { ...result, diagnostics: diagnostics.list() }
}

describe('snapshots followed while they are read', () => {
  const minutes = Array.from({ length: 20 }, (_, minute) => minute)

  it('give the same time line in whatever order their files come', async () => {
    const files = minutes.map((minute) => fileOf(minute, textAt(minute)))
    const inOrder = await follow(files)
    const reversed = await follow([...files].reverse())
    expect(inOrder.timeline.processes[0]!.snapshots).toHaveLength(20)
    expect(JSON.stringify(reversed.timeline)).toBe(JSON.stringify(inOrder.timeline))
    expect(inOrder.snapshots).toHaveLength(1)
  })

  it('give the same when one file holds older ones under banners, and report what is wrong once', async () => {
    const whole = [...minutes, 25].map((minute) => fileOf(minute, textAt(minute)))
    const late = [17, 3, 12]
    const junk = 'junk that nobody can read\n'
    const parts = late.map((minute) => `==> /root/${nameAt(minute)} <==\n${textAt(minute)}`)
    const mixed = [
      ...whole.slice(0, 20).filter((_, minute) => !late.includes(minute)),
      fileOf(17, `${parts.join('\n')}${junk}`, 'late'),
      fileOf(25, textAt(25) + junk),
    ]
    const expected = (await follow(whole)).timeline.processes[0]!
    const { timeline, diagnostics } = await follow(mixed)
    const [process] = timeline.processes
    const levels = (snapshots: typeof expected.snapshots) =>
      snapshots.map(({ time, total }) => [time, total.rss])
    expect(levels(process!.snapshots)).toEqual(levels(expected.snapshots))
    expect(process!.segments[0]!.totals).toEqual(expected.segments[0]!.totals)
    expect(diagnostics.map(({ code, count }) => [code, count])).toEqual([
      ['smaps-unreadable-line', 1],
      ['smaps-unreadable-line', 1],
    ])
  })

  it('leave out processes that nobody asked for', async () => {
    const files = minutes.map((minute) => fileOf(minute, textAt(minute)))
    expect((await follow(files, [8])).timeline.processes).toEqual([])
    expect((await follow(files, [7])).timeline.processes).toHaveLength(1)
  })
})
