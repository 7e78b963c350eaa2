/** The program of a reading thread: reads some files of a run and hands over what they say. */
import { parentPort, workerData } from 'node:worker_threads'
import { bytesOf, type EvidenceFile } from '../model/evidence.ts'
import { type HandedTrace, handOver } from './handed-trace.ts'
import { type RunKind, ShareReader } from './read-share.ts'
import { TraceBuilder } from './trace-builder.ts'

/** To a reading thread. */
export interface ShareOrder {
  readonly kind: RunKind
  /** Number of the first file in the run. */
  readonly first: number
  /** They lie on disk. */
  readonly files: readonly Omit<EvidenceFile, 'read' | 'watch' | 'passed'>[]
  readonly blocksHeld: number
  /** One number: where the thread counts what it has read. */
  readonly bytesRead: BigInt64Array
}
/** From a reading thread; `null` when its files cannot be understood without others. */
export type ReadReport = HandedTrace | null

const { kind, first, files, blocksHeld, bytesRead } = workerData as ShareOrder
const builder = new TraceBuilder(bytesOf(files), blocksHeld)
const reader = new ShareReader(kind, builder, first)
for (const file of files) {
  if (builder.crossesFiles) break
  await reader.add({
    ...file,
    read: () => {
      throw new Error('a file of a reading thread lies on disk')
    },
    passed: (bytes) => Atomics.add(bytesRead, 0, BigInt(bytes)),
  })
}
reader.finish()
const report: ReadReport = handOver(builder, reader.read)
parentPort!.postMessage(report)
