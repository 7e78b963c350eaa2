import { GIB, MIB } from '../../base/units.ts'
import { ARCHIVE_REASONS, archiveReason } from '../../model/archive-reasons.ts'
import { EvidenceError } from '../evidence-error.ts'

/** Below this size nothing that unpacks is a bomb: it is read in a second, whatever it was made of. */
const FREE_BYTES = 256 * MIB
/** Of one capture, unpacked. A week of minute snapshots of a large process is below 10 GiB. */
const MOST_BYTES = 64 * GIB
/** Of one capture, in archives. A year of snapshots each five minutes is 105,000. */
const MOST_MEMBERS = 200_000
/** Members of compressed archives are kept, deflated, because such an archive has no random access. */
const MOST_HELD_BYTES = GIB
/** A zip inside another archive is held whole. */
export const MOST_NESTED_ZIP_BYTES = 256 * MIB
/** `.tar.gz` counts two. */
export const MOST_NESTING = 6

/**
 * How often a compressor's output can honestly be repeated: deflate sees 32 KiB, so text stays below 250 : 1
 * (measured: one line of strace repeated, 230 : 1); zstd and xz see whole earlier snapshots.
 */
export const DEFLATE_RATIO = 400
export const WINDOW_RATIO = 5_000

/** What unpacking may cost, over the whole capture. */
export class UnpackBudget {
  #members = 0
  #bytes = 0
  #held = 0

  /** One more member. Throws when there are too many. */
  addMember(): void {
    if (++this.#members > MOST_MEMBERS)
      throw new EvidenceError(
        'archive-refused',
        archiveReason(ARCHIVE_REASONS.members, MOST_MEMBERS.toLocaleString('en-US')),
      )
  }

  /** `bytes` more came out of archives. Throws when it is too much. */
  addBytes(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes > MOST_BYTES)
      throw new EvidenceError('archive-refused', archiveReason(ARCHIVE_REASONS.bytes, MOST_BYTES / GIB))
  }

  /** `bytes` more are kept in memory. Throws when it is too much. */
  hold(bytes: number): void {
    this.#held += bytes
    if (this.#held > MOST_HELD_BYTES)
      throw new EvidenceError('archive-refused', archiveReason(ARCHIVE_REASONS.held, MOST_HELD_BYTES / MIB))
  }
}

/** Throws when `unpacked` bytes out of `packed` can only be a bomb. */
export function checkRatio(unpacked: number, packed: number, ratio: number): void {
  if (unpacked > FREE_BYTES && unpacked > packed * ratio)
    throw new EvidenceError('archive-refused', archiveReason(ARCHIVE_REASONS.bomb, ratio, unpacked, packed))
}
