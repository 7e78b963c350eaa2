import { Worker } from 'node:worker_threads'
import { threadProgram } from '../base/thread-program.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import { hashFile, type InputHash, PassingHashes } from './evidence-ledger.ts'
import type { HashOrder, HashReport } from './hash-worker.ts'

/** Below this a thread costs more than it saves. */
const WORTH_A_THREAD = 100 * 1024 * 1024

/** The hashes of a capture that is not bundled. */
export interface Hashing {
  /** The files by which the capture is to be read. */
  readonly files: readonly EvidenceFile[]
  /** After they were read. */
  inputs(): Promise<readonly InputHash[]>
  stop(): Promise<void>
}

/** Begins to hash: in a thread beside the analysis when the capture is large, else while its readers read. */
export function startHashing(
  files: readonly EvidenceFile[],
  advance: (bytes: number) => void,
  mayUseThread: boolean,
): Hashing {
  const bytes = files.reduce((sum, file) => sum + (file.diskPath === null ? 0 : file.bytes), 0)
  const program = mayUseThread && bytes >= WORTH_A_THREAD ? threadProgram('hash-worker') : null
  return program === null ? hashInPassing(files, advance) : hashBeside(program, files, advance)
}

function hashInPassing(files: readonly EvidenceFile[], advance: (bytes: number) => void): Hashing {
  const hashes = new PassingHashes()
  return {
    files: files.map((file) => hashes.watched(file, advance)),
    inputs: () => all(files, (file) => hashes.of(file), advance),
    stop: async () => {},
  }
}

function hashBeside(program: URL, files: readonly EvidenceFile[], advance: (bytes: number) => void): Hashing {
  const worker = new Worker(program)
  const hashes = new Promise<ReadonlyMap<string, InputHash>>((resolve, reject) => {
    worker.on('message', (report: HashReport) => {
      if ('advance' in report) advance(report.advance)
      else resolve(new Map(report.hashes.map((hash) => [hash.path, hash])))
    })
    worker.on('error', reject)
  })
  // Whoever waits for it hears of a failure; before that it must not end the process.
  hashes.catch(() => undefined)
  const order: HashOrder = files.flatMap(({ path, bytes, format, diskPath }) =>
    diskPath === null ? [] : [{ path, bytes, format, diskPath }],
  )
  worker.postMessage(order)
  return {
    files,
    async inputs() {
      const known = await hashes
      return all(files, (file) => known.get(file.path) ?? null, advance)
    },
    async stop() {
      await worker.terminate()
    },
  }
}

/** Those that are not known, such as of files that no reader takes, are hashed now. */
async function all(
  files: readonly EvidenceFile[],
  known: (file: EvidenceFile) => InputHash | null,
  advance: (bytes: number) => void,
): Promise<InputHash[]> {
  const inputs: InputHash[] = []
  for (const file of files) inputs.push(known(file) ?? (await hashFile(file, advance)))
  return inputs
}
