import { createHash } from 'node:crypto'
import { folderOf, leafOf } from '../base/path-parts.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile, SkippedFile } from '../model/evidence.ts'
import { SKIP_REASONS } from '../model/skip-reasons.ts'
import { uncopiedName } from './copy-names.ts'

interface Sorted {
  readonly files: readonly EvidenceFile[]
  readonly skipped: readonly SkippedFile[]
}

/**
 * What only shows when all files are known. Files that repeat another one (a folder beside its own archive) would count
 * every snapshot and call twice. An empty log is one only beside logs of the same NAME, or where rotation has emptied it:
 * beside its own `.1`.
 */
export async function settle(
  files: readonly EvidenceFile[],
  skipped: readonly SkippedFile[],
  diagnostics: Diagnostics,
): Promise<Sorted> {
  const kept: EvidenceFile[] = []
  const dropped: SkippedFile[] = []
  const keysOf = contentKeys(files)
  const originals = new Map<string, EvidenceFile>()
  const groups = new Set(files.filter((file) => file.bytes > 0).map(threadGroup))
  const logs = new Set(files.filter(isLog).map(({ path }) => path))
  for (const file of originalsFirst(files)) {
    const isMeant = groups.has(threadGroup(file)) || logs.has(`${file.path}.1`)
    if (isLog(file) && file.bytes === 0 && !isMeant) {
      diagnostics.report('evidence-unknown', file.path, null, SKIP_REASONS.empty.en)
      dropped.push({ path: file.path, bytes: 0, reason: SKIP_REASONS.empty.en })
      continue
    }
    const keys = await keysOf(file)
    const original = keys.map((key) => originals.get(key)).find((other) => other !== undefined)
    for (const key of keys) originals.set(key, original ?? file)
    if (original) {
      diagnostics.report('evidence-duplicate', file.path, null, original.path)
      dropped.push({
        path: file.path,
        bytes: file.bytes,
        reason: `${SKIP_REASONS.same.en}${original.path}`,
        original: original.path,
      })
      continue
    }
    kept.push(file)
  }
  return { files: kept, skipped: [...skipped, ...dropped] }
}

const isLog = ({ format }: EvidenceFile): boolean => format === 'strace-log'

const threadGroup = (file: EvidenceFile): string =>
  isLog(file) ? `${folderOf(file.path)}${file.hints.group ?? leafOf(file.path)}` : ''

/** A copy's name is longer than its original's, which is the one to be read. */
const originalsFirst = (files: readonly EvidenceFile[]): EvidenceFile[] =>
  files
    .map((file) => ({ file, length: leafOf(file.path).length }))
    .sort((a, b) => a.length - b.length)
    .map(({ file }) => file)

/**
 * Tells a file's signatures, each with the digest of its content: files that share one repeat each other. A signature
 * that no other file has tells nothing, and a file that has no other is not read; any other is read once.
 */
function contentKeys(files: readonly EvidenceFile[]): (file: EvidenceFile) => Promise<string[]> {
  const sizes = timesOf(files.map(({ bytes }) => bytes))
  const candidates = files.filter(({ bytes }) => sizes.get(bytes) !== 1)
  const signatures = new Map(candidates.map((file) => [file, signaturesOf(file)]))
  const times = timesOf([...signatures.values()].flat())
  return async (file) => {
    const shared = (signatures.get(file) ?? []).filter((signature) => times.get(signature) !== 1)
    if (shared.length === 0) return []
    const digest = await sha256(file)
    return shared.map((signature) => `${digest}\0${signature}`)
  }
}

function timesOf<T>(items: readonly T[]): Map<T, number> {
  const times = new Map<T, number>()
  for (const item of items) times.set(item, (times.get(item) ?? 0) + 1)
  return times
}

/**
 * Two files whose content is worth comparing share one of these: a name in any folder, with all that names and folders
 * say, or a folder and a name that one of them has as a copy. Side evidence is left alone: the limits of two processes
 * are often the same text and mean different processes.
 */
function signaturesOf(file: EvidenceFile): string[] {
  if (file.format === 'side-evidence') return []
  const name = leafOf(file.path)
  const alike = [file.format, file.bytes]
  return [
    [...alike, name.replace(/~\d+$/, ''), ...Object.values(file.hints)].join('\0'),
    [...alike, folderOf(file.path), uncopiedName(name)].join('\0/'),
  ]
}

async function sha256(file: EvidenceFile): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of file.read()) hash.update(chunk)
  return hash.digest('hex')
}
