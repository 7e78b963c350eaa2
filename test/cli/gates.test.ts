import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aCapture, aFolder, memdossier, readReport, SAMPLES } from '../support/command.ts'

const LEAK = join(SAMPLES, 'mmap-leak')
const HEALTHY = join(SAMPLES, 'nscd')

/** Runs with json only; the gates of the report beside the status. */
function judged(
  evidence: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
) {
  const out = aFolder()
  const ran = memdossier([evidence, '-o', out, '--formats', 'json', ...args], options)
  return { ...ran, report: readReport(out), out }
}

describe('--fail-on', () => {
  test('a problem ends with 3, and the outputs are there', () => {
    const { status, report, stdout } = judged(LEAK, ['--fail-on', 'problem'])
    expect(status).toBe(3)
    expect(report.gates).toMatchObject([{ name: 'fail-on=problem', passed: false }])
    expect(report.gates[0]!.found).toContain('anonymous-mapping-growth')
    expect(stdout).toContain('Gate failed: fail-on=problem')
  })

  test('a healthy capture ends with 0', () => {
    const { status, report } = judged(HEALTHY, ['--fail-on', 'warning'])
    expect(status).toBe(0)
    expect(report.gates).toMatchObject([{ passed: true, found: 'none' }])
  })

  test('never is the default: a leak alone fails nothing', () => {
    expect(judged(LEAK, [])).toMatchObject({ status: 0, report: { gates: [] } })
  })
})

describe('--budget', () => {
  test.each([
    ['rss-growth=10MiB/h', false, '807 MiB/h (773–841), growing'],
    ['rss-growth=10GiB/h', true, 'MiB/h'],
    ['rss-growth=200GiB/d', true, 'MiB/h'],
    ['anonymous-growth=1MiB/h', false, 'MiB/h'],
    ['heap-growth=1MiB/h', true, ''],
    ['peak-rss=1MiB', false, 'MiB'],
    ['peak-rss=8GiB', true, 'MiB'],
    ['mapping-count=5', false, ''],
    ['mapping-count=5000', true, ''],
    ['thread-count=2', false, '6'],
    ['thread-count=6', true, '6'],
    ['unexplained=1%', true, '0 %'],
    ['rss-growth@thumbd=10MiB/h', false, 'MiB/h'],
    ['rss-growth@other=10MiB/h', false, 'not measured: no process other'],
  ])('%s', (budget, passed, found) => {
    const { status, report } = judged(LEAK, ['--budget', budget])
    expect(report.gates).toMatchObject([{ passed, found: expect.stringContaining(found) }])
    expect(status).toBe(passed ? 0 : 3)
  })

  test('what was not measured does not pass', () => {
    const { status, report } = judged(join(LEAK, 'smaps'), [
      '--budget',
      'thread-count=100',
      '--budget',
      'unexplained=50%',
    ])
    expect(status).toBe(3)
    expect(report.gates.map(({ passed, found }) => [passed, found.startsWith('not measured')])).toEqual([
      [false, true],
      [false, true],
    ])
  })

  test('a number of threads that may be higher does not pass', () => {
    const folder = aFolder()
    mkdirSync(folder, { recursive: true })
    const log = readFileSync(join(LEAK, 'strace/thumbd.9791'), 'utf8')
    writeFileSync(join(folder, 'trace.log'), log.replace(/^(?=.)/gm, '9791 '))
    // Sums show no stacks.
    const sums =
      '55d0c0a21000-7ffd5a1f2000 ---p 00000000 00:00 0                          [rollup]\nRss:                4836 kB\n'
    writeFileSync(join(folder, 'smaps_rollup_9791_20261122194741'), sums)
    const { status, report } = judged(folder, ['--budget', 'thread-count=100'])
    expect(status).toBe(3)
    expect(report.gates).toMatchObject([{ passed: false, found: 'at least 1' }])
  })
})

describe('--baseline', () => {
  test('a finding that was there before fails no more, a new one does', () => {
    const before = judged(LEAK, [])
    const print = before.report.findings.find(({ severity }) => severity === 'problem')!.fingerprint
    const same = judged(LEAK, ['--fail-on', 'warning', '--baseline', join(before.out, 'report.json')])
    expect(same.status).toBe(0)
    expect(same.report.baseline).toMatchObject({ added: [], fixed: [], persisting: [print] })
    expect(same.report.gates.map(({ name }) => name)).toContain(
      `growth of anonymous-mapping-growth ${print} against the baseline`,
    )

    const healthy = judged(HEALTHY, [])
    const added = judged(LEAK, ['--fail-on', 'warning', '--baseline', join(healthy.out, 'report.json')])
    expect(added.status).toBe(3)
    expect(added.report.baseline).toMatchObject({ added: [print], persisting: [] })

    const fixed = judged(HEALTHY, ['--fail-on', 'warning', '--baseline', join(before.out, 'report.json')])
    expect(fixed.status).toBe(0)
    expect(fixed.report.baseline).toMatchObject({ fixed: [print] })
  })

  test('growth beyond the interval of the baseline fails', () => {
    const before = judged(LEAK, [])
    const slower = structuredClone(before.report)
    for (const { measures } of slower.findings) {
      measures.bytesPerHour = 1_000_000
      measures.bytesPerHourHigh = 2_000_000
    }
    const baseline = join(before.out, 'slower.json')
    writeFileSync(baseline, JSON.stringify(slower))
    expect(judged(LEAK, ['--fail-on', 'problem', '--baseline', baseline]).status).toBe(3)
  })
})

describe('--require-verdict and --strict', () => {
  /** Three snapshots are too few for any answer. */
  const tooShort = () => {
    const folder = aFolder()
    for (const stamp of ['20261122194741', '20261122194746', '20261122194751'])
      writeFileSync(
        join(folder, `smaps_9791_${stamp}`),
        readFileSync(join(LEAK, `smaps/smaps_9791_${stamp}`)),
      )
    return folder
  }

  test('cannot tell ends with 4, and with 0 when nobody asks', () => {
    const folder = tooShort()
    expect(judged(folder, ['--require-verdict'])).toMatchObject({
      status: 4,
      report: { verdict: { status: 'inconclusive' } },
    })
    expect(judged(folder, ['--fail-on', 'warning']).status).toBe(0)
  })

  test('damaged evidence ends with 5', () => {
    const capture = aCapture('nscd')
    truncateSync(join(capture, 'smaps/smaps_28328_202611222000'), 5000)
    expect(judged(capture, ['--strict']).status).toBe(5)
    expect(judged(capture, []).status).toBe(0)
  })

  test('skipped evidence ends with 5', () => {
    const capture = aCapture('nscd')
    writeFileSync(join(capture, 'photo.png'), Buffer.from([0x89, 0x50, 0x4e, 0x47]))
    expect(judged(capture, ['--strict']).status).toBe(5)
  })

  test('a copy, a link to what is read, and leftovers of desktops and editors lose nothing', () => {
    const capture = aCapture('nscd')
    rmSync(join(capture, 'README.md'))
    const snapshot = join(capture, 'smaps/smaps_28328_202611222000')
    copyFileSync(snapshot, `${snapshot}~`)
    symlinkSync('smaps_28328_202611222006', join(capture, 'smaps/latest'))
    mkdirSync(join(capture, '__MACOSX'))
    for (const name of ['.DS_Store', '__MACOSX/._smaps', 'smaps/.smaps_28328_202611222000.swp', '.gitkeep'])
      writeFileSync(join(capture, name), '')
    const { status, report } = judged(capture, ['--strict'])
    expect(report.gates).toMatchObject([{ found: '0 skipped, 0 signs of damage', passed: true }])
    expect(report.skipped).toHaveLength(6)
    expect(status).toBe(0)
    symlinkSync('/etc/hostname', join(capture, 'smaps/elsewhere'))
    expect(judged(capture, ['--strict'])).toMatchObject({
      status: 5,
      report: {
        gates: [{ found: expect.stringContaining('1 skipped, 0 signs of damage; first smaps/else') }],
      },
    })
  })

  test('whole evidence ends with 0', () => {
    const capture = aCapture('nscd')
    rmSync(join(capture, 'README.md'))
    expect(judged(capture, ['--strict', '--require-verdict']).status).toBe(0)
  })

  test('a failed gate outranks both', () => {
    const capture = aCapture('mmap-leak')
    writeFileSync(join(capture, 'notes.txt'), 'x\n')
    expect(judged(capture, ['--strict', '--require-verdict', '--fail-on', 'problem']).status).toBe(3)
  })
})

describe('configuration', () => {
  const configured = (settings: object, args: string[] = [], env: NodeJS.ProcessEnv = {}) => {
    const cwd = aFolder()
    writeFileSync(join(cwd, 'memdossier.config.json'), JSON.stringify(settings))
    return judged(LEAK, args, { cwd, env })
  }

  test('option before environment before file', () => {
    expect(configured({ 'fail-on': 'problem' }).status).toBe(3)
    expect(configured({ 'fail-on': 'problem' }, [], { MEMDOSSIER_FAIL_ON: 'never' }).status).toBe(0)
    expect(
      configured({ 'fail-on': 'never' }, ['--fail-on', 'problem'], { MEMDOSSIER_FAIL_ON: 'never' }).status,
    ).toBe(3)
  })

  test('lists, numbers and flags as JSON writes them', () => {
    const { status, report } = configured({
      budget: ['mapping-count=5', 'peak-rss=8GiB'],
      pid: 9791,
      strict: true,
      limit: 2147483648,
    })
    expect(status).toBe(3)
    expect(report.gates).toHaveLength(3)
    expect(report.capture.limitBytes).toBe(2147483648)
  })

  test.each([
    [{ 'fail-onn': 'problem' }, 'did you mean fail-on?'],
    [{ 'fail-on': 'sometimes' }, 'fail-on'],
    [{ strict: 'yes' }, 'strict'],
    [{ expected: [{ fingerprint: 'abcdef12', untill: '2026-01-01', reason: 'x' }] }, 'did you mean until?'],
    [{ expected: [{ fingerprint: 'abcdef12', until: 'tomorrow', reason: 'x' }] }, 'expected.0.until'],
  ])('%j is refused', (settings, message) => {
    const cwd = aFolder()
    writeFileSync(join(cwd, 'memdossier.config.json'), JSON.stringify(settings))
    const ran = memdossier([LEAK], { cwd })
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(message) })
  })

  test('a configuration that is found by itself is named, unless quiet', () => {
    const cwd = aFolder()
    writeFileSync(join(cwd, 'memdossier.config.json'), '{"strict": false}')
    const found = `memdossier: options from ${join(cwd, 'memdossier.config.json')}\n`
    expect(judged(HEALTHY, [], { cwd }).stderr).toBe(found)
    expect(judged(HEALTHY, ['--quiet'], { cwd }).stderr).toBe('')
    expect(judged(HEALTHY, ['--config', 'memdossier.config.json'], { cwd }).stderr).toBe('')
  })

  describe('that lies in the evidence', () => {
    const evidence = (settings: object) => {
      const folder = aCapture('nscd')
      writeFileSync(join(folder, 'memdossier.config.json'), JSON.stringify(settings))
      return folder
    }
    const FORMATS = ['--formats', 'json']

    test.each([
      { redact: 'none' },
      { 'redaction-map': '../pwned.map' },
      { 'redaction-key': 'smaps/smaps_28328_202611222000' },
      { out: '../cfgout' },
    ])('may not say %j', (settings) => {
      const cwd = evidence(settings)
      const [option] = Object.keys(settings)
      for (const named of ['.', '..', cwd, join(cwd, 'memdossier.config.json')]) {
        const ran = memdossier([named, ...FORMATS], { cwd })
        expect(ran).toMatchObject({ status: 2, stdout: '' })
        expect(ran.stderr).toContain(`memdossier.config.json: ${option}: it lies in the evidence`)
      }
      expect(readdirSync(cwd)).not.toContain('out')
      expect(readdirSync(join(cwd, '..'))).toEqual(['nscd'])
    })

    test('is in force where it is named, or does not lie in what is read', () => {
      const cwd = evidence({ redact: 'none' })
      const named = ['--config', 'memdossier.config.json', ...FORMATS]
      expect(memdossier(['.', '-o', 'out', ...named], { cwd }).status).toBe(0)
      expect(readReport(join(cwd, 'out')).redaction.policy).toBe('none')
      expect(memdossier(['smaps', '-o', 'beside', ...FORMATS], { cwd }).status).toBe(0)
      expect(readReport(join(cwd, 'beside')).redaction.policy).toBe('none')
    })

    test('may say what harms nobody, and gives way to an option', () => {
      const cwd = evidence({ redact: 'strict', lang: 'zh' })
      expect(memdossier(['.', '-o', 'out', ...FORMATS], { cwd }).status).toBe(0)
      expect(readReport(join(cwd, 'out'))).toMatchObject({ language: 'zh', redaction: { policy: 'strict' } })
      const other = evidence({ redact: 'none', out: '../cfgout' })
      const ran = memdossier(['.', '-o', 'out', '--redact', 'standard', ...FORMATS], { cwd: other })
      expect(ran.status).toBe(0)
    })
  })

  test('a mark of its encoding is no part of it, and a folder of its name is said to be one', () => {
    const cwd = aFolder()
    writeFileSync(join(cwd, 'memdossier.config.json'), '\ufeff{"strict": false}')
    expect(judged(HEALTHY, [], { cwd }).status).toBe(0)
    rmSync(join(cwd, 'memdossier.config.json'))
    mkdirSync(join(cwd, 'memdossier.config.json'))
    expect(memdossier([HEALTHY], { cwd })).toMatchObject({
      status: 2,
      stderr: 'memdossier: cannot read memdossier.config.json: it is a folder\n',
    })
  })

  test('a file that is named must be there and be JSON', () => {
    const cwd = aFolder()
    expect(memdossier([LEAK, '--config', 'none.json'], { cwd }).status).toBe(2)
    writeFileSync(join(cwd, 'broken.json'), '{')
    expect(memdossier([LEAK, '--config', 'broken.json'], { cwd })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('not JSON'),
    })
  })

  test('an expected finding is accepted until its day, by the day of the evidence', () => {
    const fingerprint = judged(LEAK, []).report.findings.find(
      ({ severity }) => severity === 'problem',
    )!.fingerprint
    const expecting = (until: string) =>
      configured({ 'fail-on': 'problem', expected: [{ fingerprint, until, reason: 'known' }] })
    expect(expecting('2026-11-22').status).toBe(0)
    const late = expecting('2026-11-21')
    expect(late.status).toBe(3)
    expect(late.report.gates).toMatchObject([
      { passed: false },
      { name: `expected ${fingerprint}`, passed: false },
    ])
  })
})
