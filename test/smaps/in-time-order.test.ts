import { describe, expect, it } from 'vitest'
import { type Micros, micros } from '../../src/base/units.ts'
import type { EvidenceFile } from '../../src/model/evidence.ts'
import type { ReadSnapshot } from '../../src/model/snapshot.ts'
import { afterAll, inTimeOrder, type Read } from '../../src/smaps/in-time-order.ts'
import { aSnapshot } from '../support/synthetic-capture.ts'
import { memoryFile } from './support.ts'

/** Files by the time in their names, each with the times of what it holds. */
type Files = readonly (readonly [stamp: number | null, ...times: (number | null)[]])[]

function evidence(files: Files): { files: EvidenceFile[]; read: Read } {
  const made = files.map(([stamp], at) => {
    const file = memoryFile(new Uint8Array(), { path: `f${at}` })
    return { ...file, hints: { ...file.hints, stamp: stamp === null ? null : micros(stamp) } }
  })
  const read: Read = async (file) => {
    const [, ...times] = files[made.findIndex(({ path }) => path === file.path)]!
    return times.map((time, section) => aSnapshot([], { file: `${file.path}.${section}`, time }))
  }
  return { files: made, read }
}

async function taken(files: Files): Promise<{ ok: boolean; names: string[]; sorted: string[] }> {
  const { files: made, read } = evidence(files)
  const names: string[] = []
  const sorted: string[] = []
  const ok = await inTimeOrder(made, read, ({ file }) => names.push(file))
  await afterAll(made, read, ({ file }) => sorted.push(file))
  return { ok, names, sorted }
}

describe('snapshots in the order of their times', () => {
  it('come by the stamps of their files, equal ones in the order of the files', async () => {
    const { ok, names, sorted } = await taken([
      [30, 30],
      [10, 10],
      [20, 20],
      [10, 10],
    ])
    expect(ok).toBe(true)
    expect(names).toEqual(['f1.0', 'f3.0', 'f2.0', 'f0.0'])
    expect(sorted).toEqual(names)
  })

  it('cannot be put in order when one is older than what went before', async () => {
    const { ok, names, sorted } = await taken([
      [null, 25, 5, 15],
      [10, 10],
      [20, 20, 12, 40],
      [30, 30],
    ])
    expect(ok).toBe(false)
    expect(names).not.toContain('f3.0')
    expect(sorted).toEqual(['f0.1', 'f1.0', 'f2.1', 'f0.2', 'f2.0', 'f0.0', 'f3.0', 'f2.2'])
  })

  it('are all there when what waits is younger than the file it stands in', async () => {
    const { ok, names, sorted } = await taken([
      [null, 25, 5, 15, null],
      [10, 10, 35],
      [20, 20],
      [30, 30],
    ])
    expect(ok).toBe(true)
    expect(names).toEqual(['f0.3', 'f0.1', 'f1.0', 'f0.2', 'f2.0', 'f0.0', 'f3.0', 'f1.1'])
    expect(sorted).toEqual(names)
  })

  it('are held no longer than until they are taken', async () => {
    const { files, read } = evidence(Array.from({ length: 50 }, (_, at) => [at, at] as const))
    const buffers = new Set<ArrayBufferLike>()
    const lending: Read = async (file, pool) => {
      const [snapshot] = await read(file, pool)
      const { mappings } = snapshot as ReadSnapshot
      return [{ ...snapshot!, mappings: { ...mappings, start: pool!.doubles(8) } }]
    }
    let last: Micros | null = null
    await inTimeOrder(files, lending, ({ mappings, time }) => {
      buffers.add(mappings.start.buffer)
      last = time
    })
    expect(last).toBe(49)
    expect(buffers.size).toBe(1)
  })
})
