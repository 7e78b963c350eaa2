import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../..')

/**
 * Builds the command once before all tests, by the same script as the published one, into a folder that belongs to
 * this run: a build that somebody starts meanwhile cannot take it away.
 */
export default function buildCommand(): () => void {
  const folder = join(ROOT, `node_modules/.cache/memdossier-test-${process.pid}`)
  try {
    execFileSync(process.execPath, [join(ROOT, 'src/build/build.mjs'), folder], {
      cwd: ROOT,
      stdio: 'inherit',
    })
  } catch {
    // Tests that do not run the command can still tell something; those that do fail for want of it.
    console.error('The command cannot be built: tests that run it will fail.')
  }
  process.env.MEMDOSSIER_TEST_BIN = join(folder, 'memdossier.js')
  return () => rmSync(folder, { recursive: true, force: true })
}
