import type { SideEvidence } from '../../src/model/side-evidence.ts'

/** Nothing but snapshots and logs. */
export const NO_SIDE_EVIDENCE: SideEvidence = {
  threadNames: [],
  programs: [],
  descriptors: [],
  limits: [],
  kills: [],
  heaps: [],
  stacks: [],
}
