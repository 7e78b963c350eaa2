import { callIndex, FAILED, type MemoryCall } from '../model/trace.ts'
import type { ArgumentScanner } from './argument-scanner.ts'
import { FlagReader } from './flag-reader.ts'
import type { MemoryRow } from './memory-row.ts'
import type { ResultReader } from './result-reader.ts'
import { ADVICE, CLONING, MAPPING, PROTECTION, REMAPPING, SHARED_MEMORY } from './tables/flags.ts'
import { BACKSLASH, readDescriptor, readNumber, readString, unescaped, valueStart } from './values.ts'

/**
 * Decodes the arguments of memory and thread calls:
 *   mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0d723d7000
 *   clone3({flags=CLONE_VM|…, stack=0x7f92, stack_size=0x7fff80, tls=0x7f} => {parent_tid=[12027]}, 88) = 12027
 * What an argument does not say stays NaN. It cannot know the architecture: names of flags mean x86-64's bits.
 */

/** A call as scanned: its arguments lie in `buffer`. */
export interface ScannedCall {
  readonly buffer: Uint8Array
  readonly scanned: ArgumentScanner
  readonly result: ResultReader
}

type Decoder = (decoder: MemoryDecoder, call: ScannedCall, row: MemoryRow) => void

function number({ buffer, scanned }: ScannedCall, index: number): number {
  if (index >= scanned.count) return Number.NaN
  const known = scanned.decoded ? scanned.values[index]! : Number.NaN
  return Number.isNaN(known) ? readNumber(buffer, scanned.starts[index]!, scanned.ends[index]!) : known
}

const string = (call: ScannedCall, index: number): string | null =>
  index < call.scanned.count
    ? readString(call.buffer, call.scanned.starts[index]!, call.scanned.ends[index]!)
    : null

function flags({ buffer, scanned }: ScannedCall, index: number, reader: FlagReader): number {
  if (index >= scanned.count) return Number.NaN
  if (scanned.decoded) {
    const value = scanned.values[index]!
    if (value >= 0) return value
    const known = reader.known(scanned.texts[index]!)
    if (known !== undefined) return known
  }
  const end = scanned.ends[index]!
  const value = reader.read(buffer, valueStart(buffer, scanned.starts[index]!, end), end)
  if (scanned.decoded) reader.keep(scanned.texts[index]!, value)
  return value
}

/** Success is any result but an error: an address may be 0. */
const failedByResult = (call: ScannedCall, row: MemoryRow): void => {
  if (call.result.failed) row.state |= FAILED
}

const MMAP: Decoder = (decoder, call, row) => {
  row.address = number(call, 0)
  row.length1 = number(call, 1)
  row.protection = flags(call, 2, decoder.protection) >>> 0
  row.flags = flags(call, 3, decoder.mapping)
  if (call.scanned.count > 4) {
    const start = call.scanned.starts[4]!
    const end = call.scanned.ends[4]!
    const known = call.scanned.decoded ? call.scanned.values[4]! : Number.NaN
    if (known >= -1 && known < 0x8000_0000) row.fd = known
    else {
      row.fd = readDescriptor(call.buffer, start, end)
      row.name = decoder.decorated(call.buffer, start, end)
    }
  }
  row.offset = number(call, 5)
  failedByResult(call, row)
}

const BRK: Decoder = (_, call, row) => {
  row.address = number(call, 0)
  // brk never returns -1: a refused one returns the old break.
  if (call.result.failed || (row.address > 0 && row.result !== row.address && !Number.isNaN(row.result)))
    row.state |= FAILED
}

const RANGE: Decoder = (_, call, row) => {
  row.address = number(call, 0)
  row.length1 = number(call, 1)
  failedByResult(call, row)
}

const MPROTECT: Decoder = (decoder, call, row) => {
  RANGE(decoder, call, row)
  row.protection = flags(call, 2, decoder.protection) >>> 0
}

const MADVISE: Decoder = (decoder, call, row) => {
  RANGE(decoder, call, row)
  row.flags = flags(call, 2, decoder.advice)
}

const MREMAP_FIXED = 2

const MREMAP: Decoder = (decoder, call, row) => {
  RANGE(decoder, call, row)
  row.length2 = number(call, 2)
  row.flags = flags(call, 3, decoder.remapping)
  // Raw logs print the fifth argument always; without MREMAP_FIXED it means nothing.
  if ((row.flags & MREMAP_FIXED) !== 0) row.extra = number(call, 4)
}

const REMAP_FILE_PAGES: Decoder = (decoder, call, row) => {
  RANGE(decoder, call, row)
  row.protection = flags(call, 2, decoder.protection) >>> 0
  row.offset = number(call, 3)
  row.flags = flags(call, 4, decoder.mapping)
}

const SHADOW_STACK: Decoder = (decoder, call, row) => {
  RANGE(decoder, call, row)
  row.flags = flags(call, 2, decoder.shared)
}

const SHMAT: Decoder = (decoder, call, row) => {
  row.extra = number(call, 0)
  row.address = number(call, 1)
  row.flags = flags(call, 2, decoder.shared)
  failedByResult(call, row)
}

const SHMDT: Decoder = (_, call, row) => {
  row.address = number(call, 0)
  failedByResult(call, row)
}

const SHMGET: Decoder = (decoder, call, row) => {
  row.length1 = number(call, 1)
  row.flags = flags(call, 2, decoder.shared)
  failedByResult(call, row)
}

const execve =
  (path: number): Decoder =>
  (decoder, call, row) => {
    row.name = decoder.text(string(call, path))
    failedByResult(call, row)
  }

const FORK: Decoder = (_, call, row) => failedByResult(call, row)
/** Never returns, so a missing result says nothing. */
const EXIT: Decoder = (_, __, row) => {
  row.state = 0
}

/** `flags=`, `child_stack=`, `stack=`, `stack_size=` of clone and clone3, wherever they stand. */
const CLONE: Decoder = (decoder, call, row) => {
  failedByResult(call, row)
  const { buffer, scanned } = call
  const from = scanned.count > 0 ? scanned.starts[0]! : 0
  const to = scanned.count > 0 ? scanned.ends[scanned.count - 1]! : 0
  for (let at = from; at < to; at++) {
    const key = buffer[at]!
    const before = at > from ? buffer[at - 1]! : 32
    if (key < 97 || key > 122 || !(before === 32 || before === 44 || before === 123)) continue
    const equals = buffer.indexOf(61, at)
    if (equals < 0 || equals >= to) break
    let end = equals + 1
    while (end < to && buffer[end] !== 44 && buffer[end] !== 125) end++
    const name = equals - at < 16 ? String.fromCharCode(...buffer.subarray(at, equals)) : ''
    if (name === 'flags') row.flags = decoder.cloning.read(buffer, equals + 1, end)
    else if (name === 'child_stack' || name === 'stack') row.address = readNumber(buffer, equals + 1, end)
    else if (name === 'stack_size') row.length1 = readNumber(buffer, equals + 1, end)
    at = end
  }
  if (row.flags >= 0) row.flags -= row.flags % 0x80
}

interface MemoryCallKind {
  readonly call: MemoryCall
  readonly decode: Decoder
  /** It takes effect when it begins, not when it returns: what it gave back may be handed out again before it returns. */
  readonly releases: boolean
}

const kind = (call: MemoryCall, decode: Decoder, releases = false): MemoryCallKind => ({
  call,
  decode,
  releases,
})

/** strace's names of the calls whose arguments are decoded. */
export const MEMORY_KINDS: Readonly<Record<string, MemoryCallKind>> = {
  mmap: kind('mmap', MMAP),
  mmap2: kind('mmap', MMAP),
  old_mmap: kind('mmap', MMAP),
  old_mmap_pgoff: kind('mmap', MMAP),
  mmap_pgoff: kind('mmap', MMAP),
  munmap: kind('munmap', RANGE, true),
  brk: kind('brk', BRK),
  mremap: kind('mremap', MREMAP),
  mprotect: kind('mprotect', MPROTECT),
  pkey_mprotect: kind('mprotect', MPROTECT),
  madvise: kind('madvise', MADVISE, true),
  shmat: kind('shmat', SHMAT),
  shmdt: kind('shmdt', SHMDT, true),
  shmget: kind('shmget', SHMGET),
  remap_file_pages: kind('remap_file_pages', REMAP_FILE_PAGES),
  map_shadow_stack: kind('map_shadow_stack', SHADOW_STACK),
  execve: kind('execve', execve(0)),
  execveat: kind('execve', execve(1)),
  clone: kind('clone', CLONE),
  clone2: kind('clone', CLONE),
  __clone2: kind('clone', CLONE),
  clone3: kind('clone', CLONE),
  fork: kind('fork', FORK),
  vfork: kind('vfork', FORK),
  exit: kind('exit', EXIT),
  _exit: kind('exit', EXIT),
  exit_group: kind('exit_group', EXIT),
}

export const SET_NAME = callIndex('set-name')
const SET_VMA_NAME = callIndex('set-vma-name')
const PR_SET_NAME = /^(?:PR_SET_NAME|0xf|15)(?: \/\*.*)?$/
const PR_SET_VMA = /^(?:PR_SET_VMA|0x53564d41)(?: \/\*.*)?$/

/** Fills rows from scanned calls; one per log, because it keeps what it has decoded. */
export class MemoryDecoder {
  readonly protection: FlagReader
  readonly mapping: FlagReader
  readonly remapping: FlagReader
  readonly advice: FlagReader
  readonly cloning: FlagReader
  readonly shared: FlagReader
  readonly #intern: (text: string) => number
  readonly #internBytes: (buffer: Uint8Array, start: number, end: number) => number

  constructor(
    intern: (text: string) => number,
    internBytes: (buffer: Uint8Array, start: number, end: number) => number,
    unknownFlag: (name: string) => void,
  ) {
    this.#intern = intern
    this.#internBytes = internBytes
    this.protection = new FlagReader(PROTECTION, unknownFlag)
    this.mapping = new FlagReader(MAPPING, unknownFlag)
    this.remapping = new FlagReader(REMAPPING, unknownFlag)
    this.advice = new FlagReader(ADVICE, unknownFlag)
    this.cloning = new FlagReader(CLONING, unknownFlag)
    this.shared = new FlagReader(SHARED_MEMORY, unknownFlag)
  }

  text(value: string | null): number {
    return value === null ? 0 : this.#intern(value)
  }

  /** Id of the text in `3</path>`, 0 without. */
  decorated(buffer: Uint8Array, start: number, end: number): number {
    if (buffer[end - 1] !== 62 && buffer[end - 1] !== 41) return 0
    const open = buffer.indexOf(60, start)
    if (open < 0 || open >= end) return 0
    const close = buffer.lastIndexOf(62, end - 1)
    for (let at = open + 1; at < close; at++)
      if (buffer[at] === BACKSLASH) return this.#intern(unescaped(buffer, open + 1, close))
    return this.#internBytes(buffer, open + 1, close)
  }

  /**
   * `prctl(PR_SET_NAME, "worker")` and `prctl(PR_SET_VMA, PR_SET_VMA_ANON_NAME, address, length, " Go: heap")`: fills
   * the row and returns true; false for every other prctl.
   */
  prctl(call: ScannedCall, row: MemoryRow): boolean {
    if (call.scanned.count < 2) return false
    const end = call.scanned.ends[0]!
    const start = valueStart(call.buffer, call.scanned.starts[0]!, end)
    const option = Buffer.from(call.buffer.subarray(start, end)).toString('latin1')
    if (PR_SET_NAME.test(option)) {
      const name = string(call, 1)
      if (name === null) return false
      row.call = SET_NAME
      row.name = this.text(name)
    } else if (PR_SET_VMA.test(option)) {
      row.call = SET_VMA_NAME
      row.address = number(call, 2)
      row.length1 = number(call, 3)
      row.name = this.text(string(call, 4))
    } else return false
    failedByResult(call, row)
    return true
  }
}
