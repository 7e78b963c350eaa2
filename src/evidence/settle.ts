import { createHash } from 'node:crypto'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile, SkippedFile } from '../model/evidence.ts'

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
  for (const file of files) {
    if (file.format === 'strace-log' && file.bytes === 0 && !groups.has(threadGroup(file))) {
      diagnostics.report('evidence-unknown', file.path, null, 'empty file')
      dropped.push({ path: file.path, bytes: 0, reason: 'empty file' })
      continue
    }
    const signature = isSoleSize(file) ? null : signatureOf(file)
    const alike = signature === null ? [] : (bySignature.get(signature) ?? [])
    const original = await sameContent(file, alike)
    if (original) {
      diagnostics.report('evidence-duplicate', file.path, null, original.path)
      dropped.push({ path: file.path, bytes: file.bytes, reason: `the same as ${original.path}` })
      continue
    }
    kept.push(file)
    if (signature !== null) bySignature.set(signature, [...alike, file])
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

/**
 * What two files must share before their content is compared. Side evidence is left alone: the limits of two processes
 * are often the same text and mean different processes.
 */
function signatureOf(file: EvidenceFile): string | null {
  if (file.format === 'side-evidence') return null
  const name = file.path.slice(file.path.lastIndexOf('/') + 1).replace(/~\d+$/, '')
  return [file.format, file.bytes, name, ...Object.values(file.hints)].join('\0')
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
