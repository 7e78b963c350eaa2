import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { StringTable } from '../../src/base/string-table.ts'
import { discover } from '../../src/evidence/discover.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import { type Capture, SNAPSHOT_FORMATS } from '../../src/model/evidence.ts'
import type { ReadSnapshot } from '../../src/model/snapshot.ts'
import type { Timeline } from '../../src/model/timeline.ts'
import { readSnapshots } from '../../src/smaps/read-snapshots.ts'
import { TimelineBuilder } from '../../src/timeline/timeline-builder.ts'
import { NO_SIDE_EVIDENCE } from '../support/side-evidence.ts'

/** Real captures with known causes, beside the project; absent in a checkout of its own. */
const ZOO = join(import.meta.dirname, '../../../shared/zoo')
export const hasZoo = existsSync(ZOO)

/** Real captures that are part of the project. */
export const SAMPLES = join(import.meta.dirname, '../../samples/captures')

/** Names of the captures with known causes. */
export const zooCases = (): string[] =>
  hasZoo
    ? readdirSync(ZOO)
        .filter(
          (name) => existsSync(join(ZOO, name, 'truth.json')) && statSync(join(ZOO, name)).isDirectory(),
        )
        .sort()
    : []

export const zooEvidence = (name: string): string => join(ZOO, name, 'evidence')

export const zooScore = (
  name: string,
): { causes: { mechanisms: string[]; pid: number; bytesPerHour: number[] }[] } =>
  JSON.parse(readFileSync(join(ZOO, name, 'score.json'), 'utf8'))

/** All snapshots of a capture, by time, then file. */
export async function snapshotsOf(path: string, diagnostics = new Diagnostics()): Promise<ReadSnapshot[]> {
  return snapshotsIn(await discover([path], diagnostics), diagnostics)
}

export async function snapshotsIn(capture: Capture, diagnostics: Diagnostics): Promise<ReadSnapshot[]> {
  const strings = new StringTable()
  const snapshots: ReadSnapshot[] = []
  for (const file of capture.files)
    if (SNAPSHOT_FORMATS.includes(file.format))
      snapshots.push(...(await readSnapshots(file, strings, diagnostics)))
  return byTime(snapshots)
}

const byTime = (snapshots: readonly ReadSnapshot[]): ReadSnapshot[] =>
  [...snapshots].sort((a, b) => (a.time ?? 0) - (b.time ?? 0) || (a.file < b.file ? -1 : 1))

/** The time line of snapshots in time order. */
export function timelineOf(snapshots: readonly ReadSnapshot[], diagnostics = new Diagnostics()): Timeline {
  const builder = new TimelineBuilder(diagnostics)
  for (const snapshot of snapshots) builder.add(snapshot)
  return builder.finish(NO_SIDE_EVIDENCE)
}
