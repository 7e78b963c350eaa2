/** Which logs belong together: those of `strace -ff -o NAME`, with the parts that rotation has left of each. */
import { LineScanner } from '../base/line-scanner.ts'
import { folderOf } from '../base/path-parts.ts'
import { readDisk } from '../base/read-disk.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import { LinePrefix } from './line-prefix.ts'
import type { Run } from './read-run.ts'

/** `LOG.1`, `LOG.2` and so on are parts of LOG up to here; a higher number, or one behind a gap, is a thread's. */
const MOST_ROTATED = 99

/** A file as its name is to be understood; `age` is the number that rotation gave it, the oldest has the highest. */
interface Part {
  readonly file: EvidenceFile
  readonly age: number
}

/** A run, and which of its files rotation has left: their numbers are no threads'. */
export interface GroupedRun extends Run {
  readonly rotated: readonly string[]
}

/** The runs of these logs, by name; files in the order in which they were written. */
export async function groupRuns(logs: readonly EvidenceFile[]): Promise<GroupedRun[]> {
  const parts = new Map<
    string,
    { readonly name: string; readonly parts: Part[]; readonly perThread: boolean }
  >()
  const byStem = new Map(logs.map((file) => [stemOf(file), file]))
  for (const log of logs) {
    const part = await partOf(log, byStem)
    const { path, hints } = part.file
    const grouped = hints.group !== null && hints.tid !== null && !(await beginsWithPid(part.file))
    const name = grouped ? folderOf(path) + hints.group : path
    const key = `${grouped ? 1 : 0}${name}`
    const run = parts.get(key)
    if (run) run.parts.push(part)
    else parts.set(key, { name, parts: [part], perThread: grouped })
  }
  return [...parts.values()]
    .map(({ parts: some, ...run }) => ({
      ...run,
      files: some.sort(inOrder).map(({ file }) => file),
      rotated: rotatedOf(some),
    }))
    .sort((a, b) => compare(a.name, b.name) || Number(a.perThread) - Number(b.perThread))
}

const rotatedOf = (parts: readonly Part[]): string[] =>
  parts.filter(({ age }) => age > 0).map(({ file }) => file.path)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

const inOrder = (a: Part, b: Part): number =>
  a.file.hints.tid! - b.file.hints.tid! || b.age - a.age || compare(a.file.path, b.file.path)

/** The path that a rotated part would have been given a number behind. */
function stemOf({ path, hints: { group, tid } }: EvidenceFile): string {
  return group === null || tid === null ? path : `${folderOf(path)}${group}.${tid}`
}

/** `LOG.N` beside a LOG with the lines of one thread, and beside all of lower numbers, is of that thread. */
async function partOf(file: EvidenceFile, byStem: ReadonlyMap<string, EvidenceFile>): Promise<Part> {
  const { group, tid } = file.hints
  if (group === null || tid === null || tid > MOST_ROTATED) return { file, age: 0 }
  const stem = folderOf(file.path) + group
  const whole = byStem.get(stem)
  const isBehindAGap = Array.from({ length: tid - 1 }, (_, k) => `${stem}.${k + 1}`).some(
    (part) => !byStem.has(part),
  )
  if (!whole || isBehindAGap || (await beginsWithPid(whole))) return { file, age: 0 }
  const { pid, group: ofGroup, tid: ofTid } = whole.hints
  return { file: { ...file, hints: { ...file.hints, pid, group: ofGroup, tid: ofTid } }, age: tid }
}

/** Lines looked at to see whether a `NAME.<number>` file is an interleaved log after all. */
const HEAD_BYTES = 4096

/** Whether the log's first lines carry another pid than the file's name: then one file holds all threads. */
async function beginsWithPid(file: EvidenceFile): Promise<boolean> {
  const prefix = new LinePrefix()
  let found = false
  const scanner = new LineScanner((buffer, start, end) => {
    prefix.read(buffer, start, end)
    if (prefix.tid >= 0 && prefix.tid !== file.hints.tid) found = true
  })
  let left = HEAD_BYTES
  const take = (chunk: Uint8Array): void => {
    scanner.push(chunk.subarray(0, left))
    left -= chunk.length
  }
  if (file.diskPath !== null) {
    try {
      readDisk(file.diskPath, Math.min(file.bytes, HEAD_BYTES), take, HEAD_BYTES)
    } catch {
      // Whoever reads the whole of it tells.
    }
  }
  // What is compressed comes in pieces of any size, and must tell the same as it does plain.
  else
    for await (const chunk of file.read()) {
      take(chunk)
      if (left <= 0) break
    }
  return found
}
