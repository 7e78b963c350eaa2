/**
 * What the page is made of beside its data: precompiled templates, styles, the page's script, the font of the stills.
 * In development and tests it is produced from the source tree (src/report/html/assets.ts calls `produceAssets`);
 * in the published bundle `assetsPlugin` puts the same into one generated module, so that nothing is read from disk.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import Handlebars from 'handlebars'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
const FONT = 'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf'

/** Every missing name is an error at render time, only these helpers exist, and no partial sees its caller's context. */
const COMPILE_OPTIONS = {
  strict: true,
  knownHelpersOnly: true,
  knownHelpers: { asset: true },
  explicitPartialContext: true,
  preventIndent: true,
}

const filesUnder = (folder, extension) =>
  readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith(extension))
    .sort()

/** Template name (`sections/verdict`) to the source of its precompiled form. */
function precompiledTemplates(root) {
  const folder = join(root, 'templates')
  return Object.fromEntries(
    filesUnder(folder, '.hbs').map((name) => [
      name.slice(0, -'.hbs'.length).replaceAll('\\', '/'),
      Handlebars.precompile(readFileSync(join(folder, name), 'utf8'), COMPILE_OPTIONS),
    ]),
  )
}

/** Style sheets in the order of their names, minified as one. */
async function stylesOf(root) {
  const folder = join(root, 'templates/styles')
  const sheet = filesUnder(folder, '.css')
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
  const result = await build({
    stdin: { contents: sheet, loader: 'css', resolveDir: folder },
    bundle: false,
    minify: true,
    write: false,
    charset: 'utf8',
    target: ['chrome105', 'firefox115', 'safari16'],
    logLevel: 'silent',
  })
  return result.outputFiles[0].text.trim()
}

/** The page's script: one file, Chart.js in it once, nothing loaded at run time. */
async function clientScriptOf(root) {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ['src/client/main.ts'],
    tsconfig: 'src/client/tsconfig.json',
    bundle: true,
    minify: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    charset: 'utf8',
    legalComments: 'none',
    target: ['chrome105', 'firefox115', 'safari16'],
    logLevel: 'silent',
  })
  return result.outputFiles[0].text.trim()
}

/**
 * @param {string} root the source tree
 * @returns {Promise<{templates: Record<string, string>, styles: string, clientScript: string, font: Uint8Array}>}
 */
export async function produceAssets(root = ROOT) {
  const [styles, clientScript] = await Promise.all([stylesOf(root), clientScriptOf(root)])
  return {
    templates: precompiledTemplates(root),
    styles,
    clientScript,
    font: readFileSync(join(root, FONT)),
  }
}

/** The module that stands in for src/report/html/assets.ts in the bundle. */
function generatedModule({ templates, styles, clientScript }) {
  const entries = Object.entries(templates).map(([name, source]) => `${JSON.stringify(name)}:${source}`)
  return [
    `import font from ${JSON.stringify(join(ROOT, FONT))}`,
    `const templates={${entries.join(',\n')}}`,
    `const styles=${JSON.stringify(styles)}`,
    `const clientScript=${JSON.stringify(clientScript)}`,
    'export const loadAssets=async()=>({templates,styles,clientScript,font})',
  ].join('\n')
}

/**
 * esbuild plugin for the command's bundle. Beside the assets it mends chartjs-node-canvas, which loads its canvas and
 * clears the module cache by file name: neither exists once everything is one file.
 */
export const assetsPlugin = (root = ROOT) => ({
  name: 'memdossier-assets',
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]src[\\/]report[\\/]html[\\/]assets\.ts$/ }, async () => ({
      contents: generatedModule(await produceAssets(root)),
      loader: 'js',
      resolveDir: root,
    }))
    // Messages of schemas are in English, and every run would load fifty other languages.
    bundle.onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => ({
      contents: "export { default as en } from './en.js'",
      loader: 'js',
      resolveDir: dirname(path),
    }))
    bundle.onLoad({ filter: /DejaVuSans\.ttf$/ }, ({ path }) => ({
      contents: readFileSync(path),
      loader: 'binary',
    }))
    bundle.onLoad({ filter: /chartjs-node-canvas[\\/]dist[\\/]freshRequire\.js$/ }, () => ({
      contents: "exports.freshRequire = () => require('@napi-rs/canvas')",
      loader: 'js',
      resolveDir: root,
    }))
    bundle.onLoad({ filter: /chartjs-node-canvas[\\/]dist[\\/]chartJSNodeCanvasBase\.js$/ }, ({ path }) => ({
      contents: withoutModuleCache(readFileSync(path, 'utf8'), path),
      loader: 'js',
      resolveDir: dirname(path),
    }))
  },
})

/** Takes out the loop over `require.cache`: a bundle has no such cache to clear. */
function withoutModuleCache(source, path) {
  const mended = source.replace('Object.keys(require.cache)', '[]')
  if (mended === source)
    throw new Error(`${relative(ROOT, path)} no longer clears the module cache as expected`)
  return mended
}
