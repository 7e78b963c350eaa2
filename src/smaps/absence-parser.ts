/**
 * A snapshot of a process that was not there: an empty file, or what the collecting command said instead of it.
 *
 *   cat: /proc/1085/smaps: No such process
 *
 * It cannot know why the process was gone.
 */
import type { StringTable } from '../base/string-table.ts'
import type { SnapshotParser } from './line-feed.ts'
import { noCounts, type ReadCounts } from './read-counts.ts'
import { Section } from './section.ts'

/** Same face as `SmapsParser`; one section without mappings, whatever the lines say. */
export class AbsenceParser implements SnapshotParser {
  readonly counts: ReadCounts = noCounts()
  readonly #section: Section

  constructor(strings: StringTable) {
    this.#section = new Section(strings, 'file', 1, 0)
  }

  /** Counts the line: what it says was told by the format already. */
  line(_buffer: Uint8Array, _start: number, _end: number, bytes: number, _cut: boolean): void {
    this.counts.lines++
    this.counts.readBytes += bytes
  }

  /** Nothing to do: a message may lack its line end. */
  expectOpenEnd(): void {}

  finish(): readonly Section[] {
    this.#section.lastLine = this.counts.lines
    return [this.#section]
  }
}
