import { existsSync } from 'node:fs'
import type { Configuration } from './config-schema.ts'
import { readInput } from './values.ts'

const DEFAULT_CONFIG = 'memdossier.config.json'

const NO_CONFIGURATION: Configuration = { file: DEFAULT_CONFIG, values: new Map(), expected: [] }

/** Reads `path`; without one, the default file of the current folder when there is one. Throws UsageError. */
export async function readConfiguration(path: string | null): Promise<Configuration> {
  if (path === null && !existsSync(DEFAULT_CONFIG)) return NO_CONFIGURATION
  const text = readInput(path ?? DEFAULT_CONFIG, '--config').toString('utf8')
  // Loaded only where there is a configuration.
  const { parseConfiguration } = await import('./config-schema.ts')
  return parseConfiguration(text, path ?? DEFAULT_CONFIG)
}
