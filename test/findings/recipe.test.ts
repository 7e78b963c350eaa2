/** The recipe, read by sh and run for real: what it collects is what the evidence reader takes. */
import { execFileSync, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { discover } from '../../src/evidence/discover.ts'
import { CAPTURE_QUESTIONS } from '../../src/findings/capture-questions.ts'
import { RecipeError, recipe, recipeText, spanOf } from '../../src/findings/recipe.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import { LANGUAGES } from '../../src/model/sentence.ts'
import fc from '../support/property.ts'

const sh = (script: string, ...options: string[]): SpawnSyncReturns<string> =>
  spawnSync('sh', [...options, '-c', script], { encoding: 'utf8', timeout: 60_000 })
const has = (command: string): boolean => sh(`command -v ${command}`).status === 0

/** What cron(8) hands to sh: the line without its five fields, `\%` taken for `%`. */
const asCron = (line: string): string => line.replace(/^(\S+ ){5}/, '').replaceAll('\\%', '%')

describe('the recipe', () => {
  it('passes sh -n as a whole, for any program name', () =>
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 20 }).filter((name) => !/^-|[\0\n\r]/.test(name)),
        (process) => {
          for (const language of LANGUAGES) {
            const checked = spawnSync('sh', ['-n'], {
              input: recipeText({ process }, language),
              encoding: 'utf8',
            })
            expect(checked.stderr).toBe('')
            expect(checked.status).toBe(0)
          }
        },
      ),
      { numRuns: 25 },
    ))

  it('escapes every percent sign in the crontab line, and only there', () => {
    const { crontab, sections } = recipe({ process: '100%cpu' })
    expect(crontab.replaceAll('\\%', '')).not.toContain('%')
    expect(crontab.match(/^(\S+) (\S+) (\S+) (\S+) (\S+) sh -c /)).not.toBeNull()
    for (const { commands } of sections)
      for (const command of commands) if (command !== crontab) expect(command).not.toContain('\\%')
  })

  it.each([
    ['1m', '* * * * * '],
    ['5m', '*/5 * * * * '],
    ['1h', '0 * * * * '],
    ['6h', '0 */6 * * * '],
    ['1d', '0 0 * * * '],
    ['10s', '* * * * * '],
  ])('every %s is %s', (every, fields) => {
    expect(recipe({ process: 'x', every }).crontab.startsWith(fields)).toBe(true)
  })

  it('counts the snapshots that the loop takes, and lasts thirty intervals unless told', () => {
    const told = (request: { every?: string; for?: string }) =>
      recipe({ process: 'x', ...request }).sections[0]!.settles.en
    expect(told({ every: '1m', for: '10s' })).toContain(' 1 snapshot;')
    expect(told({ every: '1h' })).toContain(' 30 snapshots;')
    expect(told({ every: '10s' })).toContain(' 180 snapshots;')
  })

  it.each([
    [{ process: '' }],
    [{ process: '-x' }],
    [{ process: 'a\nb' }],
    [{ process: 'x', every: '7m' }],
    [{ process: 'x', every: '7s' }],
    [{ process: 'x', every: '0s' }],
    [{ process: 'x', every: 'often' }],
    [{ process: 'x', for: '5' }],
  ])('refuses %j', (request) => expect(() => recipe(request)).toThrow(RecipeError))

  it('prints none that gives too few snapshots for a verdict', () => {
    const text = (request: { every?: string; for?: string }) => recipeText({ process: 'x', ...request }, 'en')
    expect(() => text({ every: '1h', for: '1m' })).toThrow(
      '--for: 1m is too short for a snapshot every 1h: 8 are judged at least, which takes 8h',
    )
    expect(() => text({ for: '7m' })).toThrow(RecipeError)
    expect(text({ for: '8m' })).toContain(' 8 snapshots;')
  })

  it('reads spans', () =>
    expect(['90s', '2m', '1h', '1d'].map((text) => spanOf(text, '--for') / 1e6)).toEqual([
      90, 120, 3600, 86400,
    ]))

  it('asks strace for what the analysis wants', () => {
    const traces = recipe({ process: 'x' }).sections.flatMap(({ commands }) =>
      commands.filter((c) => c.includes('strace')),
    )
    expect(traces).toHaveLength(2)
    for (const command of traces) expect(command).toContain('strace -ff -ttt -T -y -Y ')
    expect(traces[1]).toContain(' -k -e ')
  })

  it('says what each part costs and settles, in both languages', () => {
    for (const { title, cost, settles } of [
      ...recipe({ process: 'x' }).sections,
      ...Object.values(CAPTURE_QUESTIONS).map((q) => ({ title: q.settles, ...q })),
    ])
      for (const sentence of [title, cost, settles]) {
        expect(sentence.en.length).toBeGreaterThan(5)
        expect(sentence.zh).toMatch(/\p{Script=Han}/u)
      }
  })
})

const canTrace =
  has('strace') && has('pidof') && has('timeout') && sh('strace -o /dev/null true').status === 0

describe.skipIf(!canTrace)('run for real (needs strace, pidof and ptrace)', () => {
  const name = `rcp-${process.pid}`
  const folder = `/var/tmp/memdossier/${name}`
  const home = mkdtempSync(join(tmpdir(), 'recipe-'))
  const children: ReturnType<typeof spawn>[] = []

  const start = (): void => {
    const child = spawn(join(home, name), ['-c', 'while :; do sleep 0.2; done'], { stdio: 'ignore' })
    children.push(child)
  }
  const running = (): string[] => sh(`pidof ${name}`).stdout.trim().split(' ').filter(Boolean)
  const collected = (): string[] => (existsSync(folder) ? readdirSync(folder).sort() : [])

  /** A command that ends by itself may end before a busy machine let it collect anything: then it gets more time. */
  const withMoreTime = async (
    run: (span: string) => void,
    enough: () => boolean | Promise<boolean>,
  ): Promise<void> => {
    for (const span of ['3s', '6s', '12s', '24s']) {
      run(span)
      if (await enough()) return
    }
  }

  beforeAll(() => {
    // dash: its `sleep` is a child of its own, so that there are system calls to see.
    copyFileSync(
      execFileSync('sh', ['-c', 'readlink -f "$(command -v sh)"'], { encoding: 'utf8' }).trim(),
      join(home, name),
    )
  })
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
    rmSync(home, { recursive: true, force: true })
  })

  it('leaves an empty file with a stamp when the process is not there', () => {
    expect(sh(asCron(recipe({ process: name }).crontab)).status).toBe(0)
    const [file, ...others] = collected()
    expect(others).toEqual([])
    expect(file).toMatch(/^smaps__\d{14}$/)
    expect(statSync(join(folder, file!)).size).toBe(0)
  })

  it('takes every process of the name', () => {
    start()
    start()
    const pids = running()
    expect(pids.length).toBeGreaterThanOrEqual(2)
    sh(asCron(recipe({ process: name }).crontab))
    for (const pid of pids) {
      const file = collected().find((entry) => new RegExp(`^smaps_${pid}_\\d{14}$`).test(entry))
      expect(readFileSync(join(folder, file!), 'utf8')).toContain('Rss:')
    }
  })

  it('takes several a minute with --every below it, and ends by itself as a loop', async () => {
    const before = collected().length
    await withMoreTime(
      (span) => {
        const loop = recipe({ process: name, every: '1s', for: span }).sections[0]!.commands[1]!
        expect(sh(loop).status).toBe(124)
      },
      () => collected().length > before,
    )
    expect(collected().length).toBeGreaterThan(before)
  }, 120_000)

  it('traces, and writes names and limits beside it, all of which is read as evidence', async () => {
    const started = running()
    const formatsOf = async () => {
      const { files, skipped } = await discover([folder], new Diagnostics())
      return { files, skipped, formats: files.map((file) => file.side ?? file.format) }
    }
    const logs = (formats: readonly string[]) => formats.filter((format) => format === 'strace-log').length
    const wanted = Math.min(2, started.length)
    await withMoreTime(
      (span) => {
        const { sections } = recipe({ process: name, for: span })
        for (const command of [...sections[1]!.commands, ...sections[2]!.commands]) {
          const ran = sh(command)
          expect(ran.stderr.replace(/^strace: Process \d+ .*$/gm, '').trim()).toBe('')
        }
      },
      async () => {
        const { files, formats } = await formatsOf()
        return logs(formats) >= wanted && files.some(({ path }) => path.includes('.stacks.'))
      },
    )
    expect(children.every(({ exitCode, signalCode }) => exitCode === null && signalCode === null)).toBe(true)
    const { files, skipped, formats } = await formatsOf()
    expect(skipped).toEqual([])
    expect(files.some(({ path }) => path.includes('.stacks.'))).toBe(true)
    expect(formats).toEqual(
      expect.arrayContaining([
        'smaps',
        'empty-snapshot',
        'strace-log',
        'ps',
        'proc-fd',
        'proc-limits',
        'max-map-count',
      ]),
    )
    expect(logs(formats)).toBeGreaterThanOrEqual(wanted)
  }, 120_000)
})
