/**
 * What is large and loaded by many runs becomes a script, because only a script can be loaded with its compiled code:
 *
 *     X.js                            its exports, for whoever imports it
 *     X.script.js                     the code
 *     X.script.js.v20.20.2-x64.cache  what V8 made of it, by the Node that built dist/
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, relative, resolve } from 'node:path'
import { init, parse } from 'es-module-lexer'
import { transform } from 'esbuild'

const HERE = import.meta.dirname
export const LOADER = resolve(HERE, 'cached-script.mjs')

/** Path of the output that has the code of `source`. */
const outputWith = (outputs, source) => Object.keys(outputs).find((path) => source in outputs[path].inputs)

/** A script with compiled code cannot call `import()`: a function does it. */
function withoutImportCalls(code) {
  const calls = parse(code)[0].filter(({ d }) => d >= 0)
  return calls.reduceRight((text, { ss, d }) => `${text.slice(0, ss)}importModule${text.slice(d)}`, code)
}

/**
 * Turns the output with the code of `source` into a script. What it exports must not change any more once it is loaded.
 *
 * @param {string} root working folder of the build
 * @param {string} dist
 * @param {import('esbuild').Metafile} metafile
 * @param {import('esbuild').TransformOptions} options
 */
export async function makeScript(root, dist, { outputs }, source, options) {
  await init
  const output = outputWith(outputs, source)
  const file = resolve(root, output)
  const { code, warnings } = await transform(withoutImportCalls(readFileSync(file, 'utf8')), {
    ...options,
    format: 'cjs',
    define: { 'import.meta.url': 'importMetaUrl' },
  })
  if (warnings.length > 0) throw new Error(`${output} is no script: ${warnings[0].text}`)
  const script = file.replace(/\.js$/, '.script.js')
  writeFileSync(script, `(function(module,require,importMetaUrl,importModule){"use strict";${code}})`)

  const { imports, exports } = outputs[output]
  const chunks = imports.filter(({ kind, external }) => kind === 'import-statement' && !external)
  const ids = [...new Set(chunks.map(({ path }) => `./${basename(path)}`))].map((id) => JSON.stringify(id))
  const loader = `./${relative(dirname(file), resolve(dist, basename(LOADER))).replaceAll('\\', '/')}`
  writeFileSync(
    file,
    [
      "import{createRequire}from'node:module'",
      "import{fileURLToPath}from'node:url'",
      `import{loadScript}from${JSON.stringify(loader)}`,
      ...ids.map((id, k) => `import*as chunk${k} from${id}`),
      `const chunks={${ids.map((id, k) => `${id}:chunk${k}`)}}`,
      'const require=createRequire(import.meta.url)',
      `const script=fileURLToPath(new URL('./${basename(script)}',import.meta.url))`,
      `export const{${exports}}=loadScript(script,id=>chunks[id]??require(id),import.meta.url,id=>import(id))`,
      '',
    ].join('\n'),
  )
}

/** Keeps the compiled code of all scripts as it is when this command line has been run. */
export function keepCompiled(command, args) {
  execFileSync(process.execPath, ['--import', resolve(HERE, 'keep-compiled.mjs'), command, ...args])
}
