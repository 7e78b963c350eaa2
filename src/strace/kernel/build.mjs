/**
 * Compiles line-kernel.as and writes its bytes into line-kernel.wasm.ts: `node src/strace/kernel/build.mjs`.
 * The result is kept in the project, so that neither tests nor users need the compiler.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const SOURCE = new URL('./line-kernel.as', import.meta.url)
const TARGET = new URL('./line-kernel.wasm.ts', import.meta.url)
const OPTIONS =
  '-O3 --runtime stub --noAssert --enable simd --enable bulk-memory --importMemory --initialMemory 160 --outFile kernel.wasm'

/** The compiled kernel as base64. Throws with the compiler's own words. */
export async function compileKernel() {
  const { default: asc } = await import('assemblyscript/asc')
  let bytes = null
  const { error, stderr } = await asc.main(['kernel.ts', ...OPTIONS.split(' ')], {
    readFile: (name) => (name === 'kernel.ts' ? readFileSync(SOURCE, 'utf8') : null),
    writeFile: (name, contents) => {
      if (name === 'kernel.wasm') bytes = contents
    },
    listFiles: () => [],
  })
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
  return Buffer.from(bytes).toString('base64')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const base64 = await compileKernel()
  const lines = base64.match(/.{1,100}/g).map((line) => `  '${line}',`)
  writeFileSync(
    TARGET,
    `/** Compiled from line-kernel.as by build.mjs; not edited by hand. */\nexport const LINE_KERNEL = [\n${lines.join('\n')}\n].join('')\n`,
  )
}
