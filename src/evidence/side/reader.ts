import { leafOf } from '../../base/path-parts.ts'
import type { Micros } from '../../base/units.ts'
import type { EvidenceReference } from '../../model/evidence.ts'
import type { Place } from '../../model/place.ts'
import type { SideEvidence } from '../../model/side-evidence.ts'
import type { Head } from '../head.ts'

/** What a reader adds to: the lists of `SideEvidence`, while they are filled. */
export type SideLists = { -readonly [K in keyof SideEvidence]: SideEvidence[K][number][] }

/** One file on its way through a reader. */
export interface SideFile {
  readonly path: string
  /** The stamp in its name. */
  readonly time: Micros | null
  /** The year to give to a date without one, from the stamps of the capture; `null` when no file has a stamp. */
  readonly yearOf: (month: number, day: number) => number | null
  reference(line: number): EvidenceReference
}

/** Takes a file line by line; lines count from 1. Lines that are not its own are not its concern. */
export interface SideLines {
  line(text: string, number: number, place: Place): void
  end?(): void
}

/**
 * One kind of side evidence. Every reader sees every side file, because people collect several commands in one file:
 * a reader takes only lines that it is sure of.
 */
export interface SideReader {
  readonly id: string
  /** Why a file holds this kind, in words for `--dry-run`; `null` when it does not. */
  readonly sniff: (head: Head) => string | null
  readonly open: (into: SideLists, file: SideFile) => SideLines
}

/** The sniff of most readers: some line that nothing else prints. */
export const anyLine =
  (pattern: RegExp, why: string) =>
  (head: Head): string | null =>
    head.lines.some((line) => pattern.test(line)) ? why : null

/** A file as the kernel names it: last part of the path, with what collectors add around it. */
export const isNamed = (head: Head, name: RegExp): boolean => name.test(leafOf(head.path))
