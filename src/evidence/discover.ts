import { turnAfter } from '../base/turn.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { Capture, EvidenceFile, SkippedFile } from '../model/evidence.ts'
import { UnpackBudget } from './archives/limits.ts'
import { unwrapBags } from './bags.ts'
import { collect } from './collect.ts'
import { inspect } from './inspect.ts'
import { openRoots, type Root } from './roots.ts'
import { settle } from './settle.ts'
import { type Found, pathOf, type Refusal, renamed } from './source.ts'

/** Looking at a file takes as long as reading so many bytes. */
const FILE_COSTS = 256 * 1024

/**
 * Finds the evidence in `paths` (directories, files, archives) and decides what each file is. Every file is in `files`
 * or, with the reason, in `skipped`; both are sorted by path in code-unit order. Throws nothing: what cannot be read is
 * skipped with a diagnostic. `onPlain` hears of the bytes of plain files on disk before it is decided what they are.
 */
export async function discover(
  paths: readonly string[],
  diagnostics: Diagnostics,
  onPlain: (bytes: number) => void = () => {},
): Promise<Capture> {
  const roots = openRoots(paths)
  const budget = new UnpackBudget()
  const all: Found[] = []
  for (const root of roots)
    for await (const found of leavesOf(root, budget)) {
      all.push(found)
      if ('source' in found && found.source.diskPath !== null) onPlain(found.source.size ?? 0)
      await turnAfter(FILE_COSTS)
    }
  const { found, packaging } = unwrapBags(
    all,
    roots.map(({ folder }) => (folder === '' ? '' : `${folder}/`)),
  )
  const files: EvidenceFile[] = []
  const skipped: SkippedFile[] = []
  for (const one of withUniquePaths(found)) {
    if ('refusal' in one) {
      skipped.push(refused(one.refusal, diagnostics))
      continue
    }
    const result = await inspect(one.source, diagnostics)
    if ('file' in result) files.push(result.file)
    else skipped.push(result.skipped)
  }
  const settled = await settle(files, skipped, diagnostics)
  return {
    name: roots[0]?.name ?? 'evidence',
    files: [...settled.files].sort(byPath),
    skipped: [...settled.skipped].sort(byPath),
    packaging: [...packaging].sort(byPath),
    roots: roots.map(({ disk, folder }) => ({ disk, folder })),
  }
}

const byPath = (a: { path: string }, b: { path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0

async function* leavesOf(root: Root, budget: UnpackBudget): AsyncGenerator<Found> {
  for (const found of root.found()) {
    const own = pathOf(found)
    const path = root.isDirectory && root.folder !== '' ? `${root.folder}/${own}` : own
    yield* collect(renamed(found, path), root.isDirectory ? path : root.folder, budget)
  }
}

/** Two files can want one path: `a` beside `a.gz`, two archives of one name. The second becomes `a~2`. */
function* withUniquePaths(all: readonly Found[]): Generator<Found> {
  const taken = new Map<string, number>()
  for (const found of all) {
    const path = pathOf(found)
    const used = (taken.get(path) ?? 0) + 1
    taken.set(path, used)
    yield used === 1 ? found : renamed(found, `${path}~${used}`)
  }
}

function refused(refusal: Refusal, diagnostics: Diagnostics): SkippedFile {
  diagnostics.report(`evidence-${refusal.kind}`, refusal.path, null, refusal.reason)
  return { path: refusal.path, bytes: refusal.bytes, reason: refusal.reason }
}
