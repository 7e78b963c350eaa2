import type { EvidenceFile } from '../model/evidence.ts'

/** The newest stamp that a name of the evidence carries, in microseconds; 0 where none does. */
export function newestStamp(files: readonly EvidenceFile[]): number {
  let newest = 0
  for (const { hints } of files) if (hints.stamp !== null && hints.stamp > newest) newest = hints.stamp
  return newest
}
