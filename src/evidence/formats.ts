import type { EvidenceFormat } from '../model/evidence.ts'
import { SKIP_REASONS } from '../model/skip-reasons.ts'
import { isSnapshotName, type NameKind, readName } from './file-names.ts'
import type { Head } from './head.ts'
import { isLeftover } from './leftovers.ts'
import { foreignTool } from './recognise-foreign.ts'
import { describeUnknown } from './recognise-junk.ts'
import { beginsAsSmaps, sniffMaps, sniffPmap, sniffRollup, sniffSmaps } from './recognise-memory.ts'
import { sniffDamagedStrace, sniffStrace, sniffSummary } from './recognise-strace.ts'
import { sniffSide } from './side/readers.ts'

/** A format: how it is recognised, and how the name of such a file is read. */
interface FormatRow {
  readonly format: EvidenceFormat
  /** Why the file is of this format, in words for `--dry-run`; `null` when it is not. */
  readonly sniff: (head: Head) => string | null
  readonly names: NameKind
}

/**
 * Asked in this order; the first that knows the content takes the file. Whole snapshots are many and quickly told;
 * then clear logs, because a log holds whatever the traced program wrote.
 */
const FORMATS: readonly FormatRow[] = [
  { format: 'smaps', sniff: beginsAsSmaps, names: 'snapshot' },
  { format: 'strace-log', sniff: sniffStrace, names: 'trace' },
  { format: 'smaps-rollup', sniff: sniffRollup, names: 'snapshot' },
  { format: 'smaps', sniff: sniffSmaps, names: 'snapshot' },
  { format: 'maps', sniff: sniffMaps, names: 'snapshot' },
  { format: 'pmap', sniff: sniffPmap, names: 'snapshot' },
  { format: 'strace-summary', sniff: sniffSummary, names: 'trace' },
]

/** Asked after FORMATS and before damaged logs, of which single calls may stand in any text. */
function recogniseSide(head: Head): Recognition | null {
  const side = sniffSide(head)
  return side && { format: 'side-evidence', side: side.side, names: 'side', why: side.why, foreign: false }
}

/** What a file was taken for. `unknown` carries the reason why it is skipped. */
export interface Recognition {
  readonly format: EvidenceFormat
  readonly side: string | null
  readonly names: NameKind
  readonly why: string
  /** Another tool's file, refused by name. */
  readonly foreign: boolean
}

/** What the beginning of a file was taken for. */
export interface Look {
  /** The path that it had: what its beginning does not tell, that may. */
  readonly path: string
  readonly recognition: Recognition
  /** All that the file holds, in bytes; `null` when only its beginning was looked at. */
  readonly whole: number | null
}

const recognised = (format: EvidenceFormat, names: NameKind, why: string): Recognition => ({
  format,
  side: null,
  names,
  why,
  foreign: false,
})

const unknown = (why: string, foreign = false): Recognition => ({
  format: 'unknown',
  side: null,
  names: 'other',
  why,
  foreign,
})

const refusedTool = (tool: string): Recognition =>
  unknown(`written by ${tool}, not by strace: its columns mean other things`, true)

/** What `cat` says on stderr when the process went away: in a file named like a snapshot that is an empty one. */
const GONE = /: No such (?:file or directory|process)$/
const DENIED = /: (?:Permission denied|Operation not permitted)$/

/** Decides by content first, by name second. Never throws. */
export function recognise(head: Head): Recognition {
  if (head.bytes.length === 0) return recogniseEmpty(head)
  for (const row of FORMATS) {
    const why = row.sniff(head)
    if (why === null) continue
    const tool = row.names === 'trace' ? foreignTool(head) : null
    return tool ? refusedTool(tool) : recognised(row.format, row.names, why)
  }
  const tool = foreignTool(head)
  if (tool) return refusedTool(tool)
  const side = recogniseSide(head)
  if (side) return side
  const damaged = sniffDamagedStrace(head)
  if (damaged !== null) return recognised('strace-log', 'trace', damaged)
  return recogniseMessage(head) ?? unknown(describeUnknown(head))
}

function recogniseEmpty(head: Head): Recognition {
  if (isLeftover(head.path)) return unknown(SKIP_REASONS.empty.en)
  if (isSnapshotName(head.path))
    return recognised(
      'empty-snapshot',
      'snapshot',
      'empty, and named like a snapshot: no process, or a kernel thread',
    )
  // `strace -ff` makes a thread's file when it attaches: empty says that the thread was there and called nothing.
  if (readName(head.path, 'trace').group !== null)
    return recognised('strace-log', 'trace', 'empty, and named like one thread of a log: it made no call')
  // Whether its older parts lie beside it shows when all files are known (settle.ts).
  return recognised('strace-log', 'trace', 'empty, and its older parts lie beside it: it was rotated')
}

/** A file that holds nothing but the error message of the command that should have filled it. */
function recogniseMessage(head: Head): Recognition | null {
  const lines = head.lines.filter((line) => line.trim() !== '')
  if (!head.whole || lines.length > 3 || !isSnapshotName(head.path)) return null
  if (lines.every((line) => GONE.test(line)))
    return recognised('empty-snapshot', 'snapshot', 'holds only the message that the process is not there')
  if (lines.every((line) => DENIED.test(line))) return unknown(SKIP_REASONS.denied.en)
  return null
}
