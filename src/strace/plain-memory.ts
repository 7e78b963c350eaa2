import { callIndex, FAILED } from '../model/trace.ts'
import type { FlagReader } from './flag-reader.ts'
import { DECODED, FAILED_RESULT, type LineKernel } from './line-kernel.ts'
import type { MemoryDecoder } from './memory-calls.ts'
import { MemoryRow } from './memory-row.ts'
import type { ThreadState } from './threads.ts'
import type { TraceBuilder } from './trace-builder.ts'

const MMAP = callIndex('mmap')
const MUNMAP = callIndex('munmap')
const MPROTECT = callIndex('mprotect')
const MADVISE = callIndex('madvise')
const BRK = callIndex('brk')

/** Number of arguments of the calls that are taken here, by index into MEMORY_CALLS; 0 for all others. */
const ARGUMENTS = new Uint8Array(32)
ARGUMENTS[MMAP] = 6
ARGUMENTS[MUNMAP] = 2
ARGUMENTS[MPROTECT] = 3
ARGUMENTS[MADVISE] = 3
ARGUMENTS[BRK] = 1

/**
 * Adds the events of the commonest memory calls straight from the kernel's numbers. Where an argument is anything but
 * a number or a known text of flags it takes nothing, and MemoryDecoder reads the call; both give the same.
 */
export class PlainMemory {
  readonly #builder: TraceBuilder
  readonly #file: number
  readonly #decoder: MemoryDecoder
  readonly #kernel: LineKernel
  readonly #row = new MemoryRow()

  constructor(builder: TraceBuilder, file: number, decoder: MemoryDecoder) {
    this.#builder = builder
    this.#file = file
    this.#decoder = decoder
    this.#kernel = builder.kernel
  }

  /** Adds the event of kernel row `row`, a call with this index into MEMORY_CALLS; returns its row, -1 for none. */
  take(row: number, call: number, thread: ThreadState): number {
    const { rows } = this.#kernel
    const wanted = ARGUMENTS[call]!
    if (wanted === 0 || rows.arguments[row] !== wanted || (rows.state[row]! & DECODED) === 0) return -1
    const values = rows.argumentValue
    const first = rows.argument[row]!
    const address = values[first]!
    const length = wanted > 1 ? values[first + 1]! : Number.NaN
    if (Number.isNaN(address) || (wanted > 1 && Number.isNaN(length))) return -1
    const isMmap = call === MMAP
    const protection =
      isMmap || call === MPROTECT ? this.#bits(this.#decoder.protection, first + 2) : Number.NaN
    const flags = isMmap
      ? this.#bits(this.#decoder.mapping, first + 3)
      : call === MADVISE
        ? this.#bits(this.#decoder.advice, first + 2)
        : Number.NaN
    if (wanted > 2 && Number.isNaN(call === MADVISE ? flags : protection)) return -1
    const fd = isMmap ? values[first + 4]! : -1
    const offset = isMmap ? values[first + 5]! : Number.NaN
    if (isMmap && !(fd >= -1 && fd < 0x8000_0000 && offset >= 0 && flags >= 0)) return -1

    const { events, contexts, interner } = this.#builder
    const filled = this.#row
    const result = rows.value[row]!
    const isError = (rows.state[row]! & FAILED_RESULT) !== 0
    const isRefused = call === BRK && address > 0 && result !== address
    filled.call = call
    filled.time = rows.time[row]!
    filled.duration = rows.duration[row]!
    filled.address = address
    filled.length1 = length
    filled.result = result
    filled.line = rows.line[row]!
    filled.file = this.#file
    filled.context = contexts.of(
      thread,
      rows.before[row * 3]!,
      rows.before[row * 3 + 1]!,
      rows.before[row * 3 + 2]!,
    )
    filled.protection = isMmap || call === MPROTECT ? protection : 0
    filled.flags = flags
    filled.fd = fd
    filled.offset = offset
    filled.state = 0
    filled.error = 0
    if (isError || isRefused) {
      filled.state = FAILED
      filled.error = interner.intern(this.#kernel.bytes, rows.errorStart[row]!, rows.errorEnd[row]!)
    }
    return events.append(thread.index, filled)
  }

  #bits(reader: FlagReader, place: number): number {
    const { rows } = this.#kernel
    const value = rows.argumentValue[place]!
    return value >= 0 ? value : (reader.known(rows.argumentText[place]!) ?? Number.NaN)
  }
}
