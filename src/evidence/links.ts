import { readlinkSync, realpathSync } from 'node:fs'
import { sep } from 'node:path'
import { SKIP_REASONS } from '../model/skip-reasons.ts'
import { type NameKind, readName } from './file-names.ts'
import { type Found, refuse } from './source.ts'

/**
 * Why a symbolic link is not read. Nothing is lost with one into the evidence, whose target is read itself, unless the
 * link's name alone tells process, thread or time: `smaps_1085_202611221942` onto `store/blob7`.
 *
 * @param path the link's own path, relative to `root`, which holds the evidence and is no link
 */
export function refuseLink(disk: string | Buffer, path: string, root: string): Found {
  const target = targetOf(disk)
  if (target === null)
    return refuse(path, 0, 'link', `a symbolic link to nothing (${readlinkSync(disk, { encoding: 'utf8' })})`)
  if (target !== root && !target.startsWith(root + sep))
    return refuse(path, 0, 'link', SKIP_REASONS.linkOut.en)
  return saysNoMore(path, target.slice(root.length + 1))
    ? refuse(path, 0, 'link-inside', SKIP_REASONS.linkInside.en)
    : refuse(path, 0, 'link', SKIP_REASONS.linkRenames.en)
}

function targetOf(disk: string | Buffer): string | null {
  try {
    return realpathSync(disk)
  } catch {
    return null
  }
}

const HINTS = ['pid', 'tid', 'stamp'] as const
/** The name is judged before anyone looks at the content. */
const KINDS: readonly NameKind[] = ['snapshot', 'trace']

function saysNoMore(path: string, target: string): boolean {
  return KINDS.every((kind) => {
    const own = readName(path, kind)
    const other = readName(target, kind)
    return HINTS.every((hint) => own[hint] === null || own[hint] === other[hint])
  })
}
