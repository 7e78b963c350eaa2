/**
 * Snapshots in the order of their times while their files are read, so that none has to be held until all are there.
 * A file's name tells its time before it is read; what stands under banners in a file may bear other times.
 */
import type { EvidenceFile } from '../model/evidence.ts'
import type { ReadSnapshot } from '../model/snapshot.ts'
import { ColumnPool } from './column-pool.ts'

/** A snapshot's place: by time, equal times in the order of the files. */
interface Place {
  readonly time: number
  readonly file: number
  readonly section: number
}

interface Waiting extends Place {
  readonly snapshot: ReadSnapshot
}

const UNDATED = -1
const LAST: Place = { time: Number.POSITIVE_INFINITY, file: 0, section: 0 }

const byPlace = (a: Place, b: Place): number => a.time - b.time || a.file - b.file || a.section - b.section

/** Reads one file; with a pool the tables are good until it takes back what it lent. */
export type Read = (file: EvidenceFile, pool: ColumnPool | null) => Promise<readonly ReadSnapshot[]>

/**
 * Hands the snapshots of all files to `take` by time; a snapshot is good only while `take` runs. One without a time has
 * no place and comes when it is read. False when a file held one that is older than what had been handed over: then
 * nobody can use what `take` made of them.
 */
export async function inTimeOrder(
  files: readonly EvidenceFile[],
  read: Read,
  take: (snapshot: ReadSnapshot) => void,
): Promise<boolean> {
  const places = files.map((file, at) => ({ time: file.hints.stamp ?? UNDATED, file: at, section: -1 }))
  places.sort(byPlace)
  const pool = new ColumnPool()
  let waiting: Waiting[] = []
  let taken: Place = { time: Number.NEGATIVE_INFINITY, file: 0, section: 0 }
  for (const [at, place] of places.entries()) {
    const snapshots = await read(files[place.file]!, pool)
    for (const [section, snapshot] of snapshots.entries()) {
      if (snapshot.time === null) take(snapshot)
      else waiting.push({ time: snapshot.time, file: place.file, section, snapshot })
    }
    waiting.sort(byPlace)
    const next = places[at + 1] ?? LAST
    const later = waiting.findIndex((one) => byPlace(one, next) >= 0)
    const ready = later < 0 ? waiting : waiting.slice(0, later)
    waiting = later < 0 ? [] : waiting.slice(later)
    for (const one of ready) {
      if (byPlace(one, taken) < 0) return false
      taken = one
      take(one.snapshot)
    }
    if (waiting.some((one) => one.file === place.file)) pool.giveAway()
    else pool.takeBack()
  }
  return true
}

/** The same with all snapshots held until the last file is read; those without a time come first. */
export async function afterAll(
  files: readonly EvidenceFile[],
  read: Read,
  take: (snapshot: ReadSnapshot) => void,
): Promise<void> {
  const all: ReadSnapshot[] = []
  for (const file of files) for (const snapshot of await read(file, null)) all.push(snapshot)
  all.sort((a, b) => (a.time ?? UNDATED) - (b.time ?? UNDATED))
  for (const snapshot of all) take(snapshot)
}
