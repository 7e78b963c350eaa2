/**
 * Makes dist/: the command as one entry with chunks that load when they are needed. Everything is bundled, because
 * npm `overrides` (canvas → @napi-rs/canvas) do not apply where the package is a dependency; only the native canvas
 * itself stays outside.
 */
import { chmodSync, rmSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { assetsPlugin } from './assets.mjs'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
/** `node build.mjs [folder]`: tests build into a folder of their own, so that nobody takes it away under them. */
const dist = resolve(root, process.argv[2] ?? 'dist')

/** CommonJS packages inside an ES module call `require` for Node's own modules. */
const REQUIRE =
  "import{createRequire as requireFrom}from'node:module';const require=requireFrom(import.meta.url);"

rmSync(dist, { recursive: true, force: true })
await build({
  absWorkingDir: root,
  entryPoints: { memdossier: 'src/cli/main.ts' },
  outdir: dist,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  banner: { js: REQUIRE },
  plugins: [assetsPlugin()],
  alias: { canvas: '@napi-rs/canvas' },
  external: ['@napi-rs/canvas'],
  legalComments: 'linked',
  logLevel: 'warning',
})
chmodSync(resolve(dist, 'memdossier.js'), 0o755)
