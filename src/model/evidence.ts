import type { Micros } from '../base/units.ts'

const SNAPSHOTS = ['smaps', 'smaps-rollup', 'maps', 'pmap', 'empty-snapshot'] as const
const TRACES = ['strace-log', 'strace-summary'] as const
export type SnapshotFormat = (typeof SNAPSHOTS)[number]

/** What a file of evidence was taken for: decided by content first, by name second. */
export type EvidenceFormat = SnapshotFormat | (typeof TRACES)[number] | 'side-evidence' | 'unknown'

/** Formats that `readSnapshots` takes. */
export const SNAPSHOT_FORMATS: readonly EvidenceFormat[] = SNAPSHOTS
/** Formats that `TraceReading` takes. */
export const TRACE_FORMATS: readonly EvidenceFormat[] = TRACES

/** Hints that a file name gives; `null` where it gives none. They never overrule the content. */
export interface NameHints {
  readonly pid: number | null
  readonly tid: number | null
  /** `NAME` of `NAME.<tid>`; files of one `strace -ff -o NAME` share it. */
  readonly group: string | null
  readonly stamp: Micros | null
  /** Width of the stamp: a minute, a second, a day. The snapshot was taken at some instant inside it. */
  readonly stampWidth: Micros | null
}

/**
 * One file of the capture, wherever it lives: directory, archive member, compressed file. Of thousands of them all name
 * `watch` and `passed`, for the engine keeps a form of its own for each object that a copy adds a field to.
 */
export interface EvidenceFile {
  /** Relative to the capture's root, with `/`; unique in the capture. */
  readonly path: string
  /** Bytes as stored in the evidence (after decompression for compressed members). */
  readonly bytes: number
  readonly format: EvidenceFormat
  /** Which side-evidence reader takes it (`ps-threads`, `proc-limits`, …); `null` for the other formats. */
  readonly side: string | null
  /** Why it was taken for that, in words, for `--dry-run`. */
  readonly why: string
  readonly hints: NameHints
  /** The absolute path when it is a plain file on disk (so that it can be read synchronously), else `null`. */
  readonly diskPath: string | null
  /**
   * Its bytes in order, in chunks of any size. May be called more than once. Who is done with a chunk before asking for
   * the next may lend memory for them, which saves making new memory for each.
   */
  read(into?: Uint8Array): AsyncIterable<Uint8Array>
  /** Begins to watch a reading of the whole file, when somebody wants to see the bytes that a reader sees. */
  readonly watch?: (() => ReadingWatch) | undefined
  /** Hears of so many bytes more that a reader has read, in whatever thread. */
  readonly passed?: ((bytes: number) => void) | undefined
}

/** Sees the bytes of one reading of a file as they come. */
export interface ReadingWatch {
  take(chunk: Uint8Array): void
  /** All of the file was read. */
  end(): void
}

/** A file that is not evidence we can read, and the reason shown to the user. */
export interface SkippedFile {
  readonly path: string
  readonly bytes: number
  readonly reason: string
  /** The file that is read instead, when the reason names one. */
  readonly original?: string
}

/** Bytes of some files together. */
export const bytesOf = (files: readonly Pick<EvidenceFile, 'bytes'>[]): number =>
  files.reduce((sum, file) => sum + file.bytes, 0)

/** Everything that was found, in path order. */
export interface Capture {
  /** Name for `out/<name>/`: the directory's or archive's own name. */
  readonly name: string
  readonly files: readonly EvidenceFile[]
  readonly skipped: readonly SkippedFile[]
  /**
   * What a bag of this tool holds beside the evidence (manifests, the report): neither evidence nor skipped, so that a
   * report on evidence.zip equals the report on the directory. For byte accounting only.
   */
  readonly packaging?: readonly SkippedFile[]
  /** What was given: the whole path on this machine, and the first part of its files' paths, empty where it has none. */
  readonly roots?: readonly { readonly disk: string; readonly folder: string }[]
}

/** Where a number comes from. Lines count from 1. */
export interface EvidenceReference {
  readonly file: string
  readonly firstLine: number
  readonly lastLine: number
  /** The file as a whole is meant, named by its first line: that line says nothing of itself and is not quoted. */
  readonly whole?: true
}
