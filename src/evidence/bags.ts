import { folderOf } from '../base/path-parts.ts'
import type { SkippedFile } from '../model/evidence.ts'
import { type Found, pathOf, renamed } from './source.ts'

/**
 * The tool's own output among the evidence. An `evidence.zip` (a BagIt bag, RFC 8493), unpacked or not, is the
 * evidence below `data/evidence/`, under the paths it had; the report and the manifests around it are packaging, as a
 * tar header is. An earlier run's output in or beside the evidence is packaging as a whole, its bag too, which holds
 * the same evidence once more; only where the output folder alone is given, its bag is what the user wants read.
 */
export interface Unwrapped {
  readonly found: readonly Found[]
  readonly packaging: readonly SkippedFile[]
}

const PAYLOAD = 'data/evidence/'
/** What a run writes. */
const REPORTS = new Set(['report.html', 'report.json', 'report.md', 'junit.xml', 'report.sarif'])
const BAG = 'evidence.zip/'

/** `roots` are the folders under which the paths of the command line stand: `['']` where there is one. */
export function unwrapBags(all: readonly Found[], roots: readonly string[] = ['']): Unwrapped {
  const paths = new Set(all.map(pathOf))
  const foldersOf = (name: string, beside: readonly string[]): ReadonlySet<string> =>
    new Set(
      [...paths]
        .filter((path) => path === name || path.endsWith(`/${name}`))
        .map(folderOf)
        .filter((folder) => beside.some((other) => paths.has(folder + other))),
    )
  const bags = foldersOf('bagit.txt', ['data/report.json'])
  const outputs = foldersOf('report.json', ['report.html', 'report.md', `${BAG}bagit.txt`])
  // The folder of a root in which nothing but an output lies: its bag is what the user wants read.
  const alone = new Set(roots)
  for (const path of paths)
    for (const folder of foldersAround(path)) if (!isOwn(path.slice(folder.length))) alone.delete(folder)
  const found: Found[] = []
  const packaging: SkippedFile[] = []
  for (const one of all) {
    const path = pathOf(one)
    const folders = foldersAround(path)
    const bag = folders.find((folder) => bags.has(folder))
    if (folders.some((folder) => outputs.has(folder) && isOutput(path, folder, alone.has(folder))))
      packaging.push(packed(one))
    else if (bag === undefined) found.push(one)
    else if (path.startsWith(bag + PAYLOAD))
      found.push(renamed(one, bag + path.slice(bag.length + PAYLOAD.length)))
    else packaging.push(packed(one))
  }
  return { found, packaging }
}

/** All folders in which a path lies, the outermost first. */
function foldersAround(path: string): string[] {
  const folders = ['']
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1))
    folders.push(path.slice(0, at + 1))
  return folders
}

const isOwn = (path: string): boolean => REPORTS.has(path) || path.startsWith(BAG)

function isOutput(path: string, folder: string, isAlone: boolean): boolean {
  const own = path.slice(folder.length)
  return isOwn(own) && !(isAlone && own.startsWith(BAG))
}

const packed = (found: Found): SkippedFile =>
  'source' in found
    ? { path: found.source.path, bytes: found.source.size ?? 0, reason: "part of this tool's own output" }
    : found.refusal
