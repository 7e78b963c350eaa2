import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { aFolder, memdossier, readReport, SAMPLES } from '../support/command.ts'

const sample = join(SAMPLES, 'nscd')

describe('wrong words end with status 2, one line and no stack', () => {
  test.each([
    ['nothing at all', [], 'no evidence given'],
    ['an unknown option', [sample, '--formts', 'json'], 'did you mean --formats?'],
    ['an unknown option of a command', ['verify', '--strict', 'x'], 'unknown option --strict'],
    ['a path that is not there', ['/no/such/place'], 'no such file or directory'],
    ['a size that is none', [sample, '--limit', 'much'], '--limit'],
    ['a limit of nothing', [sample, '--limit', '0'], "--limit: '0' is no limit"],
    [
      'a recipe for too few snapshots',
      ['recipe', '--process', 'x', '--every', '1h', '--for', '1m'],
      'which takes 8h',
    ],
    ['a pid that is none', [sample, '--pid', 'one'], '--pid'],
    ['a day that does not exist', [sample, '--strace-date', '2026-02-30'], '--strace-date'],
    ['a zone that does not exist', [sample, '--time-zone', 'Mars/Base'], '--time-zone'],
    ['an unknown format', [sample, '--formats', 'html,pdf'], "'pdf' is none of"],
    ['an unknown policy', [sample, '--redact', 'some'], "'some' is none of"],
    ['an unknown budget', [sample, '--budget', 'rss-grow=1MiB/h'], 'did you mean rss-growth?'],
    ['a budget without unit of time', [sample, '--budget', 'rss-growth=1MiB'], 'is not a rate'],
    ['two policies', [sample, '--redact', 'none,strict'], "--redact: 'none,strict' is none of"],
    ['two languages of a command', ['rules', '--lang', 'en,zh'], "--lang: 'en,zh' is none of"],
    ['a path below a file', [join(sample, 'README.md', 'x')], 'no such file or directory'],
    ['the standard input', [sample, '-'], "'-' is no file: nothing is read from the standard input"],
    ['evidence that is an unset variable', [''], 'a path is empty: perhaps a variable that is not set'],
    ['a diff with an unset variable', ['diff', '', sample], 'a path is empty'],
    ['a bundle that is an unset variable', ['verify', ''], 'a path is empty'],
    ['an option given twice', [sample, '--limit', '1G', '--limit', '2G'], 'is given 2 times'],
    ['an option without its value', [sample, '--limit'], '--limit needs a value'],
    ['a short option without its value', [sample, '-o'], '-o needs a value'],
    ['an unknown short option', ['-x', sample], 'unknown option -x'],
    ['a flag with a word that is neither', [sample, '--strict=maybe'], 'neither true nor false'],
    ['a folder that is an unset variable', [sample, '--out', ''], '--out: the path is empty'],
    ['an option behind --, which is a path', [sample, '--', '--strict'], './--strict: no such file'],
    ['a pid that is not in the evidence', [sample, '--pid', '1'], 'which holds 28328'],
    [
      'a configuration that is not there',
      [sample, '--config', 'none.json'],
      '--config: cannot read none.json: no such',
    ],
    ['a diff of nothing', ['diff'], 'write memdossier diff <before> <after>'],
    ['a rate of no size', [sample, '--budget', 'rss-growth=1X/h'], "'1X/h' is not a rate"],
    ['a baseline that is not there', [sample, '--baseline', 'none.json'], 'no such file'],
    ['a baseline that is no report', [sample, '--baseline', 'package.json'], 'no report.json'],
    ['an unknown rule', ['rules', 'main-heap-grow'], 'did you mean main-heap-growth?'],
    ['a recipe for nothing', ['recipe'], '--process'],
    ['a report that is none', ['render', 'package.json'], 'no report.json'],
    ['a bundle that is not there', ['verify', 'none.zip'], 'no such file'],
  ])('%s', (_, args, message) => {
    const ran = memdossier(args as string[])
    expect(ran.stderr).toContain(message as string)
    expect(ran).toMatchObject({ status: 2, stdout: '' })
    expect(ran.stderr.trim().split('\n')).toHaveLength(1)
    expect(ran.stderr).not.toMatch(/^\s+at /m)
  })
})

test('-oDIR is --out DIR, and what stands behind -- is a path even where it is named like a command', () => {
  const cwd = aFolder()
  cpSync(join(sample, 'smaps'), join(cwd, 'rules'), { recursive: true })
  expect(memdossier(['-omade/here', '--formats', 'json', '--', 'rules'], { cwd }).status).toBe(0)
  expect(readReport(join(cwd, 'made/here')).snapshots).toHaveLength(25)
})

describe('nothing to read ends with status 2 and the reason', () => {
  test('an empty folder', () => {
    expect(memdossier([aFolder()])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('it holds no file'),
    })
  })

  test('only files that are no evidence', () => {
    const folder = aFolder()
    writeFileSync(join(folder, 'notes.txt'), 'remember the milk\n')
    const ran = memdossier([folder])
    expect(ran.status).toBe(2)
    expect(ran.stderr).toContain('notes.txt')
  })

  test('a file that is no evidence', () => {
    expect(memdossier(['package.json']).status).toBe(2)
  })
})

describe('help', () => {
  test.each([
    ['--help'],
    ['report', '--help'],
    ['render', '--help'],
    ['verify', '--help'],
    ['rules', '--help'],
    ['recipe', '--help'],
  ])('%s %s has an example', (...args) => {
    const ran = memdossier(args)
    expect(ran).toMatchObject({ status: 0, stderr: '' })
    expect(ran.stdout).toMatch(/Examples:\n +memdossier/)
  })

  test.each(['rules', 'report', 'diff'])('%s help is what --help says of it', (command) => {
    expect(memdossier([command, 'help']).stdout).toBe(memdossier([command, '--help']).stdout)
  })

  test.each(['rules', 'report', 'diff'])('help %s too', (command) => {
    expect(memdossier(['help', command]).stdout).toBe(memdossier([command, '--help']).stdout)
  })

  test('names every option of the contract', () => {
    const help = memdossier(['--help']).stdout
    for (const option of [
      'out',
      'pid',
      'limit',
      'strace-date',
      'time-zone',
      'baseline',
      'fail-on',
      'budget',
      'require-verdict',
      'strict',
      'redact',
      'formats',
      'lang',
      'jobs',
      'config',
      'dry-run',
      'quiet',
      'no-progress',
      'color',
    ])
      expect(help).toContain(`--${option} `)
  })

  test('version is the package version', () => {
    expect(memdossier(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

test('rules lists and explains, in both languages', () => {
  expect(memdossier(['rules']).stdout).toContain('main-heap-growth')
  expect(memdossier(['rules', 'main-heap-growth', '--lang', 'zh']).stdout).toMatch(/\p{Script=Han}/u)
})

test('recipe escapes percent signs for cron and asks strace for what the analysis wants', () => {
  const { stdout, status } = memdossier(['recipe', '--process', 'nscd'])
  expect(status).toBe(0)
  expect(stdout).toMatch(/^\S+ \* \* \* \* .*date \+\\%Y/m)
  for (const option of ['-ttt', '-T', '-y', '-ff'])
    expect(stdout).toMatch(new RegExp(`strace .*${option}\\b`))
})

test('a dry run says what would be read and writes nothing', () => {
  const folder = aFolder()
  mkdirSync(join(folder, 'here'))
  const ran = memdossier([sample, '--dry-run', '-o', join(folder, 'out')], { cwd: join(folder, 'here') })
  expect(ran.status).toBe(0)
  expect(ran.stdout).toMatch(/^read {2}smaps\/smaps_28328_\d+ {2}smaps /m)
  expect(ran.stdout).toMatch(/^\d+ files to read/m)
  expect(memdossier(['--dry-run', folder])).toMatchObject({ status: 2 })
})

describe('what was meant', () => {
  test.each([
    [['vrify'], 'did you mean the command verify?'],
    [['rules', 'nosuch-thing-at-all'], 'there are mremap-growth, '],
    [['verify', 'package.json'], 'not a zip archive'],
    [[SAMPLES, '--budget', 'foo=1'], 'there are rss-growth, '],
  ])('%j', (args, words) => {
    const ran = memdossier(args)
    expect(ran.status).not.toBe(0)
    expect(ran.stdout + ran.stderr).toContain(words)
  })

  test('a variable that is nearly an option is refused, another of the same prefix is somebody else’s', () => {
    const dry = (env: NodeJS.ProcessEnv) => memdossier([join(SAMPLES, 'nscd'), '--dry-run'], { env })
    expect(dry({ MEMDOSSIER_FAILON: 'problem' }).stderr).toContain('did you mean MEMDOSSIER_FAIL_ON?')
    expect(dry({ MEMDOSSIER_VERSION: '1' }).status).toBe(0)
  })

  test.each([
    ['{\n "lang": "en",\n "x" 1}', 'memdossier.config.json:3: not JSON'],
    ['{"strace-date": "soon"}', "memdossier.config.json: strace-date: 'soon' is not a day"],
    [
      '{"expected": [{"fingerprnt": "0123456789"}]}',
      'expected.0: unknown setting fingerprnt; did you mean fingerprint?',
    ],
    ['{"expected": [{"fingerprint": "x", "reason": "y"}]}', 'is no fingerprint: 8 to 64 digits'],
  ])('a configuration: %s', (text, words) => {
    const cwd = aFolder()
    writeFileSync(join(cwd, 'memdossier.config.json'), text)
    const ran = memdossier([join(SAMPLES, 'nscd')], { cwd })
    expect(ran).toMatchObject({ status: 2, stdout: '' })
    expect(ran.stderr).toContain(words)
  })

  test('a failed gate is named where nothing else is printed', () => {
    const out = join(aFolder(), 'out')
    const ran = memdossier([join(SAMPLES, 'nscd'), '-o', out, '--quiet', '--strict', '--formats', 'json'])
    expect(ran).toMatchObject({ status: 5, stdout: '' })
    expect(ran.stderr).toContain('strict failed')
    expect(ran.stderr.trimEnd().split('\n')).toHaveLength(1)
  })
})
