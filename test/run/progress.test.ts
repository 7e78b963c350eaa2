import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { NO_GATES } from '../../src/gates/gate-options.ts'
import { find, run } from '../../src/run/run.ts'
import type { RunOptions } from '../../src/run/run-options.ts'
import { aFolder, SAMPLES } from '../support/command.ts'

const OPTIONS: RunOptions = {
  evidence: [],
  out: null,
  pids: [],
  limitBytes: null,
  straceDate: null,
  timeZone: null,
  redact: 'standard',
  redactionKey: null,
  redactionMap: null,
  formats: ['json'],
  language: 'en',
  jobs: 1,
  gates: NO_GATES,
  sourceDateEpoch: null,
}

/** Stages of a run in order: how much there was to do, how much of it was told as done. */
async function stagesOf(
  evidence: string,
  options: Partial<RunOptions>,
): Promise<[string, string, number, number][]> {
  const out = mkdtempSync(join(tmpdir(), 'memdossier-progress-'))
  onTestFinished(() => rmSync(out, { recursive: true, force: true }))
  const stages: [string, string, number, number][] = []
  const asked = { ...OPTIONS, ...options, evidence: [evidence], out }
  await run(await find(asked, null), asked, {
    draft: (name) => join(out, name),
    write: () => {},
    stage: (name, amount, unit = 'bytes') => void stages.push([name, unit, amount, 0]),
    advance: (amount) => {
      stages.at(-1)![3] += amount
    },
  })
  return stages
}

describe('what a run tells of its progress', () => {
  it('reads every byte once, then replays the calls', async () => {
    const [reading, replaying, ...rest] = await stagesOf(join(SAMPLES, 'mmap-leak'), {})
    expect(reading).toEqual(['reading', 'bytes', reading![2], reading![2]])
    expect(reading![2]).toBeGreaterThan(1_000_000)
    expect(replaying!.slice(0, 2)).toEqual(['replaying', 'calls'])
    expect(rest).toEqual([['rendering', 'bytes', 0, 0]])
  })

  it('packs every byte first where it has one processor', async () => {
    const [packing, reading, replaying] = await stagesOf(join(SAMPLES, 'mmap-leak'), {
      formats: ['json', 'zip'],
    })
    expect(packing).toEqual(['packing', 'bytes', reading![2], reading![2]])
    expect(reading).toEqual(['reading', 'bytes', reading![2], reading![2]])
    expect(replaying![0]).toBe('replaying')
  })

  it('tells how many calls are replayed', async () => {
    const folder = aFolder()
    // brk takes effect when it begins and when it returns, and is one call.
    const called = (call: number): string =>
      call % 2 === 0
        ? `mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${(0x7f00_0000_0000 + call * 8192).toString(16)}`
        : `brk(0x${(0x1000_0000 + call * 4096).toString(16)}) = 0x${(0x1000_0000 + call * 4096).toString(16)}`
    const lines = Array.from(
      { length: 70_000 },
      (_, call) =>
        `09:00:${String(Math.floor(call / 2000)).padStart(2, '0')}.${String((call % 2000) * 500).padStart(6, '0')} ${called(call)} <0.000010>\n`,
    )
    writeFileSync(join(folder, 'log.10'), lines.join(''))
    const [, replaying] = await stagesOf(folder, {})
    expect(replaying).toEqual(['replaying', 'calls', 70_000, 70_000])
  })
})
