/**
 * Compiles a kernel written in AssemblyScript and writes its bytes into a module beside it, which is kept in the project,
 * so that neither tests nor users need the compiler: `node src/build/compile-kernel.mjs` renews src/redaction/kernel.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'

const KERNEL = new URL('../redaction/kernel/redact-kernel.as', import.meta.url)
const OPTIONS =
  '-O3 --runtime stub --noAssert --enable simd --enable bulk-memory --importMemory --initialMemory 40 --outFile kernel.wasm'

/** The compiled kernel as base64. Throws with the compiler's own words. */
export async function compileKernel(source = KERNEL) {
  const { default: asc } = await import('assemblyscript/asc')
  let bytes = null
  const { error, stderr } = await asc.main(['kernel.ts', ...OPTIONS.split(' ')], {
    readFile: (name) => (name === 'kernel.ts' ? readFileSync(source, 'utf8') : null),
    writeFile: (name, contents) => {
      if (name === 'kernel.wasm') bytes = contents
    },
    listFiles: () => [],
  })
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
  return Buffer.from(bytes).toString('base64')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const lines = (await compileKernel()).match(/.{1,100}/g).map((line) => `  '${line}',`)
  writeFileSync(
    new URL(`${basename(KERNEL.pathname, '.as')}.wasm.ts`, KERNEL),
    `/** Compiled from ${basename(KERNEL.pathname)} by src/build/compile-kernel.mjs; not edited by hand. */\nexport const REDACT_KERNEL = [\n${lines.join('\n')}\n].join('')\n`,
  )
}
