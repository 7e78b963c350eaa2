import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { SKIP_REASONS } from '../model/skip-reasons.ts'
import { diskSource, walkDirectory } from './disk.ts'
import { type Found, reasonOf, refuse } from './source.ts'

/** One path of the command line. */
export interface Root {
  /** Its own name, without what archives add: what `out/<name>/` is called after. */
  readonly name: string
  /** The folder its content is put under; empty when it is the only root. */
  readonly folder: string
  /** Its whole path on this machine. */
  readonly disk: string
  readonly isDirectory: boolean
  /** Paths are relative to the root; a file's is its name. */
  readonly found: () => Iterable<Found>
}

const ARCHIVE = /(?:\.(?:tar|zip|gz|tgz|zst|tzst|xz|txz))+$/i

/**
 * The roots in the order given. A single one's content has paths relative to it; with several, each root's name goes in
 * front, made unique with `~2`. A link given on the command line is followed: the user named it.
 */
export function openRoots(paths: readonly string[]): Root[] {
  const taken = new Map<string, number>()
  return paths.map((path) => {
    const disk = resolve(path)
    const own = basename(disk) || 'evidence'
    const used = (taken.get(own) ?? 0) + 1
    taken.set(own, used)
    const unique = used === 1 ? own : `${own}~${used}`
    return {
      name: own.replace(ARCHIVE, '') || own,
      folder: paths.length === 1 ? '' : unique,
      disk,
      ...open(disk, unique),
    }
  })
}

function open(disk: string, name: string): Pick<Root, 'isDirectory' | 'found'> {
  try {
    const stat = statSync(disk)
    if (stat.isDirectory()) return { isDirectory: true, found: () => walkDirectory(disk) }
    const one = stat.isFile()
      ? { source: diskSource(name, disk, stat.size) }
      : refuse(name, 0, 'not-regular', SKIP_REASONS.special.en)
    return { isDirectory: false, found: () => [one] }
  } catch (error) {
    return { isDirectory: false, found: () => [refuse(name, 0, 'unreadable', reasonOf(error))] }
  }
}
