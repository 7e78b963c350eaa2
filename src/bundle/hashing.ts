import { bytesOf, type EvidenceFile } from '../model/evidence.ts'
import { hashFile, type InputHash, PassingHashes } from './evidence-ledger.ts'
import { type HashingAhead, WORTH_A_THREAD } from './hashing-ahead.ts'

/** The hashes of a capture, made beside its reading or in passing. */
export interface Hashing {
  /** The files by which the capture is to be read. */
  readonly files: readonly EvidenceFile[]
  /** strace logs, which several threads may be reading, have left a processor to hash them. */
  hashLogs(): void
  /** After they were read. */
  inputs(): Promise<readonly InputHash[]>
}

/** Begins to hash: beside the analysis when the capture is large and a thread may, else while its readers read. */
export function startHashing(
  files: readonly EvidenceFile[],
  advance: (bytes: number) => void,
  ahead: HashingAhead | null,
): Hashing {
  return ahead !== null && isWorthAThread(files)
    ? hashBeside(ahead, files, advance)
    : hashInPassing(files, advance)
}

/** What lies on disk is hashed there. */
const isWorthAThread = (files: readonly EvidenceFile[]): boolean =>
  bytesOf(files.filter(({ diskPath }) => diskPath !== null)) >= WORTH_A_THREAD

function hashInPassing(files: readonly EvidenceFile[], advance: (bytes: number) => void): Hashing {
  const hashes = new PassingHashes()
  return {
    files: files.map((file) => hashes.watched(file, advance)),
    hashLogs: () => {},
    inputs: () => all(files, (file) => hashes.of(file), advance),
  }
}

function hashBeside(
  ahead: HashingAhead,
  files: readonly EvidenceFile[],
  advance: (bytes: number) => void,
): Hashing {
  const logs = files.filter((file) => file.format === 'strace-log')
  const others = files.filter((file) => file.format !== 'strace-log')
  let haveLogs = false
  let passed = 0
  const thread = ahead.thread()
  const pass = (bytes: number): void => {
    passed += bytes
    advance(bytes)
  }
  // What is not worth a thread of its own waits until the logs are read.
  const isWorthIt = isWorthAThread(others)
  if (isWorthIt) thread.order(others)
  const hashLogs = (): void => {
    if (!haveLogs) thread.order(isWorthIt ? logs : [...others, ...logs])
    haveLogs = true
  }
  return {
    files: files.map((file) => ({ ...file, passed: pass })),
    hashLogs,
    async inputs() {
      hashLogs()
      await thread.help()
      await thread.done()
      const inputs = await all(files, (file) => thread.known.get(file.path) ?? null, NOBODY)
      advance(Math.max(0, bytesOf(files) - passed))
      return inputs
    },
  }
}

const NOBODY = (): void => {}

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
