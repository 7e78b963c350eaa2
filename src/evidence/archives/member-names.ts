import { ARCHIVE_REASONS } from '../../model/archive-reasons.ts'
import { printable } from '../printable.ts'

/** A member's name made into a path, or the reason why it is not taken. */
export type MemberName = { readonly path: string } | { readonly path: string; readonly reason: string }

/**
 * Judges names as they come out of one archive. Nothing is written to disk, so no name can do harm there; but a
 * report that cites `../../etc/passwd` misleads, and of two members of one name nobody can tell which was meant.
 */
export class MemberNames {
  readonly #seen = new Set<string>()

  judge(raw: string): MemberName {
    const path = raw
      .split('/')
      .filter((part) => part !== '' && part !== '.')
      .join('/')
    if (raw.includes('\u0000'))
      return { path: path.replaceAll('\u0000', '\\0'), reason: ARCHIVE_REASONS.nulName.en }
    if (/^(?:\/|[a-zA-Z]:[\\/])/.test(raw)) return { path, reason: ARCHIVE_REASONS.absoluteName.en }
    if (path.split('/').includes('..')) return { path, reason: ARCHIVE_REASONS.outsideName.en }
    if (path === '') return { path: '(no name)', reason: ARCHIVE_REASONS.noName.en }
    if (this.#seen.has(path)) return { path, reason: ARCHIVE_REASONS.sameName.en }
    this.#seen.add(path)
    return { path }
  }
}

/** The bytes of a name as text; names made on Windows have `\` between folders. */
export function memberNameOf(bytes: Uint8Array): string {
  const name = printable(bytes)
  return name.includes('\\') && !name.includes('/') && !/\\x[0-9a-f]{2}/.test(name)
    ? name.replaceAll('\\', '/')
    : name
}
