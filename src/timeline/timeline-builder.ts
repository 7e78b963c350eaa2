import { greatest, least } from '../base/extremes.ts'
import { type Pid, pid as pidOf } from '../base/units.ts'
import type { Diagnostics } from '../model/diagnostics.ts'
import type { SideEvidence } from '../model/side-evidence.ts'
import type { ReadSnapshot } from '../model/snapshot.ts'
import type { Timeline, TimelineEvent, UntimedSnapshot } from '../model/timeline.ts'
import { type EventWords, eventOf, fileReference } from './events.ts'
import { Names } from './layout.ts'
import { predecessorsOf } from './predecessors.ts'
import { ProcessTrack } from './process-track.ts'
import { untimedOf } from './untimed.ts'

/** Snapshots of which no name tells the pid; no process of a user has this one. */
const UNKNOWN_PID = pidOf(0)
/** What is told of snapshots without a time is told in a sentence each. */
const UNTIMED_KEPT = 3

/**
 * Builds the time line from snapshots given in time order. A snapshot is let go at once: sums and a copy of the last
 * (and of each segment's first) layout are all that is kept, so that memory grows with what changes, not with what is
 * there.
 */
export class TimelineBuilder {
  readonly #diagnostics: Diagnostics
  readonly #names = new Names()
  readonly #tracks = new Map<Pid, ProcessTrack>()
  readonly #events: TimelineEvent[] = []
  readonly #untimed: UntimedSnapshot[] = []

  constructor(diagnostics: Diagnostics) {
    this.#diagnostics = diagnostics
  }

  /**
   * Takes the next snapshot. One without a stamp has no place on the time line; those without a pid are taken for one
   * process, cut where the address space is another one. A diagnostic says so.
   */
  add(snapshot: ReadSnapshot): void {
    const { time, pid, file } = snapshot
    if (time === null) {
      this.#diagnostics.report('snapshot-without-time', file)
      if (!snapshot.empty && this.#untimed.length < UNTIMED_KEPT) this.#untimed.push(untimedOf(snapshot))
      return
    }
    if (snapshot.empty) {
      this.#events.push(eventOf('absent', 'absent', pid, time, time, fileReference(file)))
      return
    }
    if (pid === null) this.#diagnostics.report('snapshot-without-pid', file)
    this.#trackOf(pid ?? UNKNOWN_PID).add(snapshot, time)
  }

  #trackOf(pid: Pid): ProcessTrack {
    const known = this.#tracks.get(pid)
    if (known) return known
    const track = new ProcessTrack(pid, this.#names, this.#diagnostics)
    this.#tracks.set(pid, track)
    return track
  }

  /** Judges all series. Processes come by pid, events by time. */
  finish(side: SideEvidence): Timeline {
    const tracks = [...this.#tracks.values()].sort((a, b) => a.pid - b.pid)
    for (const program of side.programs) {
      const track = this.#tracks.get(program.pid as Pid)
      if (track) track.program ??= program.program
    }
    const events = [...this.#events, ...this.#lifeEvents(tracks), ...killEvents(side)]
    const predecessors = predecessorsOf(tracks)
    let labels = 1
    const processes = tracks.map((track) => {
      const restartOf = predecessors.get(track) ?? null
      if (restartOf)
        events.push(
          eventOf('restart', 'restart', track.pid, restartOf.lastTime, track.firstTime, [], {
            other: restartOf.pid,
          }),
        )
      for (const event of track.events) events.push(event)
      const finished = track.finish(labels, restartOf?.pid ?? null)
      labels += finished.labels
      return finished.timeline
    })
    events.sort(byTime)
    return { processes, events, untimed: this.#untimed }
  }

  /** A process that comes or goes while others (or empty snapshots) show that the capture went on. */
  #lifeEvents(tracks: readonly ProcessTrack[]): TimelineEvent[] {
    const times = [
      ...tracks.flatMap((track) => [track.firstTime, track.lastTime]),
      ...this.#events.flatMap((event) => event.from ?? []),
    ]
    const first = least(times)
    const last = greatest(times)
    return tracks.flatMap((track) => {
      const events: TimelineEvent[] = []
      if (track.firstTime > first)
        events.push(
          eventOf(
            'start',
            'start',
            track.pid,
            track.firstTime,
            track.firstTime,
            fileReference(track.summaries[0]!.file),
          ),
        )
      if (track.lastTime < last)
        events.push(
          eventOf(
            'end',
            'end',
            track.pid,
            track.lastTime,
            track.lastTime,
            fileReference(track.summaries.at(-1)!.file),
          ),
        )
      return events
    })
  }
}

/** By time, those without one last. */
function byTime(a: TimelineEvent, b: TimelineEvent): number {
  if (a.from === null || b.from === null) return Number(a.from === null) - Number(b.from === null)
  return a.from - b.from || (a.to ?? a.from) - (b.to ?? b.from) || (a.pid ?? 0) - (b.pid ?? 0)
}

const killEvents = (side: SideEvidence): TimelineEvent[] =>
  side.kills.map((kill) =>
    eventOf('kill', killWords(kill), kill.pid as Pid | null, kill.time, kill.time, [kill.reference], {
      program: kill.program ?? '?',
      said: kill.text,
    }),
  )

/** A line of `dmesg` counts from boot, and a counter of a control group has neither time nor pid. */
function killWords({ pid, program, time }: SideEvidence['kills'][number]): EventWords {
  if (time === null) return program === null ? 'kill-counted' : 'kill-undated'
  return pid === null ? 'kill-unknown' : 'kill'
}
