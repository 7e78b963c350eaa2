/**
 * The published package as a user gets it: packed, installed into an empty folder where this project's npm overrides
 * do not apply, and run there on the oldest Node that is promised and on the newest LTS (npm package `node`).
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BIN, ROOT, SAMPLES } from '../support/command.ts'

/** Even majors become LTS each October: 26 is the newest. */
const NEWEST_LTS = 26
const OUTPUTS = ['evidence.zip', 'report.html', 'report.json', 'report.md']

const npm = (cwd: string, ...args: string[]): string =>
  execFileSync('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, encoding: 'utf8' })

/** The package's own folder: what `files` names, with the build of this test run as its dist. */
function pack(into: string): string {
  const source = join(into, 'source')
  execFileSync('mkdir', ['-p', source])
  for (const part of ['package.json', 'README.md', 'LICENSE', 'docs'])
    execFileSync('cp', ['-r', join(ROOT, part), source])
  execFileSync('cp', ['-r', dirname(BIN), join(source, 'dist')])
  npm(source, 'pack', '--ignore-scripts', '--pack-destination', into)
  return join(into, readdirSync(into).find((name) => name.endsWith('.tgz'))!)
}

describe('the packed package', () => {
  let folder = ''
  let app = ''

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'memdossier-package-'))
    const tarball = pack(folder)
    app = join(folder, 'app')
    execFileSync('mkdir', [app])
    writeFileSync(join(app, 'package.json'), '{ "private": true }\n')
    npm(app, 'install', tarball, `node@${NEWEST_LTS}`)
  }, 300_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  const run = (node: string, out: string): void => {
    const command = join(app, 'node_modules/memdossier/dist/memdossier.js')
    execFileSync(node, [command, join(SAMPLES, 'mmap-leak'), '--out', out, '--quiet'], {
      cwd: app,
      env: { PATH: process.env.PATH, HOME: folder },
    })
  }

  it('installs nothing that is built or downloaded outside the registry', () => {
    const packages = readdirSync(join(app, 'node_modules')).filter((name) => !name.startsWith('.'))
    expect(packages.filter((name) => !name.startsWith('node'))).toEqual(['@napi-rs', 'memdossier'])
  })

  it('puts the command on the path', () => {
    const text = execFileSync(join(app, 'node_modules/.bin/memdossier'), ['--version'], { encoding: 'utf8' })
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
    expect(text.trim()).toBe(version)
  })

  it('gives the same bytes on this Node and on the newest LTS', () => {
    const newest = join(app, 'node_modules/node/bin/node')
    expect(execFileSync(newest, ['--version'], { encoding: 'utf8' })).toMatch(
      new RegExp(`^v${NEWEST_LTS}\\.`),
    )
    const [here, there] = [join(folder, 'here'), join(folder, 'there')]
    run(process.execPath, here)
    run(newest, there)
    expect(readdirSync(here).sort()).toEqual(OUTPUTS)
    for (const name of OUTPUTS)
      expect(readFileSync(join(here, name)).equals(readFileSync(join(there, name))), name).toBe(true)
  })
})
