/**
 * Makes dist/: the command as one entry with chunks that load when they are needed. Everything is bundled, because
 * npm `overrides` (canvas → @napi-rs/canvas) do not apply where the package is a dependency; only the native canvas
 * itself stays outside.
 */
import { execFileSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { assetsPlugin } from './assets.mjs'
import { latePlugin } from './late.mjs'
import { oneChunkPlugin } from './one-chunk.mjs'
import { keepCompiled, LOADER, makeScript } from './scripts.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
/** `node build.mjs [folder]`: tests build into a folder of their own, so that nobody takes it away under them. */
const dist = resolve(root, process.argv[2] ?? 'dist')

/** CommonJS packages inside an ES module call `require` for Node's own modules. */
const REQUIRE =
  "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);"

/** How the code in dist/ is written. */
const written = {
  platform: 'node',
  target: 'node20.19',
  // Every run reads it all: without comments and blanks, but with its names, and in lines that an error can show.
  minifyWhitespace: true,
  lineLimit: 160,
}

/** What every program in dist/ is built with. */
const common = {
  ...written,
  absWorkingDir: root,
  outdir: dist,
  bundle: true,
  format: 'esm',
  banner: { js: REQUIRE },
  plugins: [assetsPlugin(), latePlugin()],
  alias: { canvas: '@napi-rs/canvas', 'crc-32': resolve(root, 'src/build/crc32.mjs') },
  external: ['@napi-rs/canvas'],
  legalComments: 'linked',
  logLevel: 'warning',
}

/** What every run loads, but for the two lines that ask for the version or the help. */
const core = 'src/cli/command-line.ts'

rmSync(dist, { recursive: true, force: true })
const { metafile } = await build({
  ...common,
  entryPoints: { memdossier: 'src/cli/main.ts' },
  splitting: true,
  metafile: true,
  plugins: [oneChunkPlugin(resolve(root, core)), ...common.plugins],
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
for (const source of [core, 'src/report/html/render-html.ts'])
  await makeScript(root, dist, metafile, source, written)
copyFileSync(LOADER, resolve(dist, basename(LOADER)))

const command = resolve(dist, 'memdossier.js')
chmodSync(command, 0o755)

// The help as files, so that asking for it loads nothing else (src/cli/static-answers.ts).
const help = (...words) => execFileSync(process.execPath, [command, ...words, '--help'], { encoding: 'utf8' })
const pages = { memdossier: help() }
const commands = /^Commands:\n((?: .*\n)+)/m.exec(pages.memdossier)[1]
for (const [, name] of commands.matchAll(/^ {2}memdossier (\w+)/gm)) pages[name] = help(name)
mkdirSync(resolve(dist, 'help'))
for (const [name, text] of Object.entries(pages)) writeFileSync(resolve(dist, `help/${name}.txt`), text)

// A function is compiled when it is called first: so the main job is done once.
const out = mkdtempSync(join(tmpdir(), 'memdossier-build-'))
const sample = resolve(root, 'samples/captures/mmap-leak')
keepCompiled(command, ['report', sample, '--quiet', '--out', join(out, 'report')])
rmSync(out, { recursive: true })
