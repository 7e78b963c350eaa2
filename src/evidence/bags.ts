import type { SkippedFile } from '../model/evidence.ts'
import { type Found, pathOf, renamed } from './source.ts'

/**
 * The tool's own output among the evidence. An `evidence.zip` (a BagIt bag, RFC 8493), unpacked or not, is the
 * evidence below `data/evidence/`, under the paths it had; the report and the manifests around it are packaging, as a
 * tar header is. An earlier run's output folder inside the evidence is packaging as a whole: its bag holds the same
 * evidence once more.
 */
export interface Unwrapped {
  readonly found: readonly Found[]
  readonly packaging: readonly SkippedFile[]
}

const PAYLOAD = 'data/evidence/'
/** What a run writes; `report.json` beside `evidence.zip` tells an output folder from anybody's evidence. */
const OUTPUTS = new Set(['report.html', 'report.json', 'report.md', 'junit.xml', 'report.sarif'])

export function unwrapBags(all: readonly Found[]): Unwrapped {
  const paths = new Set(all.map(pathOf))
  const bags = [...paths]
    .filter((path) => isAt(path, 'bagit.txt') && paths.has(`${folderOf(path)}data/report.json`))
    .map(folderOf)
  const outputs = [...paths]
    .filter((path) => isAt(path, 'report.json') && hasBag(paths, folderOf(path)))
    .map(folderOf)
  const found: Found[] = []
  const packaging: SkippedFile[] = []
  for (const one of all) {
    const path = pathOf(one)
    const output = outputs.find((folder) => path.startsWith(folder))
    const bag = bags.find((folder) => path.startsWith(folder))
    if (output !== undefined && isOutput(path.slice(output.length), output)) packaging.push(packed(one))
    else if (bag === undefined) found.push(one)
    else if (path.startsWith(bag + PAYLOAD))
      found.push(renamed(one, bag + path.slice(bag.length + PAYLOAD.length)))
    else packaging.push(packed(one))
  }
  return { found, packaging }
}

const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1)
const isAt = (path: string, name: string): boolean => path === name || path.endsWith(`/${name}`)

/** Whether `folder` holds an evidence.zip that was opened. */
const hasBag = (paths: ReadonlySet<string>, folder: string): boolean =>
  paths.has(`${folder}evidence.zip/bagit.txt`)

/** At the root of what was named, the bag is what the user wants read; deeper, it repeats what is beside it. */
const isOutput = (path: string, folder: string): boolean =>
  OUTPUTS.has(path) || (folder !== '' && path.startsWith('evidence.zip/'))

const packed = (found: Found): SkippedFile =>
  'source' in found
    ? { path: found.source.path, bytes: found.source.size ?? 0, reason: "part of this tool's own output" }
    : found.refusal
