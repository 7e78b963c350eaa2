// Whole mappings of smaps by a learned layout, 16 bytes at a time. AssemblyScript; `npm run build:kernels`
// compiles it into block-kernel.wasm.ts, and a test holds the two together.
//
// The caller puts text at IN, the fixed text of a block at TEMPLATE (MASK is 0xff where it is fixed), and the places of
// its numbers at SLOT_AT, SLOT_WIDTH and SLOT_FACTOR. `run` fills the columns with up to ROWS mappings and stops before
// the first that is anything but plain: the line-by-line parser takes that one. Ids of texts count from 1, 0 is empty.

import { DEVICE, END, FLAGS, INODE, NAME, NONZERO, OFFSET, PERMISSIONS, ROWS, SLOTS, START, TEXT_AT, TEXT_BYTES } from './places'
import { hasFlags, matches, readNumbers, setBlock, sizeOf, sizeSlot, templateLength } from './block'
import { newline, same } from './bytes'
import { device, deviceLength, inode, name, nameEnd, offset, permissions, readTail } from './header'
import { behindKnown, known } from './known'
import { bad, cursor, scanAddress, setDigits } from './scan'
import { forgetTexts, intern, internAgain, isText } from './texts'
export {
  ROWS, SLOTS, TEMPLATE, TEMPLATE_BYTES, MASK, SLOT_AT, SLOT_WIDTH, SLOT_FACTOR, STRIDE, START, END, OFFSET, INODE, NAME,
  DEVICE, FLAGS, PERMISSIONS, VALUES, IN, IN_BYTES, IN_FRONT, NONZERO,
} from './places'
export { isFull, textAt, textCount, textLength } from './texts'
export { forget } from './known'

// As in mend-range.ts and open-block.ts.
const SIZE_TOLERANCE: f64 = 65536
const LARGEST_FILE_MAPPING: f64 = 17592186044416 // 2 ** 44
const LARGEST_RANGE: f64 = 4503599627370496 // 2 ** 52

/** Whether a range of this many bytes needs no second look. */
// @ts-ignore: decorator
@inline
function isSound(bytes: f64, row: i32): bool {
  if (sizeSlot >= 0) return bytes <= LARGEST_RANGE && abs(sizeOf(row) - bytes) <= SIZE_TOLERANCE
  return bytes <= (inode > 0 ? LARGEST_FILE_MAPPING : LARGEST_RANGE)
}

export function setLayout(length: i32, slotCount: i32, flags: i32, size: i32): void {
  setBlock(length, slotCount, flags, size)
  known = 0
  setDigits()
}

export function clearTexts(): void {
  known = 0
  forgetTexts()
}

/** Behind the last mapping that was read. */
let stopped: i32 = 0
export function stop(): i32 { return stopped }

/** Whether a text can be flags whose last one is whole: letters, digits, `?` and blanks. */
function areFlags(from: i32, to: i32): bool {
  for (let at = from; at < to; at++) {
    const byte: u32 = load<u8>(at)
    if (!(byte - 97 < 26 || byte - 48 < 10 || byte == 63 || byte == 32)) return false
  }
  const length = to - from
  return length != 1 && !(length > 1 && load<u8>(to - 2) == 32)
}

/** Reads mappings from `from` on; gives how many. `previousEnd` is the end of the mapping before. */
export function run(from: i32, limit: i32, previousEnd: f64): i32 {
  let row: i32 = 0
  let before = previousEnd
  let lastFlags: i32 = 0
  let lastName: i32 = 0
  let lastDevice: i32 = 0
  // The last text behind the addresses of a header, and the last line of flags: neighbours often have the same.
  let tailAt: i32 = 0
  let tailLength: i32 = 0
  let flagsLine: i32 = 0
  let flagsLength: i32 = 0
  // What rows that are known hold is not looked at again.
  if (known == 0) memory.fill(NONZERO, 0, SLOTS)
  stopped = from
  cursor = from
  while (row < ROWS) {
    const behindRow = behindKnown(row, limit)
    if (behindRow > 0) {
      if (load<f64>(START + (row << 3)) < before) break
      before = load<f64>(END + (row << 3))
      store<i32>(TEXT_AT + (row << 2), cursor)
      row++
      stopped = behindRow
      cursor = behindRow
      continue
    }
    const rowAt = cursor
    bad = false
    const start = scanAddress(limit, 45)
    if (bad || cursor >= limit || load<u8>(cursor) != 45) break
    cursor++
    const end = scanAddress(limit, 32)
    if (bad || !(start < end) || start < before) break

    const sameTail = tailAt > 0 && cursor + tailLength <= limit && same(tailAt, cursor, tailLength)
    let text = cursor + tailLength
    if (!sameTail) {
      tailAt = cursor
      text = readTail(limit)
      tailLength = text - tailAt
    }
    if (text == 0 || text + templateLength > limit || !matches(text)) break
    if (!readNumbers(text, row)) break
    if (!isSound(end - start, row)) break

    let behind = text + templateLength
    if (!hasFlags) lastFlags = 0
    else if (flagsLine > 0 && behind + flagsLength <= limit && same(flagsLine, behind, flagsLength)) behind += flagsLength
    else {
      const lineEnd = newline(behind, limit)
      if (lineEnd >= limit) break
      let to = lineEnd > behind && load<u8>(lineEnd - 1) == 13 ? lineEnd - 1 : lineEnd
      let flagsAt = behind
      while (flagsAt < to && load<u8>(flagsAt) == 32) flagsAt++
      while (to > flagsAt && load<u8>(to - 1) == 32) to--
      const length = to - flagsAt
      if (!isText(lastFlags, flagsAt, length)) {
        if (!areFlags(flagsAt, to)) break
        lastFlags = intern(flagsAt, length)
      }
      flagsLine = behind
      behind = lineEnd + 1
      flagsLength = behind - flagsLine
    }
    if (!sameTail) {
      lastName = intern(name, nameEnd - name)
      lastDevice = internAgain(lastDevice, device, deviceLength)
    }
    if ((lastName | lastDevice | lastFlags) < 0) break

    store<f64>(START + (row << 3), start)
    store<f64>(END + (row << 3), end)
    store<f64>(OFFSET + (row << 3), offset)
    store<f64>(INODE + (row << 3), <f64>inode)
    store<i32>(NAME + (row << 2), lastName)
    store<i32>(DEVICE + (row << 2), lastDevice)
    store<i32>(FLAGS + (row << 2), lastFlags)
    store<u8>(PERMISSIONS + row, permissions)
    store<i32>(TEXT_AT + (row << 2), rowAt)
    store<i32>(TEXT_BYTES + (row << 2), behind - rowAt)
    before = end
    row++
    stopped = behind
    cursor = behind
  }
  known = row
  return row
}
