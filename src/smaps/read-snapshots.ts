import type { StringTable } from '../base/string-table.ts'
import { readName } from '../evidence/file-names.ts'
import { readWhole } from '../evidence/read-whole.ts'
import { reasonOf } from '../evidence/source.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile, NameHints, SnapshotFormat } from '../model/evidence.ts'
import type { ReadSnapshot } from '../model/snapshot.ts'
import { AbsenceParser } from './absence-parser.ts'
import { LearnedBlocks } from './block-reader.ts'
import { buildSnapshot } from './build-snapshot.ts'
import type { ColumnPool } from './column-pool.ts'
import { LineFeed } from './line-feed.ts'
import { PmapParser } from './pmap-parser.ts'
import type { ReadCounts } from './read-counts.ts'
import type { Section } from './section.ts'
import { SmapsParser } from './smaps-parser.ts'

/** Page-aligned reads of 1 MiB were the fastest for snapshots: as much as the kernel holds, for those that it does not read. */
const CHUNK = 1 << 20

/** Bytes of one mapping's text, about: sizes the first tables. */
const BLOCK_BYTES = 640

/** Most rows that a table is made for before the first is read: a file size can lie. */
const MOST_ROWS_AHEAD = 1 << 16

interface Reading {
  readonly file: EvidenceFile
  readonly strings: StringTable
  readonly diagnostics: Diagnostics
  readonly lineByLine: boolean
  readonly pool: ColumnPool | null
}

function smapsFeed({ file, strings, diagnostics, lineByLine, pool }: Reading): LineFeed {
  const capacity = Math.min(MOST_ROWS_AHEAD, Math.ceil(file.bytes / BLOCK_BYTES))
  const parser = new SmapsParser(file.path, strings, diagnostics, capacity, pool)
  return new LineFeed(parser, lineByLine ? null : new LearnedBlocks(parser, strings))
}

/** What reads each of SNAPSHOT_FORMATS; files of other formats are not given to `readSnapshots`. */
const FEEDS: Readonly<Record<SnapshotFormat, (reading: Reading) => LineFeed>> = {
  smaps: smapsFeed,
  'smaps-rollup': smapsFeed,
  maps: smapsFeed,
  pmap: ({ file, strings, diagnostics }) =>
    new LineFeed(new PmapParser(file.path, strings, diagnostics), null),
  'empty-snapshot': ({ strings }) => new LineFeed(new AbsenceParser(strings), null),
}

/**
 * Reads one file of a snapshot's format: smaps, smaps_rollup, maps or pmap of any kernel and procps. Several snapshots come from a
 * file into which several processes were concatenated, one without mappings from an empty one. Never throws for what the
 * text holds; a file that cannot be read at all is reported and gives none. With a `pool` the tables are good until it
 * takes back what it lent.
 */
export async function readSnapshots(
  file: EvidenceFile,
  strings: StringTable,
  diagnostics: Diagnostics,
  pool: ColumnPool | null = null,
): Promise<ReadSnapshot[]> {
  return (await scanSnapshots(file, strings, diagnostics, { pool })).snapshots
}

/**
 * `readSnapshots`, with what became of every line and byte. `lineByLine` leaves out the fast way through whole mappings;
 * the result is the same.
 */
export async function scanSnapshots(
  file: EvidenceFile,
  strings: StringTable,
  diagnostics: Diagnostics,
  options: { readonly lineByLine?: boolean; readonly pool?: ColumnPool | null } = {},
): Promise<{ snapshots: ReadSnapshot[]; counts: ReadCounts | null }> {
  const { lineByLine = false, pool = null } = options
  const feed = FEEDS[file.format as SnapshotFormat]({ file, strings, diagnostics, lineByLine, pool })
  try {
    const change = await readWhole(file, (chunk) => feed.push(chunk), feed.input ?? CHUNK)
    if (change !== null) diagnostics.report('evidence-changed', file.path, null, change)
  } catch (error) {
    diagnostics.report('evidence-unreadable', file.path, null, reasonOf(error))
    return { snapshots: [], counts: null }
  }
  const sections = feed.finish()
  const detail = file.format === 'pmap' ? 'pmap' : null
  const snapshots = sections.map((section) =>
    buildSnapshot(section, file, hintsOf(section, file), detail, diagnostics),
  )
  for (const { empty, truncated } of snapshots)
    if (empty && !truncated) diagnostics.report('smaps-empty', file.path)
  return { snapshots, counts: feed.counts }
}

/** The file name's hints; a section under a banner goes by the banner's path, one without either is unknown. */
function hintsOf(section: Section, file: EvidenceFile): NameHints {
  if (section.begin === 'lower-address')
    return { ...file.hints, pid: null, tid: null, stamp: null, stampWidth: null }
  if (section.banner === null) return file.hints
  const own = readName(section.banner, 'snapshot')
  return {
    ...file.hints,
    pid: own.pid,
    stamp: own.stamp ?? file.hints.stamp,
    stampWidth: own.stamp === null ? file.hints.stampWidth : own.stampWidth,
  }
}
