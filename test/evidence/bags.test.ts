import { describe, expect, it } from 'vitest'
import { unwrapBags } from '../../src/evidence/bags.ts'
import { pathOf, refuse } from '../../src/evidence/source.ts'

const unwrapped = (paths: readonly string[], roots?: readonly string[]) => {
  const all = paths.map((path) => refuse(path, 0, 'unreadable', 'x'))
  const { found, packaging } = unwrapBags(all, roots)
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

  it('are evidence where nothing but the output of a run was named, alone or beside other arguments', () => {
    const output = (folder: string, evidence: string) => [
      ...['report.json', 'report.md'].map((path) => folder + path),
      ...bag(`${folder}evidence.zip/`, evidence),
    ]
    expect(unwrapped(output('', 'smaps_1')).found).toEqual(['evidence.zip/smaps_1'])
    const paths = [
      ...output('a/', 'smaps_1'),
      ...output('b/', 'smaps_2'),
      'c/smaps_3',
      ...output('c/', 'smaps_3'),
    ]
    expect(unwrapped(paths, ['a/', 'b/', 'c/']).found).toEqual([
      'a/evidence.zip/smaps_1',
      'b/evidence.zip/smaps_2',
      'c/smaps_3',
    ])
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
