import { spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { REDACTION_REPORT } from '../../src/bundle/bag.ts'
import { memberText, openBag } from '../../src/bundle/open-bag.ts'
import type { RedactionReport } from '../../src/bundle/redaction-report.ts'
import { XZ, ZSTD } from '../evidence/make-archives.ts'
import {
  aCapture,
  aFolder,
  BIN,
  cleanEnvironment,
  memdossier,
  readReport,
  SAMPLES,
} from '../support/command.ts'

const SAMPLE = join(SAMPLES, 'mmap-leak')
const FILES = ['evidence.zip', 'report.html', 'report.json', 'report.md']
const bytesOf = (folder: string) =>
  Object.fromEntries(FILES.map((name) => [name, readFileSync(join(folder, name))]))

describe('what a run writes', () => {
  test('by default: four files in out/<name>, and where they are on stdout', () => {
    const cwd = aFolder()
    const ran = memdossier([SAMPLE], { cwd })
    expect(ran).toMatchObject({ status: 0, stderr: '' })
    expect(readdirSync(join(cwd, 'out/mmap-leak')).sort()).toEqual(FILES)
    for (const name of FILES) expect(ran.stdout).toContain(join('out/mmap-leak', name))
    expect(ran.stdout.split('\n')[0]).toContain(readReport(join(cwd, 'out/mmap-leak')).verdict.summary)
  })

  test('the same bytes again, in another zone, umask, language of the shell and folder', () => {
    const [one, two] = [aFolder(), aFolder()]
    expect(memdossier([SAMPLE, '-o', one, '--quiet']).status).toBe(0)
    const mask = process.umask(0o077)
    try {
      const env = { TZ: 'Asia/Tokyo', LC_ALL: 'tr_TR.UTF-8' }
      expect(memdossier([aCapture('mmap-leak'), '-o', two, '--quiet'], { env }).status).toBe(0)
    } finally {
      process.umask(mask)
    }
    expect(bytesOf(two)).toEqual(bytesOf(one))
  })

  test('names what an earlier run left beside it', () => {
    const out = aFolder()
    expect(memdossier([SAMPLE, '-o', out, '--formats', 'md,junit']).stderr).toBe('')
    writeFileSync(join(out, 'notes.txt'), 'mine')
    const { status, stderr } = memdossier([SAMPLE, '-o', out, '--formats', 'json,md'])
    expect({ status, stderr }).toEqual({
      status: 0,
      stderr: `memdossier: not of this run: ${join(out, 'junit.xml')}\n`,
    })
    expect(memdossier([SAMPLE, '-o', out, '--formats', 'json', '--quiet']).stderr).toBe('')
  })

  test('only the formats that were asked for', () => {
    const out = aFolder()
    expect(memdossier([SAMPLE, '-o', out, '--formats', 'json,junit,sarif,md']).status).toBe(0)
    expect(readdirSync(out).sort()).toEqual(['junit.xml', 'report.json', 'report.md', 'report.sarif'])
  })

  test('nothing but results on stdout, nothing at all when quiet', () => {
    const ran = memdossier([SAMPLE, '-o', aFolder(), '--formats', 'json', '--quiet'])
    expect(ran).toMatchObject({ status: 0, stdout: '', stderr: '' })
  })

  test('colour only where it is wanted', () => {
    const run = (args: string[], env: NodeJS.ProcessEnv = {}) =>
      memdossier([SAMPLE, '-o', aFolder(), '--formats', 'json', ...args], { env }).stdout
    expect(run([])).not.toContain('\u001b')
    expect(run(['--color', 'always'])).toContain('\u001b[')
    expect(run(['--color', 'always'], { NO_COLOR: '1' })).toContain('\u001b[')
    expect(run(['--color', 'never'], { FORCE_COLOR: '1' })).not.toContain('\u001b')
  })

  test('render makes the same HTML and Markdown from report.json alone', () => {
    const [out, again] = [aFolder(), aFolder()]
    memdossier([SAMPLE, '-o', out, '--formats', 'html,json,md'])
    expect(memdossier(['render', join(out, 'report.json'), '-o', again]).status).toBe(0)
    for (const name of ['report.html', 'report.md'])
      expect(readFileSync(join(again, name))).toEqual(readFileSync(join(out, name)))
  })
})

describe('outputs appear only complete', () => {
  test('an unwritable place is one line and status 2', () => {
    const out = aFolder()
    writeFileSync(join(out, 'file'), '')
    const ran = memdossier([SAMPLE, '-o', join(out, 'file/below')])
    expect(ran).toMatchObject({ status: 2, stdout: '' })
    expect(ran.stderr).toMatch(/^memdossier: cannot write .*\n$/)
  })

  test('a folder in the way of a file leaves everything as it was', () => {
    const out = aFolder()
    mkdirSync(join(out, 'report.md'))
    writeFileSync(join(out, 'report.json'), 'old')
    expect(memdossier([SAMPLE, '-o', out]).status).toBe(2)
    expect(readdirSync(out).sort()).toEqual(['report.json', 'report.md'])
    expect(readFileSync(join(out, 'report.json'), 'utf8')).toBe('old')
  })

  test.skipIf(process.getuid?.() !== 0)(
    'a full disk is one line and status 2, and what was there stays',
    () => {
      const disk = aFolder()
      if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2000k', 'tmpfs', disk]).status !== 0) return
      try {
        const out = join(disk, 'out')
        expect(memdossier([SAMPLE, '-o', out, '--formats', 'json,md']).status).toBe(0)
        const before = readFileSync(join(out, 'report.json'))
        for (const formats of ['html,json,md,zip', 'zip', 'html']) {
          writeFileSync(join(disk, 'ballast'), Buffer.alloc(formats === 'zip' ? 1_500_000 : 1_200_000))
          const ran = memdossier([SAMPLE, '-o', out, '--formats', formats])
          expect(ran).toMatchObject({ status: 2, stdout: '' })
          expect(ran.stderr).toMatch(/^memdossier: cannot write .*: no space left on the disk\n$/)
          expect(readdirSync(out).sort()).toEqual(['report.json', 'report.md'])
          expect(readFileSync(join(out, 'report.json'))).toEqual(before)
        }
      } finally {
        spawnSync('umount', [disk])
      }
    },
  )

  test('what a killed run left behind goes with the next one', () => {
    const out = aFolder()
    mkdirSync(join(out, '.memdossier-999999999'))
    writeFileSync(join(out, '.memdossier-999999999/report.html'), 'half')
    expect(memdossier([SAMPLE, '-o', out, '--formats', 'json']).status).toBe(0)
    expect(readdirSync(out)).toEqual(['report.json'])
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    '%s ends with %i, an earlier output stays whole and nothing else is left',
    async (signal, status) => {
      const out = aFolder()
      memdossier([SAMPLE, '-o', out, '--quiet'])
      const before = bytesOf(out)
      const child = spawn(process.execPath, [BIN, SAMPLE, '-o', out], {
        env: cleanEnvironment(),
        stdio: 'ignore',
      })
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
      await until(() => readdirSync(out).some((name) => name.startsWith('.memdossier-')))
      child.kill(signal)
      expect(await ended).toBe(status)
      expect(readdirSync(out).sort()).toEqual(FILES)
      expect(bytesOf(out)).toEqual(before)
    },
  )

  test('an interrupted first run leaves not even its folder', async () => {
    const out = join(aFolder(), 'deep/er')
    const child = spawn(process.execPath, [BIN, SAMPLE, '-o', out], {
      env: cleanEnvironment(),
      stdio: 'ignore',
    })
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
    await until(() => existsSync(out) && readdirSync(out).length > 0)
    child.kill('SIGTERM')
    expect(await ended).toBe(143)
    expect(existsSync(join(out, '../..', 'deep'))).toBe(false)
  })
})

describe('evidence that is awkward', () => {
  test('outputs inside the evidence are no evidence the next time', () => {
    const capture = aCapture('mmap-leak')
    const first = memdossier(['.', '-o', 'report'], { cwd: capture })
    expect(first.status).toBe(0)
    const before = bytesOf(join(capture, 'report'))
    expect(memdossier(['.', '-o', 'report'], { cwd: capture }).status).toBe(0)
    expect(bytesOf(join(capture, 'report'))).toEqual(before)
  })

  test('evidence in the folder of the outputs is read', () => {
    const capture = aCapture('mmap-leak')
    const snapshots = readdirSync(join(capture, 'smaps')).length
    renameSync(join(capture, 'strace'), join(capture, 'out'))
    const formats = ['--formats', 'json,md,zip']
    const folders: [string, readonly string[]][] = [
      ['out', []],
      ['smaps', ['-o', 'smaps']],
    ]
    for (const [name, options] of folders) {
      for (const run of ['first', 'second'])
        expect(memdossier(['.', ...options, ...formats], { cwd: capture }).status, run).toBe(0)
      const out = join(capture, name, name === 'out' ? basename(capture) : '')
      const report = readReport(out)
      expect(report.snapshots).toHaveLength(snapshots)
      expect(report.traces.length).toBeGreaterThan(0)
      expect(report.skipped.map(({ path }) => path)).toEqual(['README.md'])
    }
  })

  test('compressed files and archives, each by what the build has bundled for it', () => {
    const folder = aFolder()
    const log = readFileSync(join(SAMPLE, 'strace/thumbd.9798'))
    writeFileSync(join(folder, 'thumbd.9798.gz'), gzipSync(log))
    writeFileSync(join(folder, 'a.1.zst'), ZSTD)
    writeFileSync(join(folder, 'c.2.xz'), XZ)
    const ran = memdossier([folder, '-o', aFolder(), '--dry-run'])
    expect(ran).toMatchObject({ status: 0, stderr: '' })
    expect(ran.stdout).toMatch(/^read {2}a\.1 {2}strace-log .*\nread {2}c\.2 {2}strace-log /m)
    expect(ran.stdout).toMatch(/^read {2}thumbd\.9798 {2}strace-log /m)
  })

  test('every input byte is read or named as skipped', () => {
    const capture = aCapture('mmap-leak')
    writeFileSync(join(capture, 'notes.txt'), 'remember the milk\n')
    writeFileSync(join(capture, 'strace/noise.bin'), Buffer.from([0, 1, 2, 3, 255, 254, 0, 0]))
    const out = aFolder()
    memdossier([capture, '-o', out, '--formats', 'json'])
    const report = readReport(out)
    const told = [...report.inputs, ...report.skipped].reduce((sum, { bytes }) => sum + bytes, 0)
    expect(told).toBe(bytesBelow(capture))
    expect(report.skipped.map(({ path }) => path)).toContain('notes.txt')
    for (const { reason } of report.skipped) expect(reason).not.toBe('')
  })

  test('a file without permission is skipped by name', () => {
    const capture = aCapture('mmap-leak')
    chmodSync(join(capture, 'strace/thumbd.9797'), 0)
    chmodSync(join(capture, '..'), 0o755)
    const out = aFolder()
    chmodSync(out, 0o777)
    // Root may read everything: nobody reads for it.
    const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {}
    expect(memdossier([capture, '-o', out, '--formats', 'json'], user).status).toBe(0)
    expect(readReport(out).skipped.map(({ path }) => path)).toContain('strace/thumbd.9797')
  })

  test('names of 255 bytes, not UTF-8, with backslash and percent go the whole way round', () => {
    const capture = aCapture('nscd')
    const snapshot = readdirSync(join(capture, 'smaps'))[0]!
    const text = readFileSync(join(capture, 'smaps', snapshot))
    const folder = Buffer.concat([Buffer.from(`${capture}/`), Buffer.from([0xff, 0xfe])])
    mkdirSync(folder)
    writeFileSync(Buffer.concat([folder, Buffer.from(`/smaps_1_20261122194300`)]), text)
    writeFileSync(join(capture, `smaps_2_20261122194300_${'n'.repeat(232)}`), text)
    writeFileSync(join(capture, 'smaps_3_20261122194300_a\\b%0A'), text)
    const [out, again] = [aFolder(), aFolder()]
    expect(memdossier([capture, '-o', out, '--formats', 'json,zip'])).toMatchObject({ status: 0 })
    expect(memdossier(['verify', join(out, 'evidence.zip')]).stdout).toContain(
      'the report is what the evidence gives',
    )
    expect(memdossier([join(out, 'evidence.zip'), '-o', again, '--formats', 'json']).status).toBe(0)
    expect(readReport(again).processes.map(({ pid }) => pid)).toEqual(
      readReport(out).processes.map(({ pid }) => pid),
    )
  })

  test('a limit that is met already is not said to be reached some time', () => {
    const out = aFolder()
    const limited = [join(SAMPLES, 'mmap-leak'), '-o', out, '--limit', '40MiB', '--formats', 'json,md']
    expect(memdossier(limited).stdout).toContain('The process is at its limit of 40 MiB or above it already.')
    expect(readFileSync(join(out, 'report.md'), 'utf8')).toMatch(/Limit.*40 MiB; met already/)
    expect(readReport(out).findings[0]!.measures.limitAt).toBe(readReport(out).findings[0]!.measures.to)
  })

  test('a log that grows while it is read is cut where it was found', async () => {
    const capture = aCapture('mmap-leak')
    const log = join(capture, 'strace/thumbd.9797')
    const writer = setInterval(
      () => appendFileSync(log, '19:50:41.000000 close(11)               = 0 <0.000012>\n'),
      1,
    )
    const out = aFolder()
    const child = spawn(process.execPath, [BIN, capture, '-o', out, '--formats', 'json,zip', '--quiet'], {
      stdio: 'ignore',
    })
    const status = await new Promise<number | null>((resolve) => child.once('exit', resolve))
    clearInterval(writer)
    expect(status).toBe(0)
    const input = readReport(out).inputs.find(({ path }) => path.endsWith('thumbd.9797'))!
    const stored = JSON.parse(
      await memberText(await openBag(join(out, 'evidence.zip')), REDACTION_REPORT),
    ) as RedactionReport
    expect(stored.files.find(({ path }) => path === input.path)!.original.bytes).toBe(input.bytes)
    expect(memdossier(['verify', join(out, 'evidence.zip')]).status).toBe(0)
  })
})

function bytesBelow(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2))
}
