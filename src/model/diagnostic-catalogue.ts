import { EVIDENCE_DIAGNOSTICS } from './catalogue/evidence.ts'
import { REPLAY_DIAGNOSTICS } from './catalogue/replay.ts'
import { SMAPS_DIAGNOSTICS } from './catalogue/smaps.ts'
import { STRACE_DIAGNOSTICS } from './catalogue/strace.ts'
import { TIMELINE_DIAGNOSTICS } from './catalogue/timeline.ts'

/**
 * Every diagnostic of the tool, by code: what was seen, and what to do about it. Codes are stable: scripts match them.
 * One file a subject in catalogue/.
 */
export const DIAGNOSTIC_CATALOGUE = {
  ...EVIDENCE_DIAGNOSTICS,
  ...SMAPS_DIAGNOSTICS,
  ...TIMELINE_DIAGNOSTICS,
  ...STRACE_DIAGNOSTICS,
  ...REPLAY_DIAGNOSTICS,
} as const

export type DiagnosticCode = keyof typeof DIAGNOSTIC_CATALOGUE
