import type { Source } from '../evidence/source.ts'
import { BagError } from './bag-error.ts'

/**
 * The bytes of a zip between and around its members, which no hash of a manifest covers. ZipWriter leaves no room in
 * them: member after member from the first byte, each said twice in the same words, then the directory, then its end.
 *
 * Format: APPNOTE.TXT of PKWARE, sections 4.3.7 (local header), 4.3.9 (data descriptor), 4.3.12 (directory),
 * 4.3.14 and 4.3.15 (zip64), 4.3.16 (end).
 */
const LOCAL = 0x04034b50
const DESCRIPTOR = 0x08074b50
const CENTRAL = 0x02014b50
const END_64 = 0x06064b50
const LOCATOR_64 = 0x07064b50
const END = 0x06054b50
const END_BYTES = 22
const END_64_BYTES = 56
const LOCATOR_64_BYTES = 20
const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const HAS_DESCRIPTOR = 8
const MAX_32 = 0xffffffff
/** A directory of a million members. */
const MOST_DIRECTORY = 256 * 1024 * 1024

interface Member {
  readonly name: Buffer
  /** Version needed, flags, method, time, date: the same ten bytes in both headers. */
  readonly common: Buffer
  /** Version made by, attributes, disk: the same for all members. */
  readonly fixed: string
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly offset: number
  readonly is64: boolean
}

/**
 * Throws BagError at the first byte that ZipWriter would not have written. A bag that was packed again by another
 * program is refused as well: its folder can be checked instead.
 */
export async function checkZipLayout(range: NonNullable<Source['range']>, size: number): Promise<void> {
  const read = async (start: number, length: number): Promise<Buffer> => {
    const parts: Uint8Array[] = []
    for await (const part of range(start, Math.min(start + length, size))) parts.push(Uint8Array.from(part))
    const bytes = Buffer.concat(parts)
    if (bytes.length !== length) throw new BagError('the zip ends too early')
    return bytes
  }
  const { start, end } = await findDirectory(read, size)
  if (end - start > MOST_DIRECTORY) throw new BagError('the directory of the zip is too large')
  const members = membersOf(await read(start, end - start))
  let at = 0
  for (const member of members) {
    if (member.offset !== at)
      throw new BagError(`${told(member)}: there are other bytes before it in the zip`)
    if (member.fixed !== members[0]!.fixed || !timeOf(member).equals(timeOf(members[0]!)))
      throw new BagError(`${told(member)}: its attributes or time in the zip were changed`)
    at = await localEnd(member, read)
  }
  if (at !== start) throw new BagError('there are other bytes before the directory of the zip')
}

const told = (member: Member): string => member.name.toString('utf8')

/** All members carry one time. */
const timeOf = (member: Member): Buffer => member.common.subarray(6)

async function findDirectory(
  read: (start: number, length: number) => Promise<Buffer>,
  size: number,
): Promise<{ start: number; end: number }> {
  const at = size - END_BYTES
  if (at < 0) throw new BagError('the zip ends too early')
  const end = await read(at, END_BYTES)
  const isWhole = end.readUInt32LE(0) === END && end.readUInt32LE(4) === 0 && end.readUInt16LE(20) === 0
  if (!isWhole) throw new BagError('there are other bytes behind the directory of the zip')
  const [entries, sameEntries] = [end.readUInt16LE(8), end.readUInt16LE(10)]
  const [length, start] = [end.readUInt32LE(12), end.readUInt32LE(16)]
  if (entries !== sameEntries) throw new BagError('the end of the zip contradicts itself')
  if (start !== MAX_32 && entries !== 0xffff && length !== MAX_32) {
    if (start + length !== at) throw new BagError('there are other bytes behind the directory of the zip')
    return { start, end: at }
  }
  const tail = await read(at - LOCATOR_64_BYTES - END_64_BYTES, LOCATOR_64_BYTES + END_64_BYTES)
  const isTail = tail.readUInt32LE(0) === END_64 && tail.readUInt32LE(END_64_BYTES) === LOCATOR_64
  const [length64, start64] = [Number(tail.readBigUInt64LE(40)), Number(tail.readBigUInt64LE(48))]
  const endsThere = start64 + length64 === at - LOCATOR_64_BYTES - END_64_BYTES
  const located = Number(tail.readBigUInt64LE(END_64_BYTES + 8)) === start64 + length64
  if (!isTail || !endsThere || !located)
    throw new BagError('there are other bytes behind the directory of the zip')
  return { start: start64, end: start64 + length64 }
}

function membersOf(directory: Buffer): Member[] {
  const members: Member[] = []
  for (let at = 0; at < directory.length; ) {
    if (directory.length - at < CENTRAL_BYTES || directory.readUInt32LE(at) !== CENTRAL)
      throw new BagError('there are other bytes in the directory of the zip')
    const [nameBytes, extraBytes] = [directory.readUInt16LE(at + 28), directory.readUInt16LE(at + 30)]
    const name = directory.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes)
    const extra = directory.subarray(at + CENTRAL_BYTES + nameBytes).subarray(0, extraBytes)
    if (directory.readUInt16LE(at + 32) !== 0)
      throw new BagError(`${name.toString('utf8')}: it has a comment in the zip`)
    members.push({
      name,
      common: directory.subarray(at + 6, at + 16),
      fixed: directory.toString('latin1', at + 4, at + 6) + directory.toString('latin1', at + 34, at + 42),
      crc: directory.readUInt32LE(at + 16),
      ...sizesOf(
        name,
        extra,
        [20, 24, 42].map((field) => directory.readUInt32LE(at + field)),
      ),
    })
    at += CENTRAL_BYTES + nameBytes + extraBytes
  }
  return members
}

/** Sizes and offset; what does not fit in 32 bits stands in the extra field of zip64, in the order size, packed, offset. */
function sizesOf(
  name: Buffer,
  extra: Buffer,
  fields: readonly number[],
): { packed: number; size: number; offset: number; is64: boolean } {
  const [packed32, size32, offset32] = fields as [number, number, number]
  const is64 = extra.length > 0
  const isKnown =
    is64 && extra.length >= 4 && extra.readUInt16LE(0) === 1 && extra.readUInt16LE(2) === extra.length - 4
  if (is64 && !isKnown) throw new BagError(`${name.toString('utf8')}: it has unknown fields in the zip`)
  let at = 4
  const wide = (value: number): number => {
    if (value !== MAX_32 || extra.length < at + 8) return value
    at += 8
    return Number(extra.readBigUInt64LE(at - 8))
  }
  const size = wide(size32)
  const packed = wide(packed32)
  return { size, packed, offset: wide(offset32), is64 }
}

/** Where the member ends; its header and its descriptor must say what the directory says. */
async function localEnd(
  member: Member,
  read: (start: number, length: number) => Promise<Buffer>,
): Promise<number> {
  const header = await read(member.offset, LOCAL_BYTES + member.name.length)
  const isSame =
    header.readUInt32LE(0) === LOCAL &&
    // The size is not known yet where the version is written.
    (header.readUInt16LE(4) === member.common.readUInt16LE(0) || member.is64) &&
    header.subarray(6, 14).equals(member.common.subarray(2)) &&
    header.readUInt16LE(26) === member.name.length &&
    header.readUInt16LE(28) === 0 &&
    header.subarray(LOCAL_BYTES).equals(member.name)
  if (!isSame) throw new BagError(`${told(member)}: its header in the zip is not what the directory says`)
  const data = member.offset + LOCAL_BYTES + member.name.length + member.packed
  const [crc, packed, size] = [14, 18, 22].map((field) => header.readUInt32LE(field)) as [
    number,
    number,
    number,
  ]
  if ((member.common.readUInt16LE(2) & HAS_DESCRIPTOR) === 0) {
    if (crc !== member.crc || packed !== member.packed || size !== member.size)
      throw new BagError(`${told(member)}: its header in the zip is not what the directory says`)
    return data
  }
  const isEmpty = crc === 0 && packed === 0 && size === 0
  const isWide = member.packed > MAX_32 || member.size > MAX_32
  const descriptor = await read(data, isWide ? 24 : 16)
  const told32 = (field: number): number => descriptor.readUInt32LE(field)
  const told64 = (field: number): number => Number(descriptor.readBigUInt64LE(field))
  const sizes = isWide ? [told64(8), told64(16)] : [told32(8), told32(12)]
  if (
    !isEmpty ||
    told32(0) !== DESCRIPTOR ||
    told32(4) !== member.crc ||
    sizes[0] !== member.packed ||
    sizes[1] !== member.size
  )
    throw new BagError(`${told(member)}: what stands behind it in the zip is not what the directory says`)
  return data + descriptor.length
}
