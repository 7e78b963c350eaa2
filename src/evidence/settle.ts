import { createHash } from 'node:crypto'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile, SkippedFile } from '../model/evidence.ts'
import { uncopiedName } from './copy-names.ts'

interface Sorted {
  readonly files: readonly EvidenceFile[]
  readonly skipped: readonly SkippedFile[]
}

/**
 * What only shows when all files are known. Files that repeat another one (a folder beside its own archive) would count
 * every snapshot and call twice. An empty `NAME.TID` is a thread only beside logs of the same NAME.
 */
export async function settle(
  files: readonly EvidenceFile[],
  skipped: readonly SkippedFile[],
  diagnostics: Diagnostics,
): Promise<Sorted> {
  const kept: EvidenceFile[] = []
  const dropped: SkippedFile[] = []
  const bySignature = new Map<string, EvidenceFile[]>()
  const isSoleSize = soleSizes(files)
  const groups = new Set(files.filter((file) => file.bytes > 0).map(threadGroup))
  for (const file of originalsFirst(files)) {
    if (file.format === 'strace-log' && file.bytes === 0 && !groups.has(threadGroup(file))) {
      diagnostics.report('evidence-unknown', file.path, null, 'empty file')
      dropped.push({ path: file.path, bytes: 0, reason: 'empty file' })
      continue
    }
    const signatures = isSoleSize(file) ? [] : signaturesOf(file)
    const alike = new Set(signatures.flatMap((signature) => bySignature.get(signature) ?? []))
    const original = await sameContent(file, [...alike])
    if (original) {
      diagnostics.report('evidence-duplicate', file.path, null, original.path)
      dropped.push({ path: file.path, bytes: file.bytes, reason: `the same as ${original.path}` })
      continue
    }
    kept.push(file)
    for (const signature of signatures) {
      const others = bySignature.get(signature)
      if (others) others.push(file)
      else bySignature.set(signature, [file])
    }
  }
  return { files: kept, skipped: [...skipped, ...dropped] }
}

const threadGroup = (file: EvidenceFile): string =>
  file.format === 'strace-log'
    ? `${file.path.slice(0, file.path.lastIndexOf('/') + 1)}${file.hints.group ?? ''}`
    : ''

/** Tells which files have a size that no other one has: they repeat none. */
function soleSizes(files: readonly EvidenceFile[]): (file: EvidenceFile) => boolean {
  const times = new Map<number, number>()
  for (const { bytes } of files) times.set(bytes, (times.get(bytes) ?? 0) + 1)
  return ({ bytes }) => times.get(bytes) === 1
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** A copy's name is longer than its original's, which is the one to be read. */
const originalsFirst = (files: readonly EvidenceFile[]): EvidenceFile[] =>
  [...files].sort((a, b) => nameOf(a.path).length - nameOf(b.path).length)

/**
 * Two files whose content is worth comparing share one of these: a name in any folder, with all that names and folders
 * say, or a folder and a name that one of them has as a copy. Side evidence is left alone: the limits of two processes
 * are often the same text and mean different processes.
 */
function signaturesOf(file: EvidenceFile): string[] {
  if (file.format === 'side-evidence') return []
  const name = nameOf(file.path)
  const folder = file.path.slice(0, -name.length)
  const alike = [file.format, file.bytes]
  return [
    [...alike, name.replace(/~\d+$/, ''), ...Object.values(file.hints)].join('\0'),
    [...alike, folder, uncopiedName(name)].join('\0/'),
  ]
}

async function sameContent(file: EvidenceFile, alike: readonly EvidenceFile[]): Promise<EvidenceFile | null> {
  if (alike.length === 0) return null
  const digest = await sha256(file)
  for (const other of alike) if ((await sha256(other)) === digest) return other
  return null
}

async function sha256(file: EvidenceFile): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of file.read()) hash.update(chunk)
  return hash.digest('hex')
}
