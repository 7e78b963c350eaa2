import { bytesOf, type EvidenceFile } from '../model/evidence.ts'
import { absorb, areSeparate } from './absorb.ts'
import { deal } from './deal.ts'
import { closeRows } from './handed-rows.ts'
import type { HandedTrace } from './handed-trace.ts'
import { type ReadFile, type RunKind, ShareReader } from './read-share.ts'
import type { Reading } from './reading.ts'
import { ReadingThread } from './reading-thread.ts'
import { TraceBuilder } from './trace-builder.ts'

/** Files of one run: a single log, or all `NAME.<tid>` of `strace -ff -o NAME`. */
export interface Run {
  readonly name: string
  readonly files: readonly EvidenceFile[]
  readonly perThread: boolean
}

/** How often progress is told while nothing is left but to wait. */
const TELL_EVERY = 100

/**
 * How many files, in their order, each of several threads reads: more than one share for a large run of plain files that
 * nobody watches. One interleaved log stays with the main thread.
 */
export function sharesOf(
  { files, perThread }: Run,
  { threads, program, worthThreads, readBefore }: Reading,
): number[] {
  const isFit = files.every((file) => file.diskPath !== null && file.watch === undefined)
  return threads > 1 && program && perThread && isFit && bytesOf(files) >= worthThreads
    ? deal(
        files.map((file) => file.bytes),
        threads,
        readBefore,
      )
    : [files.length]
}

/** A run of which threads have begun to read all files but the first `own`, which are the main thread's. */
export interface BegunRun {
  readonly run: Run
  readonly own: number
  readonly threads: readonly ReadingThread[]
}

/** Lets threads begin to read their shares of a run, each holding so many blocks of rows. */
export function beginRun(run: Run, blocksHeld: number, reading: Reading): BegunRun {
  const kind = kindOf(run)
  const [own = 0, ...others] = sharesOf(run, reading)
  let next = own
  const threads = others.map((files) => {
    const first = next
    next += files
    return new ReadingThread(reading.program!, kind, first, run.files.slice(first, next), blocksHeld)
  })
  return { run, own, threads }
}

export const stopRun = async ({ threads }: BegunRun): Promise<unknown> =>
  Promise.all(threads.map((thread) => thread.stop()))

/**
 * Reads what is left to the main thread, of whose memory calls so many blocks are held; the result is the same. Tells when
 * the first thread, this one or another, has nothing more to read.
 */
export async function finishRun(
  { run, own, threads }: BegunRun,
  blocksHeld: number,
  whenFree: () => void,
): Promise<{ builder: TraceBuilder; read: readonly ReadFile[] }> {
  const builder = new TraceBuilder(bytesOf(run.files), blocksHeld)
  const reader = new ShareReader(kindOf(run), builder)
  const tell = (): void => {
    for (const thread of threads) thread.tell()
  }
  const readOwn = async (): Promise<void> => {
    for (const file of run.files.slice(0, own))
      await reader.add(threads.length > 0 ? telling(file, tell) : file)
  }
  const ours = readOwn()
  const told = Promise.race([ours, ...threads.map((thread) => thread.handed)]).then(whenFree)
  // Heard below, once our own are read.
  told.catch(() => undefined)
  await ours
  await told
  const handed = builder.crossesFiles ? [] : await whileTelling(tell, threads)
  if (areHanded(handed) && areSeparate(builder, handed))
    for (const trace of handed) reader.took(absorb(builder, trace))
  else {
    for (const trace of handed) if (trace) closeRows(trace.events)
    for (const file of run.files.slice(own)) await reader.add(file)
  }
  reader.finish()
  return { builder, read: reader.read }
}

const kindOf = ({ perThread, files }: Run): RunKind => ({ perThread, files: files.length })

/** The file, whose reading tells how far the others are as well. */
const telling = (file: EvidenceFile, tell: () => void): EvidenceFile => ({
  ...file,
  read: () => file.read(),
  passed: (bytes) => {
    file.passed?.(bytes)
    tell()
  },
})

/** What the threads hand over, when all have. */
async function whileTelling(
  tell: () => void,
  threads: readonly ReadingThread[],
): Promise<readonly (HandedTrace | null)[]> {
  const timer = setInterval(tell, TELL_EVERY)
  try {
    return await Promise.all(threads.map((thread) => thread.handed))
  } finally {
    clearInterval(timer)
    tell()
  }
}

const areHanded = (traces: readonly (HandedTrace | null)[]): traces is readonly HandedTrace[] =>
  traces.every((trace) => trace !== null)
