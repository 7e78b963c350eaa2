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
  /** strace logs, which several threads may be reading, have left a processor to hash them. */
  hashLogs(): void
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
    hashLogs: () => {},
    inputs: () => all(files, (file) => hashes.of(file), advance),
    stop: async () => {},
  }
}

function hashBeside(program: URL, files: readonly EvidenceFile[], advance: (bytes: number) => void): Hashing {
  const worker = new Worker(program)
  const known = new Map<string, InputHash>()
  const isLog = (file: EvidenceFile): boolean => file.format === 'strace-log'
  let orders = 0
  let isComplete = false
  let passed = 0
  const hashes = new Promise<void>((resolve, reject) => {
    worker.on('message', (report: HashReport) => {
      for (const hash of report) known.set(hash.path, hash)
      if (--orders === 0 && isComplete) resolve()
    })
    worker.on('error', reject)
  })
  // Whoever waits for it hears of a failure; before that it must not end the process.
  hashes.catch(() => undefined)
  const order = (some: readonly EvidenceFile[]): void => {
    orders++
    worker.postMessage(orderOf(some))
  }
  const pass = (bytes: number): void => {
    passed += bytes
    advance(bytes)
  }
  const hashLogs = (): void => {
    if (!isComplete) order(files.filter(isLog))
    isComplete = true
  }
  order(files.filter((file) => !isLog(file)))
  return {
    files: files.map((file) => ({ ...file, read: () => file.read(), passed: pass })),
    hashLogs,
    async inputs() {
      hashLogs()
      await hashes
      const inputs = await all(files, (file) => known.get(file.path) ?? null, NOBODY)
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
      advance(Math.max(0, bytes - passed))
      return inputs
    },
    async stop() {
      await worker.terminate()
    },
  }
}

const NOBODY = (): void => {}

const orderOf = (files: readonly EvidenceFile[]): HashOrder =>
  files.flatMap(({ path, bytes, format, diskPath }) =>
    diskPath === null ? [] : [{ path, bytes, format, diskPath }],
  )

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
