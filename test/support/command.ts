import { type SpawnSyncOptions, spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import type { ReportDocument } from '../../src/report/document.ts'

export const ROOT = resolve(import.meta.dirname, '../..')
/** The real command, built as it is published (build-command.ts). */
export const BIN = process.env.MEMDOSSIER_TEST_BIN ?? join(ROOT, 'dist/memdossier.js')
export const SAMPLES = join(ROOT, 'samples/captures')

export interface Ran {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs the built command and waits. The environment is clean, so that nothing of the machine's own shows. */
export function memdossier(args: readonly string[], options: SpawnSyncOptions = {}): Ran {
  const { env, ...rest } = options
  const ran = spawnSync(process.execPath, [BIN, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    ...rest,
    env: cleanEnvironment(env),
  })
  return { status: ran.status, signal: ran.signal, stdout: String(ran.stdout), stderr: String(ran.stderr) }
}

export const cleanEnvironment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  ...more,
})

/** A folder of its own for one test, removed when the test is over. */
export function aFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'memdossier-test-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A copy of a sample's evidence that the test may change. */
export function aCapture(name: string): string {
  const folder = join(aFolder(), name)
  cpSync(join(SAMPLES, name), folder, { recursive: true })
  return folder
}

export const readReport = (folder: string): ReportDocument =>
  JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as ReportDocument
