import { formatBytes, formatCount } from '../base/format.ts'
import { type AmountUnit, type ProgressPorts, UNHEARD } from '../run/ports.ts'

/** What a long run tells while it works. */
export interface Progress extends ProgressPorts {
  stop(): void
}

const NO_PROGRESS: Progress = { ...UNHEARD, stop() {} }
const LOG_EVERY = 10_000
const REDRAW_EVERY = 100

const WRITTEN: Record<AmountUnit, { amount: (value: number) => string; unit: string }> = {
  bytes: { amount: formatBytes, unit: '' },
  calls: { amount: formatCount, unit: ' calls' },
}

/** A bar with bytes, rate and time left on a terminal. */
async function barProgress(stream: NodeJS.WriteStream): Promise<Progress> {
  const { SingleBar } = (await import('cli-progress')).default
  const bar = new SingleBar({
    stream,
    format: '{stage} [{bar}] {done} of {all}{unit}, {rate}{unit}/s, {eta_formatted} left',
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
  let written = WRITTEN.bytes
  const values = () => ({
    done: written.amount(done),
    all: written.amount(total),
    rate: written.amount(done / Math.max(0.001, (performance.now() - began) / 1000)),
    unit: written.unit,
  })
  return {
    stage(name, amount, unit = 'bytes') {
      bar.stop()
      total = amount
      done = 0
      began = performance.now()
      drawn = 0
      written = WRITTEN[unit]
      if (amount > 0) bar.start(amount, 0, { stage: name, ...values() })
    },
    advance(amount) {
      done += amount
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
  let written = WRITTEN.bytes
  let last = performance.now()
  return {
    stage(name, amount, unit = 'bytes') {
      stageName = name
      total = amount
      done = 0
      written = WRITTEN[unit]
    },
    advance(amount) {
      done += amount
      const now = performance.now()
      if (now - last < LOG_EVERY) return
      last = now
      const all = total > 0 ? ` of ${written.amount(total)}` : ''
      note(`${stageName}: ${written.amount(done)}${all}${written.unit}`)
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
