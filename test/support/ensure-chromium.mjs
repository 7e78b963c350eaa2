/**
 * The browser tests need Chromium. Takes the one that is there; installs Debian's as root; otherwise says how to get
 * one and fails, because tests that quietly do not run are worse than none.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Where test/browser/chromium.ts looks for it. */
const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium'

function install() {
  const run = (command, args) =>
    execFileSync(command, args, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  run('apt-get', ['update', '-qq'])
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'])
}

if (!existsSync(EXECUTABLE)) {
  const isRoot = process.getuid?.() === 0
  const hasApt = spawnSync('sh', ['-c', 'command -v apt-get']).status === 0
  try {
    if (isRoot && hasApt) install()
  } catch (error) {
    console.error(`installing Chromium failed: ${error.message}`)
  }
  if (!existsSync(EXECUTABLE)) {
    console.error(
      `The browser tests need Chromium, and there is none at ${EXECUTABLE}. Install it (Debian: apt-get install chromium) or set CHROMIUM to its path.`,
    )
    process.exit(1)
  }
}
