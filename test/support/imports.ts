/** Which file of src/ imports which. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

const SRC = resolve(import.meta.dirname, '../../src')

/** The folder of src/ that a file lies in; `(top)` for what stands in src/ itself, `..` for what lies outside. */
export const layerOf = (file: string): string => {
  if (file.startsWith('..')) return '..'
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : '(top)'
}

export const FILES = readdirSync(SRC, { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((name) => /\.(?:ts|mjs|cjs)$/.test(name) && !/\.d\.[cm]?ts$/.test(name))
  .sort()

/** File to the files it imports, both relative to src/. */
export const IMPORTS = new Map(
  FILES.map((file) => {
    const { importedFiles } = ts.preProcessFile(readFileSync(join(SRC, file), 'utf8'), true, true)
    return [
      file,
      importedFiles
        .filter(({ fileName }) => fileName.startsWith('.'))
        .map(({ fileName }) => relative(SRC, resolve(SRC, dirname(file), fileName)).replaceAll('\\', '/')),
    ]
  }),
)
