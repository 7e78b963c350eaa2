import { type Kernel, KernelModule } from '../../base/kernel-module.ts'
import type { MergeCalls } from '../../strace/effects/effect-lanes.ts'
import { CLAIM_KERNEL } from './kernel/claim-kernel.wasm.ts'

/** What kernel/claim-kernel.as does; a book is a place in its memory. */
interface ClaimCalls extends MergeCalls {
  prepareClaims(threads: number): void
  leaveBooks(): void
  seatAt(thread: number, book: number): void
  readClaims(until: number, most: number, first: number): number

  makeBook(begun: number, least: number): number
  mapIn(book: number, start: number, end: number, time: number, chosen: number): void
  unmapIn(book: number, start: number, end: number, time: number): void
  makeWritableIn(book: number, start: number, end: number, time: number): void
  forgetIn(book: number, time: number): void
  heldUntil(book: number, now: number): number
  heldIn(list: number): number
  heldAt(list: number): number
  freeHeld(list: number): void
}

export type ClaimKernel = Kernel<ClaimCalls>

const claimKernel = new KernelModule<ClaimCalls>(CLAIM_KERNEL)

/** A kernel for one trace and its books, all of which go with it. */
export const startClaims = (): ClaimKernel => claimKernel.start()
