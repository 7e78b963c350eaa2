import { threadProgram } from '../base/thread-program.ts'
import { HashingThread } from './hashing-thread.ts'

/** Below this a thread costs more than it saves. */
export const WORTH_A_THREAD = 100 * 1024 * 1024

/** The hashing thread, started when so much was found that it is needed, while other files are still looked at. */
export class HashingAhead {
  readonly #program: URL
  #thread: HashingThread | null = null
  #found = 0

  constructor(program: URL) {
    this.#program = program
  }

  /** So many bytes more lie in plain files. */
  found(bytes: number): void {
    this.#found += bytes
    if (this.#found >= WORTH_A_THREAD) this.thread()
  }

  thread(): HashingThread {
    this.#thread ??= new HashingThread(this.#program)
    return this.#thread
  }

  async stop(): Promise<void> {
    await this.#thread?.stop()
  }
}

/** `null` where there is no program for it, as in the source tree. */
export function hashingAhead(): HashingAhead | null {
  const program = threadProgram('hash-worker')
  return program === null ? null : new HashingAhead(program)
}
