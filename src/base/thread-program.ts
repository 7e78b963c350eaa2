import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { ResourceLimits } from 'node:worker_threads'

/** The program of a thread in the published package; `null` where there is none, as in the source tree. */
export function threadProgram(name: string): URL | null {
  // Modules of the package lie in dist/chunks/, the programs of threads in dist/.
  const program = new URL(`../${name}.js`, import.meta.url)
  return existsSync(fileURLToPath(program)) ? program : null
}

/**
 * How threads are started: what they make is small and soon gone, so an eighth of the usual room for it is as fast; and
 * the lower the bound of the rest, the sooner it is looked through for what nobody needs any more.
 */
export const THREAD_ROOM: ResourceLimits = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 1024 }
