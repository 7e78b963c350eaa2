import { isDeepStrictEqual } from 'node:util'
import type { InputHash, Inputs } from '../bundle/evidence-ledger.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { Redactor } from '../redaction/redactor.ts'

/**
 * Drafts from what the readers saw, while the bundle is being packed. When the packing, which reads by itself, saw
 * something else (a file changed between the two) it is drafted once more, from what is packed; nothing of the first
 * draft is counted then.
 */
export async function draftBeside<Draft>(
  read: Inputs,
  packed: Promise<readonly InputHash[]>,
  draft: (inputs: Inputs) => Promise<Draft>,
  shown: Redactor,
  diagnostics: Diagnostics,
): Promise<Draft> {
  const counts = shown.counts()
  const known = diagnostics.list().length
  let seen: readonly InputHash[] = []
  const first = await draft(async () => {
    seen = await read()
    return seen
  })
  const inputs = await packed
  if (diagnostics.list().length === known && isDeepStrictEqual(hashesOf(inputs), hashesOf(seen))) return first
  for (const path of changedPaths(seen, inputs))
    if (!diagnostics.places('evidence-changed').some(({ file }) => file === path))
      diagnostics.report('evidence-changed', path)
  shown.recount(counts)
  return draft(async () => inputs)
}

/** Files that are not in the bundle as they were read. */
function changedPaths(seen: readonly InputHash[], packed: readonly InputHash[]): string[] {
  const known = new Map(seen.map(({ path, original }) => [path, original.sha256]))
  return packed.filter(({ path, original }) => known.get(path) !== original.sha256).map(({ path }) => path)
}

const hashesOf = (inputs: readonly InputHash[]): unknown =>
  inputs.map(({ path, original }) => [path, original])
