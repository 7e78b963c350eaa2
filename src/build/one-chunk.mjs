/**
 * esbuild makes a chunk of every set of modules that the same parts of a program share: the command would load thirty
 * of them, which takes longer than the same code in one.
 */
import { dirname, resolve } from 'node:path'

/** esbuild plugin: whatever loads later comes after `core`, so that what `core` loads is shared by all and one chunk. */
export const oneChunkPlugin = (core) => ({
  name: 'memdossier-one-chunk',
  setup(bundle) {
    bundle.onResolve({ filter: /^\./ }, ({ path, kind, resolveDir, namespace }) => {
      const file = resolve(resolveDir, path)
      return kind === 'dynamic-import' && namespace === 'file' && file !== core
        ? { path: file, namespace: 'later' }
        : undefined
    })
    bundle.onLoad({ filter: /.*/, namespace: 'later' }, ({ path }) => ({
      contents: `import ${JSON.stringify(core)}\nexport * from ${JSON.stringify(path)}`,
      resolveDir: dirname(path),
    }))
  },
})
