import { groupedBy } from '../base/grouped.ts'
import type { ProcessTrack } from './process-track.ts'

/** By process, the one whose next life it is: the same program, gone before this one came, the latest such. */
export function predecessorsOf(tracks: readonly ProcessTrack[]): ReadonlyMap<ProcessTrack, ProcessTrack> {
  const found = new Map<ProcessTrack, ProcessTrack>()
  for (const alike of groupedBy(tracks, (track) => track.executable).values()) {
    const byBegin = [...alike].sort((a, b) => a.firstTime - b.firstTime)
    // Of several that went at the same time the one with the lowest pid.
    const byEnd = [...alike].sort((a, b) => a.lastTime - b.lastTime || b.pid - a.pid)
    let gone = 0
    for (const track of byBegin) {
      while (byEnd[gone]!.lastTime < track.firstTime) gone++
      if (gone > 0) found.set(track, byEnd[gone - 1]!)
    }
  }
  return found
}
