import { formatBytes } from '../base/format.ts'

/** What a long run tells while it works. */
export interface Progress {
  /** A part of the work begins; `bytes` of it are to be read, 0 when nobody knows. */
  stage(name: string, bytes: number): void
  advance(bytes: number): void
  stop(): void
}

const NO_PROGRESS: Progress = { stage() {}, advance() {}, stop() {} }
const LOG_EVERY = 10_000
const REDRAW_EVERY = 100

/** A bar with bytes, rate and time left on a terminal. */
async function barProgress(stream: NodeJS.WriteStream): Promise<Progress> {
  const { SingleBar } = (await import('cli-progress')).default
  const bar = new SingleBar({
    stream,
    format: '{stage} [{bar}] {done} of {all}, {rate}/s, {eta_formatted} left',
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    etaBuffer: 50,
    fps: 10,
  })
  let total = 0
  let done = 0
  let began = 0
  let drawn = 0
  const values = () => ({
    done: formatBytes(done),
    all: formatBytes(total),
    rate: formatBytes(done / Math.max(0.001, (performance.now() - began) / 1000)),
  })
  return {
    stage(name, bytes) {
      bar.stop()
      total = bytes
      done = 0
      began = performance.now()
      drawn = 0
      if (bytes > 0) bar.start(bytes, 0, { stage: name, ...values() })
    },
    advance(bytes) {
      done += bytes
      const now = performance.now()
      if (total === 0 || now - drawn < REDRAW_EVERY) return
      drawn = now
      bar.update(Math.min(done, total), values())
    },
    stop: () => bar.stop(),
  }
}

/** A line every ten seconds, for logs. Short runs say nothing. */
function lineProgress(note: (line: string) => void): Progress {
  let stageName = ''
  let total = 0
  let done = 0
  let last = performance.now()
  return {
    stage(name, bytes) {
      stageName = name
      total = bytes
      done = 0
    },
    advance(bytes) {
      done += bytes
      const now = performance.now()
      if (now - last < LOG_EVERY) return
      last = now
      note(`${stageName}: ${formatBytes(done)}${total > 0 ? ` of ${formatBytes(total)}` : ''}`)
    },
    stop() {},
  }
}

/** The kind that fits where stderr goes. */
export async function chooseProgress(
  choice: { readonly quiet: boolean; readonly progress: boolean },
  environment: NodeJS.ProcessEnv,
  stream: NodeJS.WriteStream,
): Promise<Progress> {
  if (choice.quiet || !choice.progress) return NO_PROGRESS
  if (stream.isTTY && !environment.CI && environment.TERM !== 'dumb') return barProgress(stream)
  return lineProgress((line) => void stream.write(`memdossier: ${line}\n`))
}
