import { ARCHIVE_REASONS, archiveReason } from '../model/archive-reasons.ts'
import { codecOf, decoded } from './archives/codecs.ts'
import { MOST_NESTING, type UnpackBudget } from './archives/limits.ts'
import { tarMembers } from './archives/tar.ts'
import { isTarHeader, TAR_BLOCK } from './archives/tar-header.ts'
import { EvidenceError } from './evidence-error.ts'
import { FIRST_LOOK, seenBy } from './look.ts'
import { type Found, headOf, pathOf, reasonOf, refuse, renamed, type Source } from './source.ts'

/**
 * Opens whatever holds files: compressed files and archives, in each other to any sensible depth. Leaves come out under
 * the path of their container; a container that cannot be opened comes out as a refusal.
 *
 * @param folder what members are put under; empty for an archive that is itself the capture
 * @param label the container as the user knows it: `logs.tar.gz`, not the `logs.tar` inside it
 */
export async function* collect(
  found: Found,
  folder: string,
  budget: UnpackBudget,
  depth = 0,
  label = pathOf(found),
): AsyncGenerator<Found> {
  if ('refusal' in found) {
    yield found
    return
  }
  const { source } = found
  let opened = false
  try {
    const isStored = source.range !== null && source.head === undefined
    const head = await headOf(source, isStored ? TAR_BLOCK : FIRST_LOOK)
    const open = await containerOf(source, head, budget, depth)
    if (!open) {
      yield isStored ? found : leaf(source, head)
      return
    }
    for await (const member of open) {
      opened = true
      const isMember = open.kind === 'archive'
      const path = isMember && folder !== '' ? `${folder}/${pathOf(member)}` : pathOf(member)
      const inner = isMember ? { folder: path, label: path } : { folder, label }
      yield* collect(renamed(member, path), inner.folder, budget, depth + 1, inner.label)
    }
  } catch (error) {
    const kind = error instanceof EvidenceError ? error.kind : 'unreadable'
    yield refuse(label, opened ? 0 : (source.size ?? 0), kind, reasonOf(error))
  }
}

/** What its beginning shows is kept: a plain file is opened once for it, a compressed one decompressed once. */
const leaf = (source: Source, head: Uint8Array): Found => ({
  source: source.head ? seenBy(source, head) : { ...source, begin: Uint8Array.from(head) },
})

/** Signatures of a local header, of an empty archive, of one split into parts. */
const ZIP_SIGNATURES: readonly number[] = [0x04034b50, 0x06054b50, 0x08074b50]
const isZip = (head: Uint8Array): boolean =>
  head.length >= 4 && ZIP_SIGNATURES.includes(new DataView(head.buffer, head.byteOffset).getUint32(0, true))

type Container = AsyncIterable<Found> & { readonly kind: 'archive' | 'codec' }

/** How to open `source`; `null` when it is no container. Throws EvidenceError when it is one that is not read. */
async function containerOf(
  source: Source,
  head: Uint8Array,
  budget: UnpackBudget,
  depth: number,
): Promise<Container | null> {
  const codec = codecOf(head)
  const isArchive = isZip(head) || isTarHeader(head)
  if (!codec && !isArchive) return null
  if (depth >= MOST_NESTING)
    throw new EvidenceError('archive-refused', archiveReason(ARCHIVE_REASONS.nested, MOST_NESTING))
  if (isArchive) {
    const members = isZip(head) ? (await import('./archives/zip.ts')).zipMembers : tarMembers
    return Object.assign(members(source, budget), { kind: 'archive' as const })
  }
  if (!codec?.decode)
    throw new EvidenceError('archive-refused', archiveReason(ARCHIVE_REASONS.codec, codec!.name))
  return Object.assign(oneOf(await decoded(codec, source, budget)), { kind: 'codec' as const })
}

async function* oneOf(source: Source): AsyncGenerator<Found> {
  yield { source }
}
