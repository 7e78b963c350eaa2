/** The program of a reading thread: reads some files of a run and hands over what they say. */
import { parentPort, workerData } from 'node:worker_threads'
import { handOver } from './handed-trace.ts'
import { ShareReader } from './read-share.ts'
import type { ReadReport, ShareOrder } from './reading-thread.ts'
import { TraceBuilder } from './trace-builder.ts'

const { kind, first, files, blocksHeld, bytesRead } = workerData as ShareOrder
const builder = new TraceBuilder(
  files.reduce((sum, file) => sum + file.bytes, 0),
  blocksHeld,
)
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
