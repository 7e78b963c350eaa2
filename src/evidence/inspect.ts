import type { DiagnosticCode } from '../model/diagnostic-catalogue.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile, SkippedFile } from '../model/evidence.ts'
import { Damage } from './damage.ts'
import { EvidenceError } from './evidence-error.ts'
import { readName } from './file-names.ts'
import type { Recognition } from './formats.ts'
import { isLeftover } from './leftovers.ts'
import { look } from './look.ts'
import { reasonOf, type Source } from './source.ts'
import { tolerant } from './tolerant.ts'
import { unchanged } from './unchanged.ts'

/** A file, looked at: evidence, or skipped with the reason. */
export type Inspected = { readonly file: EvidenceFile } | { readonly skipped: SkippedFile }

/** Looks at the beginning of `source` and at its name. What cannot be read is skipped with a diagnostic, never thrown. */
export async function inspect(found: Source, diagnostics: Diagnostics): Promise<Inspected> {
  const damage = new Damage(found.path, diagnostics)
  const source = tolerant(found, damage)
  try {
    const { recognition, whole } = await look(source)
    const bytes = whole ?? source.size ?? (await countBytes(source))
    // Of a damaged file the beginning alone was looked at: the damage is why it is not read, and is told already.
    if (recognition.format === 'unknown' && damage.reason !== null)
      return { skipped: { path: source.path, bytes, reason: damage.reason } }
    if (recognition.format === 'unknown') return skip(source, bytes, recognition, diagnostics)
    return { file: evidenceFile(found, bytes, recognition, damage, diagnostics) }
  } catch (error) {
    const reason = reasonOf(error)
    const kind = error instanceof EvidenceError ? error.kind : 'unreadable'
    diagnostics.report(`evidence-${kind}`, source.path, null, reason)
    return { skipped: { path: source.path, bytes: source.size ?? 0, reason } }
  }
}

async function countBytes(source: Source): Promise<number> {
  let bytes = 0
  for await (const chunk of source.read()) bytes += chunk.length
  return bytes
}

function skip(source: Source, bytes: number, recognition: Recognition, diagnostics: Diagnostics): Inspected {
  diagnostics.report(skipCode(source.path, recognition), source.path, null, recognition.why)
  return { skipped: { path: source.path, bytes, reason: recognition.why } }
}

function skipCode(path: string, { foreign }: Recognition): DiagnosticCode {
  if (foreign) return 'evidence-other-tool'
  return isLeftover(path) ? 'evidence-leftover' : 'evidence-unknown'
}

function evidenceFile(
  source: Source,
  bytes: number,
  recognition: Recognition,
  damage: Damage,
  diagnostics: Diagnostics,
): EvidenceFile {
  const { pids, ...hints } = readName(source.path, recognition.names)
  if (pids.length > 1) diagnostics.report('evidence-two-pids', source.path, null, pids.join(', '))
  return {
    path: source.path,
    bytes,
    format: recognition.format,
    side: recognition.side,
    why: recognition.why,
    hints,
    diskPath: source.diskPath,
    read: unchanged(source, bytes, damage),
    watch: undefined,
    passed: undefined,
  }
}
