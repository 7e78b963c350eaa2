import { describe, expect, it } from 'vitest'
import { StringTable } from '../../src/base/string-table.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import { readSnapshots } from '../../src/smaps/read-snapshots.ts'
import { sumUp } from '../../src/timeline/amounts.ts'
import { textFile } from '../attribution/support.ts'

describe('LazyFree of a snapshot', () => {
  const summed = async (...fields: string[]) => {
    const text = fields.map(
      (field, k) => `7f000000${k}000-7f000000${k + 1}000 rw-p 00000000 00:00 0 \n${field}`,
    )
    const file = textFile('smaps_1_1', 'smaps', `${text.join('\n')}\n`)
    const [snapshot] = await readSnapshots(file, new StringTable(), new Diagnostics())
    return sumUp(snapshot!).lazyFree
  }
  const rss = 'Rss:                   4 kB'
  const lazy = `${rss}\nLazyFree:              4 kB`

  it('is what all mappings have of it', async () => {
    expect(await summed(lazy, lazy)).toBe(8192)
  })

  it('is not known where the kernel does not print it, or one mapping lacks it', async () => {
    expect(await summed(rss, rss)).toBeNull()
    expect(await summed(lazy, rss)).toBeNull()
  })
})
