import manifest from '../package.json' with { type: 'json' }

/** The version of the package, as it goes into every output. */
export const VERSION: string = manifest.version
