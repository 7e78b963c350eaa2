import { callIndex, type Trace } from '../../model/trace.ts'
import { callsByEffect } from './calls-by-effect.ts'
import { ClaimBook, type Claims } from './claim-book.ts'

const PAGE = 4096
/** Claims that one call makes at most: an mmap says that its place was free and that it is mapped. */
const MOST_OF_A_CALL = 2
const PROT_WRITE = 2
const MAP_FIXED = 0x10

const pageUp = (value: number): number => Math.ceil(value / PAGE) * PAGE

const MMAP = callIndex('mmap')
const MUNMAP = callIndex('munmap')
const MREMAP = callIndex('mremap')
const BRK = callIndex('brk')
const MPROTECT = callIndex('mprotect')
const EXECVE = callIndex('execve')

/** Reads the claims of a trace. */
export function claimsOf(trace: Trace): Claims {
  const { events } = trace
  const { window, calls, times } = callsByEffect(trace)
  const book = new ClaimBook(window, MOST_OF_A_CALL * calls.length)
  for (let k = 0; k < calls.length; k++) {
    const time = times[k]!
    const { call, address, length1, result, flags, protection } = events.at(calls[k]!)
    const end = address + pageUp(length1)
    switch (call) {
      case MMAP:
        book.map(result, result + pageUp(length1), time, (flags & MAP_FIXED) === 0)
        break
      case MUNMAP:
        book.unmap(address, end, time)
        break
      case MREMAP:
        book.unmap(address, end, time)
        book.map(result, result + pageUp(events.length2(calls[k]!)), time, false)
        break
      case MPROTECT:
        if (protection & PROT_WRITE) book.makeWritable(address, end, time)
        break
      case BRK:
        book.moveBreak(result, time)
        break
      case EXECVE:
        book.forget(time)
    }
  }
  return book.finish()
}
