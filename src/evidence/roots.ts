import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { diskSource, walkDirectory } from './disk.ts'
import { type Found, reasonOf } from './source.ts'

/** One path of the command line. */
export interface Root {
  /** Its own name: what `out/<name>/` is called after. */
  readonly name: string
  /** What is put in front of the paths found in it; empty for a single root. */
  readonly prefix: string
  readonly found: () => Iterable<Found>
}

/**
 * The roots in the order given. A single directory's paths are relative to it; with several roots each directory's
 * name goes in front, made unique with `~2`. A link given on the command line is followed: the user named it.
 */
export function openRoots(paths: readonly string[]): Root[] {
  const taken = new Map<string, number>()
  return paths.map((path) => {
    const disk = resolve(path)
    const own = basename(disk) || 'evidence'
    const used = (taken.get(own) ?? 0) + 1
    taken.set(own, used)
    const name = used === 1 ? own : `${own}~${used}`
    return { name, prefix: paths.length === 1 ? '' : name, found: () => open(disk, name) }
  })
}

function* open(disk: string, name: string): Iterable<Found> {
  try {
    const stat = statSync(disk)
    if (stat.isDirectory()) yield* walkDirectory(disk)
    else if (stat.isFile()) yield { source: diskSource(name, disk, stat.size) }
    else
      yield {
        refusal: {
          path: name,
          bytes: 0,
          kind: 'not-regular',
          reason: 'a pipe, socket or device, not a file',
        },
      }
  } catch (error) {
    yield { refusal: { path: name, bytes: 0, kind: 'unreadable', reason: reasonOf(error) } }
  }
}
