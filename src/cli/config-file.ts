import { readFileSync } from 'node:fs'
import type { Configuration } from './config-schema.ts'
import { UsageError } from './exit-status.ts'

const DEFAULT_CONFIG = 'memdossier.config.json'

const NO_CONFIGURATION: Configuration = { values: new Map(), expected: [] }

/** Reads `path`; without one, the default file of the current folder when there is one. Throws UsageError. */
export async function readConfiguration(path: string | null): Promise<Configuration> {
  let text: string
  try {
    text = readFileSync(path ?? DEFAULT_CONFIG, 'utf8')
  } catch (error) {
    if (path === null && (error as NodeJS.ErrnoException).code === 'ENOENT') return NO_CONFIGURATION
    throw new UsageError(`cannot read ${path ?? DEFAULT_CONFIG}: ${(error as NodeJS.ErrnoException).code}`)
  }
  // Loaded only where there is a configuration.
  const { parseConfiguration } = await import('./config-schema.ts')
  return parseConfiguration(text, path ?? DEFAULT_CONFIG)
}
