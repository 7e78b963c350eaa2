import { readDisk } from '../base/read-disk.ts'
import type { StringTable } from '../base/string-table.ts'
import { readName } from '../evidence/file-names.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { EvidenceFile, NameHints } from '../model/evidence.ts'
import type { Snapshot } from '../model/snapshot.ts'
import { buildSnapshot } from './build-snapshot.ts'
import type { ReadCounts } from './read-counts.ts'
import type { Section } from './section.ts'
import { SmapsParser } from './smaps-parser.ts'
import { SmapsScanner } from './smaps-scanner.ts'

/** Bytes of one mapping's text, about: sizes the first tables. */
const BLOCK_BYTES = 640

/** Most rows that a table is made for before the first is read: a file size can lie. */
const MOST_ROWS_AHEAD = 1 << 16

/**
 * Reads one file of snapshots: smaps, smaps_rollup, maps or pmap of any kernel and procps. Several snapshots come from a
 * file into which several processes were concatenated, one without mappings from an empty one. Never throws for what the
 * text holds; a file that cannot be read at all is reported and gives none.
 */
export async function readSnapshots(
  file: EvidenceFile,
  strings: StringTable,
  diagnostics: Diagnostics,
): Promise<Snapshot[]> {
  return (await scanSnapshots(file, strings, diagnostics)).snapshots
}

/** `readSnapshots`, with what became of every line and byte. */
export async function scanSnapshots(
  file: EvidenceFile,
  strings: StringTable,
  diagnostics: Diagnostics,
): Promise<{ snapshots: Snapshot[]; counts: ReadCounts | null }> {
  const capacity = Math.min(MOST_ROWS_AHEAD, Math.ceil(file.bytes / BLOCK_BYTES))
  const scanner = new SmapsScanner(new SmapsParser(file.path, strings, diagnostics, capacity))
  try {
    if (file.diskPath !== null) readDisk(file.diskPath, (chunk) => scanner.push(chunk))
    else for await (const chunk of file.read()) scanner.push(chunk)
  } catch (error) {
    diagnostics.report('evidence-unreadable', file.path, null, error instanceof Error ? error.message : null)
    return { snapshots: [], counts: null }
  }
  const { sections, counts } = scanner.finish()
  const snapshots = sections.map((section) =>
    buildSnapshot(section, file, hintsOf(section, file), null, diagnostics),
  )
  for (const snapshot of snapshots) if (snapshot.empty) diagnostics.report('smaps-empty', file.path)
  return { snapshots, counts }
}

/** The file name's hints; a section under a banner goes by the banner's path first. */
function hintsOf(section: Section, file: EvidenceFile): NameHints {
  if (section.banner === null) return file.hints
  const own = readName(section.banner, 'snapshot')
  return {
    ...file.hints,
    pid: own.pid,
    stamp: own.stamp ?? file.hints.stamp,
    stampWidth: own.stamp === null ? file.hints.stampWidth : own.stampWidth,
  }
}
