/**
 * Part of dist/: loads code as a script with what V8 made of it before. Node 20 compiles an ES module anew at every
 * start, which takes as long as a small report; only a script can be given its compiled code.
 *
 * Compiled code is for one version of Node on one kind of processor, and V8 falls over what is damaged. So the file is
 * called by the two, and begins with checksums of the script and of itself; what does not fit is compiled as ever.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import v8 from 'node:v8'
import vm from 'node:vm'
import { crc32 } from 'node:zlib'

/**
 * V8 expects programs that stay. What one run does for a second is not worth the optimizing compiler's time, on the
 * processors that the analysis needs; and most of that time goes into what it inlines. Without this a third of the
 * processor time of a gigabyte of snapshots was spent compiling. Both are numbers that V8 looks at whenever a function has
 * run for a while, so they may be set at any time, which is not so of most others; measured with the V8 of Node 20, and
 * set for no other. Before anything is loaded, because compiled code is for one setting. Modules of Node's own that are
 * loaded from then on are compiled anew, 20 ms in all: to have it so only while evidence is read saved as little.
 */
const COMPILE_LESS = ['--interrupt-budget=400000', '--max-inlined-bytecode-size-cumulative=60']
if (process.versions.v8.startsWith('11.3.')) for (const flag of COMPILE_LESS) v8.setFlagsFromString(flag)

const HEADER = 8
const pathOf = (filename) => `${filename}.${process.version}-${process.arch}.cache`

/** What was loaded. */
export const loaded = []

function compiledBefore(filename, sum) {
  try {
    const file = readFileSync(pathOf(filename))
    const code = file.subarray(HEADER)
    if (file.readUInt32LE(0) === sum && file.readUInt32LE(4) === crc32(code)) return code
  } catch {
    // Not there, or cut off.
  }
  return undefined
}

/**
 * @param {string} filename one function of a CommonJS module's `module` and `require`, and of what stands for
 *   `import.meta.url` and `import()`; in plain ASCII
 * @returns {Record<string, unknown>} what it exports
 */
export function loadScript(filename, requireModule, importMetaUrl, importModule) {
  const source = readFileSync(filename)
  const sum = crc32(source)
  const cachedData = compiledBefore(filename, sum)
  const script = new vm.Script(source.toString('latin1'), { filename, cachedData })
  loaded.push({ filename, sum, script })
  const module = { exports: {} }
  script.runInThisContext()(module, requireModule, importMetaUrl, importModule)
  return module.exports
}

/** Puts the compiled code of what was loaded beside it: of functions, of those that were called. */
export function keepCompiled() {
  for (const { filename, sum, script } of loaded) {
    const code = script.createCachedData()
    const header = Buffer.alloc(HEADER)
    header.writeUInt32LE(sum)
    header.writeUInt32LE(crc32(code), 4)
    writeFileSync(pathOf(filename), Buffer.concat([header, code]))
  }
}
