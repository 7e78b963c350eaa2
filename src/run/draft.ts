import { isDeepStrictEqual } from 'node:util'
import type { InputHash } from '../bundle/evidence-ledger.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { Redactor } from '../redaction/redactor.ts'

/**
 * Drafts from what the readers saw, while the bundle is being packed. When the packing, which reads by itself, saw
 * something else (a file changed between the two) it is drafted once more, from what is packed; nothing of the first
 * draft is counted then.
 */
export async function draftBeside<Draft>(
  read: readonly InputHash[],
  packed: Promise<readonly InputHash[]>,
  draft: (inputs: readonly InputHash[]) => Promise<Draft>,
  shown: Redactor,
  diagnostics: Diagnostics,
): Promise<Draft> {
  const counts = shown.counts()
  const known = diagnostics.list().length
  const first = await draft(read)
  const inputs = await packed
  if (diagnostics.list().length === known && isDeepStrictEqual(hashesOf(inputs), hashesOf(read))) return first
  shown.recount(counts)
  return draft(inputs)
}

const hashesOf = (inputs: readonly InputHash[]): unknown =>
  inputs.map(({ path, original }) => [path, original])
