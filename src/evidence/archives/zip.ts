import { Readable } from 'node:stream'
import { crc32 } from 'node:zlib'
import { type Entry, fromRandomAccessReaderPromise, RandomAccessReader, type ZipFile } from 'yauzl'
import { ARCHIVE_REASONS, archiveReason } from '../../model/archive-reasons.ts'
import { EvidenceError } from '../evidence-error.ts'
import { type Found, refuse, type Source } from '../source.ts'
import { inflateRaw } from './inflate.ts'
import { checkRatio, DEFLATE_RATIO, MOST_NESTED_ZIP_BYTES, type UnpackBudget } from './limits.ts'
import { MemberNames, memberNameOf } from './member-names.ts'
import { smallMember } from './small-member.ts'

/** yauzl's reader over any source with random access: nothing is unpacked to disk. */
class SourceReader extends RandomAccessReader {
  readonly #range: NonNullable<Source['range']>

  constructor(range: NonNullable<Source['range']>) {
    super()
    this.#range = range
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#range(start, end), { objectMode: false })
  }
}

/**
 * The members of a zip, from its central directory. yauzl lets links, repeated names and bombs through, so they are
 * checked here. A zip cut at its end has no directory and is damaged as a whole. With `isExact` a member is damaged, too,
 * in which other bytes stand behind what is packed.
 */
export async function* zipMembers(zip: Source, budget: UnpackBudget, isExact = false): AsyncGenerator<Found> {
  const { range, size } = await withRandomAccess(zip, budget)
  const names = new MemberNames()
  let packed = 0
  try {
    const file = await fromRandomAccessReaderPromise(new SourceReader(range), size, OPTIONS)
    for await (const entry of file.eachEntry()) {
      budget.addMember()
      packed += entry.compressedSize
      if (packed > size) throw new EvidenceError('archive-refused', ARCHIVE_REASONS.zipOverlap.en)
      const found = zipMember(file, range, entry, names, isExact)
      if (found && 'source' in found) budget.addBytes(entry.uncompressedSize)
      if (found) yield found
    }
  } catch (error) {
    if (error instanceof EvidenceError) throw error
    throw new EvidenceError('archive-damaged', archiveReason(ARCHIVE_REASONS.zip, wordsOf(error as Error)))
  }
}

function wordsOf({ message }: Error): string {
  if (message.startsWith('End of central directory')) return ARCHIVE_REASONS.zipCut.en
  // yauzl's sentence speaks of the length of a comment that nobody wrote.
  if (message.startsWith('Invalid comment length')) return ARCHIVE_REASONS.zipEnd.en
  return message
}

/** `autoClose: false`: members are read long after the directory was. Nothing stays open; each reading opens anew. */
const OPTIONS = { lazyEntries: true, decodeStrings: false, autoClose: false, validateEntrySizes: true }

async function withRandomAccess(
  zip: Source,
  budget: UnpackBudget,
): Promise<{ range: NonNullable<Source['range']>; size: number }> {
  if (zip.range && zip.size !== null) return { range: zip.range, size: zip.size }
  const parts: Uint8Array[] = []
  let size = 0
  for await (const chunk of zip.read()) {
    size += chunk.length
    if (size > MOST_NESTED_ZIP_BYTES) throw new EvidenceError('archive-refused', ARCHIVE_REASONS.zipNested.en)
    parts.push(Uint8Array.from(chunk))
  }
  budget.hold(size)
  const whole = Buffer.concat(parts)
  async function* range(start: number, end: number): AsyncGenerator<Uint8Array> {
    yield whole.subarray(start, end)
  }
  return { range, size }
}

function zipMember(
  file: ZipFile,
  range: NonNullable<Source['range']>,
  entry: Entry,
  names: MemberNames,
  isExact: boolean,
): Found | null {
  // With decodeStrings: false the names are bytes, whatever the types say.
  const raw = memberNameOf(entry.fileName as unknown as Buffer)
  if (raw.endsWith('/')) return null
  const name = names.judge(raw)
  const size = entry.uncompressedSize
  if ('reason' in name) return refuse(name.path, size, 'archive-refused', name.reason)
  const special = specialReason(entry)
  if (special) return refuse(name.path, special.kind === 'link' ? 0 : size, special.kind, special.reason)
  try {
    checkRatio(size, entry.compressedSize, DEFLATE_RATIO)
  } catch (error) {
    return refuse(name.path, size, 'archive-refused', (error as Error).message)
  }
  return {
    source: {
      path: name.path,
      size,
      diskPath: null,
      range: null,
      read: () => readMember(file, range, entry, isExact),
    },
  }
}

const S_IFMT = 0o170000
const S_IFLNK = 0o120000
const S_IFREG = 0o100000
const UNIX = 3
const STORED = 0
const DEFLATED = 8

function specialReason(
  entry: Entry,
): { kind: 'link' | 'not-regular' | 'archive-refused'; reason: string } | null {
  const type = entry.versionMadeBy >> 8 === UNIX ? (entry.externalFileAttributes >>> 16) & S_IFMT : 0
  if (type === S_IFLNK) return { kind: 'link', reason: ARCHIVE_REASONS.link.en }
  if (type !== 0 && type !== S_IFREG) return { kind: 'not-regular', reason: ARCHIVE_REASONS.special.en }
  if (entry.isEncrypted()) return { kind: 'archive-refused', reason: ARCHIVE_REASONS.zipEncrypted.en }
  if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
    return {
      kind: 'archive-refused',
      reason: archiveReason(ARCHIVE_REASONS.zipMethod, entry.compressionMethod),
    }
  return null
}

/** Decoded here and not by yauzl, whose stream drops what it had buffered when it fails. */
async function* readMember(
  file: ZipFile,
  range: NonNullable<Source['range']>,
  entry: Entry,
  isExact: boolean,
): AsyncGenerator<Uint8Array> {
  try {
    const isDeflated = entry.compressionMethod === DEFLATED
    const small = isDeflated ? await smallMember(range, entry, isExact) : null
    if (small !== null) {
      yield small
      return
    }
    const raw = (await file.openReadStreamPromise(entry, {
      decodeFileData: false,
    })) as AsyncIterable<Uint8Array>
    let checksum = 0
    let left = entry.uncompressedSize
    let used = entry.compressedSize
    const setUsed = (bytes: number): void => {
      used = bytes
    }
    for await (const chunk of isDeflated ? inflateRaw(raw, setUsed) : raw) {
      if (chunk.length > left) throw new Error(ARCHIVE_REASONS.zipLarger.en)
      left -= chunk.length
      checksum = crc32(chunk, checksum)
      yield chunk
    }
    if (left > 0) throw new Error(ARCHIVE_REASONS.zipSmaller.en)
    if (isExact && used !== entry.compressedSize) throw new Error(ARCHIVE_REASONS.zipSlack.en)
    if (checksum !== entry.crc32) throw new Error(ARCHIVE_REASONS.zipChecksum.en)
  } catch (error) {
    throw new EvidenceError(
      'archive-damaged',
      archiveReason(ARCHIVE_REASONS.zipMember, (error as Error).message),
    )
  }
}
