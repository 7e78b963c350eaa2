import { emptyLists } from '../../src/evidence/side/read-side-evidence.ts'
import type { SideEvidence } from '../../src/model/side-evidence.ts'

/** Nothing but snapshots and logs. */
export const NO_SIDE_EVIDENCE: SideEvidence = emptyLists()
