/**
 * Packages that many runs load and few call, and that take long merely to be loaded. string-width (of yargs and
 * wrap-ansi) makes an Intl.Segmenter and a regular expression of every emoji: 30 ms, for the width of a help text.
 */
import { dirname } from 'node:path'

/** What they export is one function, their default. */
const LATE = /^string-width$/

/** esbuild plugin: puts a function in the place of such a package, which loads it when it is called first. */
export const latePlugin = () => ({
  name: 'memdossier-late',
  setup(bundle) {
    bundle.onResolve({ filter: LATE }, async ({ path, kind, resolveDir, namespace }) => {
      if (kind !== 'import-statement' || namespace === 'late') return undefined
      const found = await bundle.resolve(path, { kind, resolveDir, namespace: 'late' })
      return { path: found.path, namespace: 'late' }
    })
    bundle.onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `export default (...given) => require(${JSON.stringify(path)}).default(...given)`,
      resolveDir: dirname(path),
    }))
  },
})
