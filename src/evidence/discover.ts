import type { Diagnostics } from '../model/diagnostics.ts'
import type { Capture, EvidenceFile, SkippedFile } from '../model/evidence.ts'
import { inspect } from './inspect.ts'
import { openRoots } from './roots.ts'
import type { Found, Refusal, Source } from './source.ts'

/**
 * Finds the evidence below `paths` and decides what each file is. Every file is in `files` or, with the reason, in
 * `skipped`; both are sorted by path in code-unit order. Throws nothing: a path that cannot be read is skipped.
 */
export async function discover(paths: readonly string[], diagnostics: Diagnostics): Promise<Capture> {
  const roots = openRoots(paths)
  const files: EvidenceFile[] = []
  const skipped: SkippedFile[] = []
  for (const root of roots)
    for (const found of root.found()) {
      const placed = withPrefix(found, root.prefix)
      if ('refusal' in placed) {
        skipped.push(refused(placed.refusal, diagnostics))
        continue
      }
      const result = await inspect(placed.source, diagnostics)
      if ('file' in result) files.push(result.file)
      else skipped.push(result.skipped)
    }
  return { name: roots[0]?.name ?? 'evidence', files: files.sort(byPath), skipped: skipped.sort(byPath) }
}

const byPath = (a: { path: string }, b: { path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0

function withPrefix(found: Found, prefix: string): Found {
  const placed = (path: string): string => (prefix === '' || path === prefix ? path : `${prefix}/${path}`)
  if ('refusal' in found) return { refusal: { ...found.refusal, path: placed(found.refusal.path) } }
  const source: Source = found.source
  return { source: { ...source, path: placed(source.path) } }
}

function refused(refusal: Refusal, diagnostics: Diagnostics): SkippedFile {
  diagnostics.report(`evidence-${refusal.kind}`, refusal.path, null, refusal.reason)
  return { path: refusal.path, bytes: refusal.bytes, reason: refusal.reason }
}
