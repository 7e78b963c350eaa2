/**
 * Compiles the kernels, which are written in AssemblyScript (`*.as`), and writes the bytes of each into a module beside
 * it, which is kept in the project, so that neither tests nor users need the compiler: `npm run build:kernels`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const OPTIONS = '-O3 --noAssert --enable simd --enable bulk-memory --importMemory --outFile kernel.wasm'

/**
 * Folder, name (the source is `<name>.as`, the module `<name>.wasm.ts`) and the memory it expects, in pages of 64 KiB.
 * The runtime `stub` is for those whose memory has fixed places, `minimal` for those that make and free what they need.
 */
export const KERNELS = [
  { folder: 'attribution/kernel', name: 'replay-kernel', pages: 1, runtime: 'minimal' },
  { folder: 'redaction/kernel', name: 'redact-kernel', pages: 40, runtime: 'stub' },
  { folder: 'smaps/kernel', name: 'block-kernel', pages: 32, runtime: 'stub' },
  { folder: 'strace/kernel', name: 'line-kernel', pages: 160, runtime: 'stub' },
  { folder: 'timeline/clock/kernel', name: 'claim-kernel', pages: 1, runtime: 'minimal' },
]

/** A compiled kernel as base64. Throws with the compiler's own words. */
export async function compileKernel({ folder, name, pages, runtime }) {
  const { default: asc } = await import('assemblyscript/asc')
  let bytes = null
  const arguments_ = [
    `${name}.ts`,
    ...OPTIONS.split(' '),
    '--runtime',
    runtime,
    '--initialMemory',
    `${pages}`,
  ]
  const { error, stderr } = await asc.main(arguments_, {
    readFile: (file) => {
      try {
        return readFileSync(inFolder(folder, file.replace(/\.ts$/, '.as')), 'utf8')
      } catch {
        return null
      }
    },
    writeFile: (file, contents) => {
      if (file === 'kernel.wasm') bytes = contents
    },
    listFiles: () => [],
  })
  if (error) throw new Error(`${error.message}\n${stderr.toString()}`)
  return Buffer.from(bytes).toString('base64')
}

/** The module that holds a compiled kernel. */
export async function kernelModule(kernel) {
  const lines = (await compileKernel(kernel)).match(/.{1,100}/g).map((line) => `  '${line}',`)
  const constant = kernel.name.toUpperCase().replaceAll('-', '_')
  return [
    `/** Compiled from ${kernel.name}.as by \`npm run build:kernels\`; not edited by hand. */`,
    `export const ${constant} = [`,
    ...lines,
    `].join('')\n`,
  ].join('\n')
}

/** Where the module of a kernel is kept. */
export const moduleOf = ({ folder, name }) => inFolder(folder, `${name}.wasm.ts`)

const inFolder = (folder, file) => new URL(`../${folder}/${file}`, import.meta.url)

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const kernel of KERNELS) writeFileSync(moduleOf(kernel), await kernelModule(kernel))
