/** Bytes of one run below which threads cost more than they save. */
const WORTH_THREADS = 100 * 1024 * 1024

/** How many threads may read the logs of a capture, and who wants to know when they have. */
export interface Reading {
  /** The main one among them. */
  readonly threads: number
  /** Program of the others; `null` where there is none. */
  readonly program: URL | null
  readonly worthThreads: number
  /** Bytes of other evidence that the main thread reads between `begin` and `finish`. */
  readonly readBefore: number
  /** From now on fewer threads read logs than may: a processor is free. Told once. */
  leaveProcessor(): void
}

/** In the main thread alone. */
export const ALONE: Reading = {
  threads: 1,
  program: null,
  worthThreads: WORTH_THREADS,
  readBefore: 0,
  leaveProcessor() {},
}
