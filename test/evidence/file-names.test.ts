import { describe, expect, it } from 'vitest'
import { DAY, HOUR, MINUTE, SECOND } from '../../src/base/units.ts'
import { uncopiedName } from '../../src/evidence/copy-names.ts'
import { readName } from '../../src/evidence/file-names.ts'

const at = (text: string): number => Date.parse(`${text}Z`) * 1000
const NOON = '2026-11-22T19:42:00'

describe('names of snapshots', () => {
  const cases: readonly [name: string, pid: number | null, stamp: string | null, width: number | null][] = [
    ['smaps_1085_202611221942', 1085, NOON, MINUTE],
    ['smaps_1085_20261122194205', 1085, '2026-11-22T19:42:05', SECOND],
    ['smaps_1085_20261122', 1085, '2026-11-22T00:00:00', DAY],
    ['smaps_1085_2026112219', 1085, '2026-11-22T19:00:00', HOUR],
    ['smaps_1085_1795376982', 1085, '2026-11-22T19:49:42', SECOND],
    ['smaps_1085_1795376982.25', 1085, '2026-11-22T19:49:42.250', 10_000],
    ['smaps_1085_1795376982123', 1085, '2026-11-22T19:49:42.123', 1_000],
    ['smaps_1085_20261122-1942', 1085, NOON, MINUTE],
    ['smaps_1085_20261122_194205', 1085, '2026-11-22T19:42:05', SECOND],
    ['smaps_1085_2026-11-22T19:42:05', 1085, '2026-11-22T19:42:05', SECOND],
    ['smaps_1085_2026-11-22T19-42-05Z', 1085, '2026-11-22T19:42:05', SECOND],
    ['smaps_1085_2026.11.22.19.42', 1085, NOON, MINUTE],
    ['smaps-1085-20261122T1942.txt', 1085, NOON, MINUTE],
    ['smaps.1085.202611221942.gz', 1085, NOON, MINUTE],
    ['web01_smaps_1085_202611221942', 1085, NOON, MINUTE],
    ['smaps_web-01.example.com_1085_202611221942', 1085, NOON, MINUTE],
    ['node-7_smaps_1085_202611221942', 1085, NOON, MINUTE],
    ['smaps_node-7_1085_202611221942', 1085, NOON, MINUTE],
    ['nscd-1085-202611221942.smaps', 1085, NOON, MINUTE],
    ['202611221942_1085.smaps', 1085, NOON, MINUTE],
    ['smaps_pid1085_202611221942', 1085, NOON, MINUTE],
    ['smaps_2026_20261122194205', 2026, '2026-11-22T19:42:05', SECOND],
    ['smaps__20261122194205', null, '2026-11-22T19:42:05', SECOND],
    ['smaps_1085', 1085, null, null],
    ['smaps', null, null, null],
    ['smaps_rollup_1085_202611221942', 1085, NOON, MINUTE],
    ['28328/smaps_202611221942', 28328, NOON, MINUTE],
    ['28328/smaps', 28328, null, null],
    ['202611221942/28328/smaps', 28328, NOON, MINUTE],
    ['01-firefox-x86_64-linux44-head.txt', null, null, null],
    ['smaps_1085_20261322', 1085, null, null],
    ['smaps_1085_20260231', 1085, null, null],
  ]
  it.each(cases)('%s', (name, pid, stamp, width) => {
    expect(readName(name, 'snapshot')).toMatchObject({
      pid,
      tid: null,
      group: null,
      stamp: stamp === null ? null : at(stamp),
      stampWidth: width,
    })
  })

  it('takes the first of two pids and says that there are two', () => {
    expect(readName('smaps_1085_2077_202611221942', 'snapshot')).toMatchObject({
      pid: 1085,
      pids: [1085, 2077],
    })
  })

  it('takes off any number of suffixes, and leaves a name that is nothing else', () => {
    const name = `smaps_1085_202611221942${'.gz'.repeat(200_000)}`
    expect(readName(name, 'snapshot')).toMatchObject({ pid: 1085, stamp: at(NOON) })
    expect(readName('nscd.28330.txt.GZ', 'trace')).toMatchObject({ group: 'nscd', tid: 28330 })
    expect(readName('.smaps.gz', 'snapshot')).toMatchObject({ pid: null })
  })
})

describe('names of copies', () => {
  it.each([
    ['#nscd.1085#', 'nscd.1085'],
    ['#nscd.1085', '#nscd.1085'],
    ['nscd.1085#', 'nscd.1085#'],
    ['#', '#'],
    ['nscd.1085.~12~', 'nscd.1085'],
    ['nscd.1085~2', 'nscd.1085'],
    ['Copy of nscd.1085', 'nscd.1085'],
    ['smaps_1085 copy 2.txt', 'smaps_1085.txt'],
    ['smaps_1085 - Copy.txt', 'smaps_1085.txt'],
    ['smaps_1085 (1).txt', 'smaps_1085.txt'],
  ])('%s', (name, original) => {
    expect(uncopiedName(name)).toBe(original)
  })

  it('takes no name for a copy that no file system can hold', () => {
    const fits = 'a'.repeat(251)
    expect(uncopiedName(`${fits}.bak`)).toBe(fits)
    for (const name of [`${fits}a.bak`, `${'é'.repeat(126)}.bak`, `#${'a'.repeat(500_000)}#`])
      expect(uncopiedName(name)).toBe(name)
  })
})

describe('names of logs', () => {
  const cases: readonly [name: string, group: string | null, tid: number | null, pid: number | null][] = [
    ['nscd.28330', 'nscd', 28330, null],
    ['nscd.28330.gz', 'nscd', 28330, null],
    ['quoted.early.17235', 'quoted.early', 17235, null],
    ['trace-10.0.0.5.4711', 'trace-10.0.0.5', 4711, null],
    ['strace.1085.1090', 'strace.1085', 1090, 1085],
    ['nscd_20261122.1942', 'nscd_20261122', 1942, null],
    ['nscd.2026.11.22', null, null, null],
    ['nscd.all', null, null, null],
    ['mapserv.17259', 'mapserv', 17259, null],
    ['log.99999999', null, null, null],
    ['a/b/c.d/t.7', 't', 7, null],
  ]
  it.each(cases)('%s', (name, group, tid, pid) => {
    expect(readName(name, 'trace')).toMatchObject({ group, tid, pid })
  })
})
