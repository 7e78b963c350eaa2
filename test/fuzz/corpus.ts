import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

/** Bytes of a file that are taken into the corpus. */
const MOST = 150_000

function* filesBelow(folder: string): Generator<string> {
  if (!existsSync(folder)) return
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const at = path.join(folder, entry.name)
    if (entry.isDirectory()) yield* filesBelow(at)
    else if (entry.isFile()) yield at
  }
}

/** Which files each target starts from, by where they lie. */
const WANTED: Readonly<Record<string, RegExp>> = {
  strace: /strace[/\\]|wild[/\\]local[/\\]s/,
  smaps: /smaps/,
  pmap: /pmap/,
  maps: /maps/,
  evidence: /./,
}

/** Real files to damage: the project's samples, and the reference captures beside it when they are there. */
export function corpusFor(target: string, project: string): Uint8Array[] {
  const wanted = WANTED[target]!
  const folders = ['samples/captures', '../shared/wild', '../shared/zoo', 'test/fuzz/findings']
  const files = folders
    .flatMap((folder) => [...filesBelow(path.join(project, folder))])
    .filter((file) => wanted.test(path.relative(project, file)))
  // Every tenth snapshot says as much as all of them.
  const kept = files.filter((file, index) => index % 10 === 0 || !/smaps_\d/.test(file))
  const corpus = kept
    .map((file) => new Uint8Array(readFileSync(file).subarray(0, MOST)))
    .filter((bytes) => bytes.length > 0)
  if (target === 'evidence')
    corpus.push(...corpus.slice(0, 20).map((bytes) => new Uint8Array(gzipSync(bytes))))
  return corpus
}
