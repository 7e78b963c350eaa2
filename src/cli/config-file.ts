import { existsSync, realpathSync } from 'node:fs'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { Configuration } from './config-schema.ts'
import { readInput } from './values.ts'

const DEFAULT_CONFIG = 'memdossier.config.json'

/** A configuration, and how it came to be one. */
export interface ReadConfiguration extends Configuration {
  /** Where it was found by itself; `null` where it was named, or there is none. */
  readonly found: string | null
  /** Found by itself in a folder that is read as evidence: whoever made the evidence may have written it. */
  readonly isInEvidence: boolean
}

const NO_CONFIGURATION: ReadConfiguration = {
  file: DEFAULT_CONFIG,
  values: new Map(),
  expected: [],
  found: null,
  isInEvidence: false,
}

/** Reads `path`; without one, the default file of the current folder when there is one. Throws UsageError. */
export async function readConfiguration(
  path: string | null,
  evidence: readonly string[],
): Promise<ReadConfiguration> {
  if (path === null && !existsSync(DEFAULT_CONFIG)) return NO_CONFIGURATION
  const text = readInput(path ?? DEFAULT_CONFIG, path === null ? null : '--config').toString('utf8')
  // Loaded only where there is a configuration.
  const { parseConfiguration } = await import('./config-schema.ts')
  return {
    ...parseConfiguration(text, path ?? DEFAULT_CONFIG),
    found: path === null ? resolve(DEFAULT_CONFIG) : null,
    isInEvidence: path === null && liesIn(evidence),
  }
}

function liesIn(evidence: readonly string[]): boolean {
  // As it is named, and where it really is.
  const files = [join(realpathSync('.'), DEFAULT_CONFIG), realpathSync(DEFAULT_CONFIG)]
  return evidence.some((path) => {
    if (!existsSync(path)) return false
    const named = realpathSync(path)
    return files.some((file) => {
      const way = relative(named, file)
      return !isAbsolute(way) && way.split(sep)[0] !== '..'
    })
  })
}
