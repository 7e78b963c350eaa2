/** Log and snapshots that tell two stories: of another process, or by another clock. */
import { describe, expect, it } from 'vitest'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import { NO_SIDE_EVIDENCE } from '../support/side-evidence.ts'
import { attributed, pages, Script, snapshotOf } from './support.ts'

const LIBC = '7f9000000-7f9000200 r-xp /usr/lib/x86_64-linux-gnu/libc.so.6'
const PAGE = 4096
/** Nothing that a script maps is here. */
const ELSEWHERE = 0x7e00_0000_0000

/** A block every ten seconds; snapshots in between show as many, of which the last `elsewhere` lie where no call mapped. */
async function told(windows: number, elsewhere: number, more: (script: Script) => void = () => {}) {
  const script = new Script().busy(10, 0.5, 10 * windows + 20)
  const blocks = Array.from({ length: windows }, (_, k) => script.map(10, 15 + 10 * k, 8 * PAGE))
  more(script)
  const seen = blocks.map((block, k) => (k < windows - elsewhere ? block : ELSEWHERE + 16 * k * PAGE))
  const line = (start: number): string => `${pages(start)}-${pages(start + 8 * PAGE)} rw-p`
  const snapshots = await Promise.all(
    Array.from({ length: windows + 1 }, (_, k) =>
      snapshotOf(10, 10 + 10 * k, [...seen.slice(0, k).map(line), LIBC].join('\n')),
    ),
  )
  const diagnostics = new Diagnostics()
  const result = await attributed(await script.trace(), snapshots, NO_SIDE_EVIDENCE, diagnostics)
  return {
    contradictions: result.contradictions,
    notes: result.windows[0]!.notes.map(({ en }) => en).join(' '),
    diagnosed: diagnostics.list().some(({ code }) => code === 'replay-contradicts-snapshots'),
  }
}

describe('log and snapshots', () => {
  it('contradict each other where calls explain hardly any window', async () => {
    const { contradictions, notes, diagnosed } = await told(4, 4)
    expect(contradictions).toMatchObject([{ pid: 10, windows: 4, unexplained: 4 }])
    expect(notes).toContain('contradict each other. In 4 of 4 stretches')
    expect(diagnosed).toBe(true)
  })

  it('do not where they agree, or where most windows do not disagree, or in two windows', async () => {
    for (const [windows, elsewhere] of [
      [4, 0],
      [8, 4],
      [2, 2],
    ] as const) {
      const { contradictions, notes, diagnosed } = await told(windows, elsewhere)
      expect(contradictions).toEqual([])
      expect(notes).not.toContain('contradict')
      expect(diagnosed).toBe(false)
    }
  })

  it('do not where calls of unknown effect are as many, do where they are few', async () => {
    const cut = (count: number) => (script: Script) => {
      for (let k = 0; k < count; k += 1)
        script.call(
          11 + k,
          0.6,
          'mmap(NULL, 4096, PROT_READ, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0 <unfinished ...>',
          null,
        )
      for (let k = 0; k < count; k += 1)
        script.call(
          10,
          0.51,
          `clone(child_stack=0x7e1000000000, flags=CLONE_VM|CLONE_THREAD|CLONE_SIGHAND) = ${11 + k}`,
        )
    }
    expect((await told(4, 4, cut(1))).contradictions).toHaveLength(1)
    expect((await told(4, 4, cut(4))).contradictions).toEqual([])
  })
})
