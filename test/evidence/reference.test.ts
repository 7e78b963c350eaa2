import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { discovered, hasShared, SHARED } from './support.ts'

const zoo = hasShared
  ? readdirSync(join(SHARED, 'zoo')).filter((name) => existsSync(join(SHARED, 'zoo', name, 'evidence')))
  : []

/** What a file of the zoo is, by how its makers named it. */
function expected(path: string, size: number): string {
  if (path.startsWith('smaps/')) return size === 0 ? 'empty-snapshot' : 'smaps'
  return path.endsWith('.summary.txt') ? 'strace-summary' : 'strace-log'
}

describe.skipIf(!hasShared)('the zoo', () => {
  it.each(zoo)('%s is classified exactly, without a diagnostic', async (name) => {
    const root = join(SHARED, 'zoo', name, 'evidence')
    const all = readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .sort()
    const capture = await discovered(root)
    expect(capture.files.map(({ path, format, bytes }) => [path, format, bytes])).toEqual(
      all.map((path) => {
        const { size } = statSync(join(root, path))
        return [path, expected(path, size), size]
      }),
    )
    expect(capture.skipped).toEqual([])
    expect(capture.diagnostics).toEqual([])
    for (const { path, hints } of capture.files) {
      const pid = /smaps_(\d+)_/.exec(path)?.[1]
      const tid = /strace\/.*\.(\d+)$/.exec(path)?.[1]
      expect([path, hints.pid, hints.tid]).toEqual([path, pid ? Number(pid) : null, tid ? Number(tid) : null])
      expect(hints.stamp === null, path).toBe(!path.startsWith('smaps/'))
    }
  })
})

describe.skipIf(!hasShared)('captures from elsewhere', () => {
  it('are each what they are', async () => {
    const capture = await discovered(join(SHARED, 'wild'))
    const formats = new Map(capture.files.map(({ path, format }) => [path, format]))
    const special: Record<string, string> = {
      'smaps/11-rollup-linux557.txt': 'smaps-rollup',
      'smaps/12-rollup-linux557-gnome.txt': 'smaps-rollup',
      'smaps/25-rollup-linux414-hugetlb-oracle.txt': 'smaps-rollup',
      'smaps/33-pmap-X-procps4-linux6x.txt': 'pmap',
      'smaps/34-pmap-plain-and-x-procps32.txt': 'pmap',
      'smaps/35-pmap-x-doubled-rows-procps33.txt': 'pmap',
      'smaps/36-pmap-XX-german-header.txt': 'pmap',
      'smaps/39-maps-only-stack-tid-linux310.txt': 'maps',
      'smaps/40-maps-only-i386-unsorted-hugepage.txt': 'maps',
      'strace/26-c-f-summary-only.txt': 'strace-summary',
      'strace/27-c-summary-all-zero-cut.txt': 'strace-summary',
      'local/m02-maps-linux618-special-names.txt': 'maps',
      'local/m03-rollup-linux618.txt': 'smaps-rollup',
      'local/m04-pmap-X-procps4.txt': 'pmap',
      'local/m06-pmap-XX-procps4-head.txt': 'pmap',
      'local/s13-c.txt': 'strace-summary',
      'local/s15-c-w-U.txt': 'strace-summary',
    }
    for (const [path, format] of formats)
      expect([path, format]).toEqual([
        path,
        special[path] ?? (path.startsWith('smaps/') ? 'smaps' : 'strace-log'),
      ])
    expect(capture.skipped.map(({ path }) => path)).toEqual([
      'INDEX.md',
      'facts.json',
      'strace/43-lookalike-python-ptrace.txt',
    ])
    expect(capture.skipped[2]!.reason).toContain('python-ptrace')
    expect(formats.size).toBe(112)
  })
})
