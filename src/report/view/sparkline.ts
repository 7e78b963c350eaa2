/** A thread's own time line as two small shapes: bytes held as an area, memory calls as bars. Numbers only. */
import { fill } from '../../language/fill.ts'
import type { ReportThread } from '../document.ts'
import type { ViewContext } from './context.ts'

const WIDTH = 600
const HELD_HEIGHT = 40
const CALLS_HEIGHT = 24

export interface Sparkline {
  /** `x,y` pairs of a polygon. */
  readonly held: string
  readonly bars: readonly {
    readonly x: string
    readonly y: string
    readonly width: string
    readonly height: string
  }[]
  /** What it shows, in words: its text alternative. */
  readonly label: string
}

const short = (value: number): string => String(Math.round(value * 10) / 10)

/** `null` where the trace gives the thread no slices. */
export function sparkline(thread: ReportThread, context: ViewContext): Sparkline | null {
  const { callsOverTime: calls, liveOverTime: held } = thread
  if (calls.length < 2) return null
  const mostCalls = Math.max(1, ...calls.map((slice) => slice.calls))
  const mostHeld = Math.max(1, ...held.map(({ bytes }) => bytes))
  const step = WIDTH / calls.length
  const top = (bytes: number) => short(HELD_HEIGHT - (Math.max(0, bytes) / mostHeld) * (HELD_HEIGHT - 2))
  const heldStep = WIDTH / Math.max(1, held.length - 1)
  return {
    held:
      held.length < 2
        ? ''
        : [
            `0,${HELD_HEIGHT}`,
            ...held.map(({ bytes }, index) => `${short(index * heldStep)},${top(bytes)}`),
            `${WIDTH},${HELD_HEIGHT}`,
          ].join(' '),
    bars: calls.flatMap((slice, index) => {
      const height = (slice.calls / mostCalls) * (CALLS_HEIGHT - 2)
      return slice.calls === 0
        ? []
        : [
            {
              x: short(index * step),
              y: short(HELD_HEIGHT + CALLS_HEIGHT + 4 - height),
              width: short(Math.max(1, step - 1)),
              height: short(height),
            },
          ]
    }),
    label: fill(context.words.section[calls[0]!.from === null ? 'sparklineUnplaced' : 'sparkline'], {
      from: context.momentOrDash(calls[0]!.from),
      held: context.bytes(mostHeld === 1 ? 0 : mostHeld),
      calls: mostCalls,
    }),
  }
}
