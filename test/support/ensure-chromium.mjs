/**
 * The browser tests need Chromium. Takes the one that is there; installs Debian's as root; otherwise says how to get
 * one and fails, because tests that quietly do not run are worse than none.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Path of a Chromium, `null` when there is none. */
export function findChromium() {
  const asked = process.env.CHROMIUM_PATH
  if (asked) return existsSync(asked) ? asked : null
  for (const name of NAMES) {
    const found = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim()
    if (found) return found
  }
  return null
}

function install() {
  const run = (command, args) =>
    execFileSync(command, args, {
      stdio: 'inherit',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    })
  run('apt-get', ['update', '-qq'])
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'])
}

if (process.argv[1]?.endsWith('ensure-chromium.mjs') && !findChromium()) {
  const isRoot = process.getuid?.() === 0
  const hasApt = spawnSync('sh', ['-c', 'command -v apt-get']).status === 0
  try {
    if (isRoot && hasApt) install()
  } catch (error) {
    console.error(`installing Chromium failed: ${error.message}`)
  }
  if (!findChromium()) {
    console.error(
      'The browser tests need Chromium, and there is none here. Install it (Debian: apt-get install chromium) or set CHROMIUM_PATH.',
    )
    process.exit(1)
  }
}
