import { formatBytes, formatCount, formatDuration } from '../base/format.ts'
import { SECOND } from '../base/units.ts'
import { type AmountUnit, type ProgressPorts, UNHEARD } from '../run/ports.ts'

/** What a long run tells while it works. */
export interface Progress extends ProgressPorts {
  stop(): void
}

const NO_PROGRESS: Progress = { ...UNHEARD, stop() {} }
const LOG_EVERY = 10_000
const REDRAW_EVERY = 100
/** What came in less time says nothing of the rest: the first block is there at once. */
const RATE_FROM = 1000

const WRITTEN: Record<AmountUnit, { amount: (value: number) => string; unit: string }> = {
  bytes: { amount: formatBytes, unit: '' },
  calls: { amount: formatCount, unit: ' calls' },
}

/** `, 12 MiB/s, 3 s left`; nothing until a rate is known. `elapsed` in milliseconds. */
export function pace(done: number, total: number, elapsed: number, unit: AmountUnit): string {
  if (done <= 0 || elapsed < RATE_FROM) return ''
  const seconds = Math.ceil((Math.max(0, total - done) * elapsed) / done / 1000)
  const left = seconds > 0 ? formatDuration(seconds * SECOND).en : '0 s'
  return `, ${WRITTEN[unit].amount((done * 1000) / elapsed)}${WRITTEN[unit].unit}/s, ${left} left`
}

/** A bar with bytes, rate and time left on a terminal. */
async function barProgress(stream: NodeJS.WriteStream): Promise<Progress> {
  const { SingleBar } = (await import('cli-progress')).default
  const bar = new SingleBar({
    stream,
    format: '{stage} [{bar}] {done} of {all}{unit}{pace}',
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    barsize: 24,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    fps: 10,
  })
  let total = 0
  let done = 0
  let began = 0
  let drawn = 0
  let counted: AmountUnit = 'bytes'
  const values = () => {
    const { amount, unit } = WRITTEN[counted]
    return {
      done: amount(done),
      all: amount(total),
      unit,
      pace: pace(done, total, performance.now() - began, counted),
    }
  }
  return {
    stage(name, amount, unit = 'bytes') {
      bar.stop()
      total = amount
      done = 0
      began = performance.now()
      drawn = 0
      counted = unit
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
