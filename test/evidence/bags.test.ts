import { describe, expect, it } from 'vitest'
import { unwrapBags } from '../../src/evidence/bags.ts'
import { pathOf, refuse } from '../../src/evidence/source.ts'

const unwrapped = (paths: readonly string[]) => {
  const { found, packaging } = unwrapBags(paths.map((path) => refuse(path, 0, 'unreadable', 'x')))
  return { found: found.map(pathOf), packaging: packaging.map(({ path }) => path) }
}
const bag = (folder: string, evidence: string) =>
  ['bagit.txt', 'data/report.json', `data/evidence/${evidence}`].map((path) => folder + path)

describe('bags', () => {
  it('are evidence under the paths it had, the outermost of several around it', () => {
    expect(unwrapped(bag('', 'smaps_1')).found).toEqual(['smaps_1'])
    const inside = bag('a/data/evidence/b/', 'smaps_2')
    expect(unwrapped([...inside, ...bag('a/', 'smaps_1'), 'c/data/evidence/smaps_3'])).toEqual({
      found: ['a/b/bagit.txt', 'a/b/data/report.json', 'a/b/data/evidence/smaps_2', 'a/smaps_1'].concat(
        'c/data/evidence/smaps_3',
      ),
      packaging: ['a/bagit.txt', 'a/data/report.json'],
    })
  })

  it('may be very many, and outputs of earlier runs beside them', () => {
    const numbers = Array.from({ length: 60_000 }, (_, at) => at)
    const many = numbers.flatMap((at) => bag(`bag-${at}/`, `smaps_${at}`))
    const outputs = numbers.flatMap((at) => [`out-${at}/report.json`, `out-${at}/report.md`])
    const { found, packaging } = unwrapped([...many, ...outputs])
    expect(found).toEqual(numbers.map((at) => `bag-${at}/smaps_${at}`))
    expect(packaging).toHaveLength(4 * numbers.length)
  })
})
