/**
 * Makes dist/: the command as one entry with chunks that load when they are needed. Everything is bundled, because
 * npm `overrides` (canvas → @napi-rs/canvas) do not apply where the package is a dependency; only the native canvas
 * itself stays outside.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { assetsPlugin } from './assets.mjs'
import { latePlugin } from './late.mjs'
import { oneChunkPlugin } from './one-chunk.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
/** `node build.mjs [folder]`: tests build into a folder of their own, so that nobody takes it away under them. */
const dist = resolve(root, process.argv[2] ?? 'dist')

/** CommonJS packages inside an ES module call `require` for Node's own modules. */
const REQUIRE =
  "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);"

/** What every program in dist/ is built with. */
const common = {
  absWorkingDir: root,
  outdir: dist,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  // Every run reads it all: without comments and blanks, but with its names, and in lines that an error can show.
  minifyWhitespace: true,
  lineLimit: 160,
  banner: { js: REQUIRE },
  plugins: [assetsPlugin(), latePlugin()],
  alias: { canvas: '@napi-rs/canvas', 'crc-32': resolve(root, 'src/build/crc32.mjs') },
  external: ['@napi-rs/canvas'],
  legalComments: 'linked',
  logLevel: 'warning',
}

rmSync(dist, { recursive: true, force: true })
await build({
  ...common,
  entryPoints: { memdossier: 'src/cli/main.ts' },
  splitting: true,
  plugins: [oneChunkPlugin(resolve(root, 'src/cli/command-line.ts')), ...common.plugins],
  chunkNames: 'chunks/[name]-[hash]',
})
// A thread's program is one file that shares no chunk: shared ones would be many and small, and each takes time to load.
await build({
  ...common,
  entryPoints: {
    'pack-worker': 'src/bundle/pack-worker.ts',
    'hash-worker': 'src/bundle/hash-worker.ts',
    'trace-worker': 'src/strace/trace-worker.ts',
  },
})
const command = resolve(dist, 'memdossier.js')
chmodSync(command, 0o755)

// The help as files, so that asking for it loads nothing else (src/cli/static-answers.ts).
const help = (...words) => execFileSync(process.execPath, [command, ...words, '--help'], { encoding: 'utf8' })
const pages = { memdossier: help() }
const commands = /^Commands:\n((?: .*\n)+)/m.exec(pages.memdossier)[1]
for (const [, name] of commands.matchAll(/^ {2}memdossier (\w+)/gm)) pages[name] = help(name)
mkdirSync(resolve(dist, 'help'))
for (const [name, text] of Object.entries(pages)) writeFileSync(resolve(dist, `help/${name}.txt`), text)
