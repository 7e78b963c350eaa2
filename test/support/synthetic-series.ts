/**
 * Series of memory over time with a known truth, from a seed: what programs do when they leak and when they do not.
 * Every maker is one row of a table; times are microseconds, values bytes.
 */
import { HOUR, KIB, MIB, SECOND } from '../../src/base/units.ts'

/** A repeatable source of numbers (mulberry32). */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let t = this.#state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.next()
  }

  /** Evenly spread over orders of magnitude. */
  logBetween(low: number, high: number): number {
    return low * (high / low) ** this.next()
  }

  integer(low: number, high: number): number {
    return Math.floor(this.between(low, high + 1))
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.next() * list.length)]!
  }

  /** Standard normal (Box–Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next())
  }
}

export interface SyntheticSeries {
  readonly shape: string
  readonly leaks: boolean
  readonly times: Float64Array
  readonly values: Float64Array
  /** What had leaked at every sample, bytes; all 0 for healthy ones. */
  readonly leaked: Float64Array
  /** Leaked bytes an hour while it leaks. */
  readonly perHour: number
  /** When the leak begins; the first sample unless it starts late. */
  readonly onset: number
  /** Standard deviation of the added noise, bytes. */
  readonly noise: number
  readonly base: number
}

/** The frame of a series: when samples are taken, around which level, with which noise. */
interface Frame {
  readonly random: Random
  readonly samples: number
  /** Share of the whole span, 0..1, of every sample. */
  readonly place: Float64Array
  readonly span: number
  readonly base: number
}

/** Level above the base at every sample, bytes. */
type Maker = (frame: Frame) => Float64Array

const along = (frame: Frame, level: (u: number) => number): Float64Array => frame.place.map(level)
const rise = ({ random, base }: Frame): number => base * random.logBetween(0.03, 3)

/** Fills up in teeth of changing length and is flushed to a share of what it had. */
function teeth(frame: Frame, least: number, most: number): Float64Array {
  const { random } = frame
  const period = 1 / random.logBetween(least, most)
  const jitter = random.between(0, 0.5)
  const height = rise(frame)
  const keeps = random.next() < 0.5 ? 0 : random.between(0, 0.15)
  const falls: number[] = [-random.next() * period]
  while (falls[falls.length - 1]! < 1)
    falls.push(falls[falls.length - 1]! + period * (1 + jitter * random.between(-1, 1)))
  const low = falls.map(() => keeps * height * random.next())
  return along(frame, (u) => {
    let tooth = 0
    while (falls[tooth + 1]! <= u) tooth++
    return low[tooth]! + ((u - falls[tooth]!) / period) * height
  })
}

function waves(frame: Frame, least: number, most: number): Float64Array {
  const { random } = frame
  const periods = random.between(least, most)
  const phase = random.next()
  const height = rise(frame) / 2
  const second = random.between(0, 0.3)
  return along(
    frame,
    (u) =>
      height *
      (1 +
        Math.sin(2 * Math.PI * (u * periods + phase)) +
        second * Math.sin(4 * Math.PI * (u * periods + phase))),
  )
}

/** Warm-up that comes to rest: `rest` is the share of the span it takes. */
function warmUp(frame: Frame, longest: number): Float64Array {
  const { random } = frame
  const height = rise(frame)
  const time = random.logBetween(0.01, longest)
  const form = random.pick(['exponential', 'ramp'] as const)
  if (form === 'ramp') return along(frame, (u) => height * Math.min(1, u / time))
  return along(frame, (u) => height * (1 - Math.exp((-4 * u) / time)))
}

/** A cache with popular and unpopular keys: grows with the logarithm of time. */
function fill(frame: Frame): Float64Array {
  const height = rise(frame)
  const time = frame.random.logBetween(0.002, 0.1)
  return along(frame, (u) => (height * Math.log1p(u / time)) / Math.log1p(1 / time))
}

function steps(frame: Frame, count: number): Float64Array {
  const places = Array.from({ length: count }, () => frame.random.between(0.05, 0.95))
  const heights = places.map(() => rise(frame))
  return along(frame, (u) => places.reduce((sum, place, at) => sum + (u >= place ? heights[at]! : 0), 0))
}

const sum = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, at) => value + b[at]!)

/** Shapes of healthy programs. */
const HEALTHY: Readonly<Record<string, Maker>> = {
  flat: (frame) => along(frame, () => 0),
  'warm-up': (frame) => warmUp(frame, 0.6),
  'cache that fills': fill,
  'one step': (frame) => steps(frame, 1),
  'two steps': (frame) => steps(frame, 2),
  'step down': (frame) => steps(frame, 1).map((value) => -value / 4),
  sawtooth: (frame) => teeth(frame, 2.5, 40),
  'wave of load': (frame) => waves(frame, 1.5, 20),
  'warm-up, then sawtooth': (frame) => sum(warmUp(frame, 0.3), teeth(frame, 4, 40)),
  'warm-up, then a step': (frame) => sum(warmUp(frame, 0.3), steps(frame, 1)),
  'sawtooth on a wave': (frame) => sum(teeth(frame, 6, 60), waves(frame, 2, 10)),
  shrinking: (frame) => {
    const share = frame.random.between(0.05, 0.8)
    return along(frame, (u) => -share * frame.base * u)
  },
}

/** Healthy programs seen for too short a time: what is there cannot be told from a leak by any look at it. */
export const TOO_BRIEF: Readonly<Record<string, Maker>> = {
  'half a wave of load or less': (frame) => waves(frame, 0.1, 0.5),
  'half a wave to one and a half': (frame) => waves(frame, 0.5, 1.5),
  'less than one tooth': (frame) => teeth(frame, 0.2, 0.9),
  'warm-up longer than the capture': (frame) => {
    const height = rise(frame)
    const time = frame.random.between(1, 4)
    return along(frame, (u) => height * (1 - Math.exp(-u / time)))
  },
}

/** How the leaked bytes come, as shares of the whole leak over the span 0..1. */
type Course = (frame: Frame) => (u: number) => number

const COURSES: Readonly<Record<string, Course>> = {
  linear: () => (u) => u,
  bursty: ({ random }) => {
    const bursts = Array.from({ length: random.integer(10, 200) }, () => ({
      at: random.next(),
      size: Math.exp(random.normal() * 0.7),
    }))
    const total = bursts.reduce((all, burst) => all + burst.size, 0)
    return (u) => bursts.reduce((all, burst) => all + (burst.at <= u ? burst.size : 0), 0) / total
  },
  'in steps': ({ random }) => {
    const count = random.integer(6, 40)
    const phase = random.next()
    return (u) => Math.floor(u * count + phase) / count
  },
  'slower at night': ({ random }) => {
    const periods = random.integer(2, 10)
    return (u) => u - Math.sin(2 * Math.PI * u * periods) / (2 * Math.PI * periods)
  },
}

/** What a leaking program does besides leaking. */
const COMPANY: Readonly<Record<string, Maker>> = {
  alone: (frame) => along(frame, () => 0),
  'with warm-up': (frame) => warmUp(frame, 0.25),
  'with sawtooth': (frame) => teeth(frame, 6, 60),
  'with wave': (frame) => waves(frame, 2, 10),
}

/** A frame: 8 to 2,000 samples, some missing, at intervals of 1 s to 1 h, not quite regular. */
function frameOf(random: Random): Frame & { readonly times: Float64Array } {
  const wanted = Math.round(random.logBetween(8, 2000))
  const interval = random.pick([1, 5, 10, 60, 300, 3600]) * SECOND
  const missing = random.pick([0, 0, 0.1, 0.4])
  const whole = Math.ceil(wanted / (1 - missing))
  const times: number[] = []
  for (let at = 0; at < whole; at++)
    if (whole - at <= wanted - times.length || random.next() >= missing)
      times.push(Math.round((at + random.between(0, 0.1)) * interval))
  const span = times[times.length - 1]! - times[0]!
  const origin = Date.UTC(2026, 10, 22, 19, 40) * 1000
  return {
    random,
    samples: times.length,
    times: Float64Array.from(times, (time) => origin + time),
    place: Float64Array.from(times, (time) => (time - times[0]!) / span),
    span,
    base: random.logBetween(4 * MIB, 8192 * MIB),
  }
}

/** Noise of a program at work: nothing, independent, or with memory; now and then a spike. */
function noiseOf({ random, samples, base }: Frame): { values: Float64Array; deviation: number } {
  const deviation = random.next() < 0.2 ? 0 : base * random.logBetween(0.0002, 0.02)
  const memory = random.pick([0, 0, 0.5, 0.8])
  const spikes = random.next() < 0.2 ? 0.02 : 0
  let state = random.normal()
  const values = new Float64Array(samples)
  for (let at = 0; at < samples; at++) {
    state = memory * state + Math.sqrt(1 - memory * memory) * random.normal()
    values[at] = deviation * state
    if (random.next() < spikes) values[at]! += deviation * random.between(4, 12)
  }
  return { values, deviation }
}

/** Memory comes in pages; a heap moves in its own larger steps. */
const quantum = (random: Random): number => random.pick([4 * KIB, 4 * KIB, 4 * KIB, 132 * KIB])

/** What leaks from a time on to the end. */
export function leakedFrom(series: SyntheticSeries, from: number): number {
  const first = series.times.findIndex((time) => time >= from)
  return series.leaked[series.leaked.length - 1]! - series.leaked[Math.max(0, first)]!
}

function assemble(
  frame: Frame & { readonly times: Float64Array },
  level: Float64Array,
  head: Pick<SyntheticSeries, 'shape' | 'leaks' | 'leaked' | 'perHour' | 'onset'>,
): SyntheticSeries {
  const noise = noiseOf(frame)
  const step = quantum(frame.random)
  const values = level.map((value, at) =>
    Math.max(0, Math.ceil((frame.base + value + noise.values[at]!) / step) * step),
  )
  return { ...head, times: frame.times, values, noise: noise.deviation, base: frame.base }
}

/** The healthy series number `index` of a seed: shapes in turn. */
export function healthySeries(seed: number, index: number, shapes = HEALTHY): SyntheticSeries {
  const random = new Random(seed * 7_368_787 + index * 2 + 1)
  const names = Object.keys(shapes)
  const shape = names[index % names.length]!
  const frame = frameOf(random)
  return assemble(frame, shapes[shape]!(frame), {
    shape,
    leaks: false,
    leaked: along(frame, () => 0),
    perHour: 0,
    onset: frame.times[0]!,
  })
}

/** The leaking series number `index` of a seed: 0.1 % to 50 % of the base an hour, courses and company in turn. */
export function leakingSeries(seed: number, index: number): SyntheticSeries {
  const random = new Random(seed * 7_368_787 + index * 2)
  const courses = Object.keys(COURSES)
  const companies = Object.keys(COMPANY)
  const course = courses[index % courses.length]!
  const company = companies[Math.floor(index / courses.length) % companies.length]!
  const frame = frameOf(random)
  const late = random.next() < 0.15 ? random.between(0.2, 0.6) : 0
  const perHour = frame.base * random.logBetween(0.001, 0.5)
  const total = perHour * (frame.span / HOUR) * (1 - late)
  const follow = COURSES[course]!(frame)
  const leaked = along(frame, (u) => total * (follow(Math.max(0, (u - late) / (1 - late))) - follow(0)))
  return assemble(frame, sum(leaked, COMPANY[company]!(frame)), {
    shape: `${course}, ${company}${late > 0 ? ', late' : ''}`,
    leaks: true,
    leaked,
    perHour,
    onset: frame.times[0]! + late * frame.span,
  })
}

/** A leak of `ratio` times the noise over the span, linear, for the curve of the detection limit. */
export function plainLeak(seed: number, samples: number, ratio: number, memory: number): SyntheticSeries {
  const random = new Random(seed)
  const noise = 8 * MIB
  const times = Float64Array.from({ length: samples }, (_, at) => at * 60 * SECOND)
  let state = random.normal()
  const leaked = times.map((_, at) => (ratio * noise * at) / (samples - 1))
  const values = times.map((_, at) => {
    state = memory * state + Math.sqrt(1 - memory * memory) * random.normal()
    return 1024 * MIB + leaked[at]! + noise * state
  })
  const perHour = (ratio * noise) / (times[samples - 1]! / HOUR)
  return { shape: 'linear', leaks: true, times, values, leaked, perHour, onset: 0, noise, base: 1024 * MIB }
}
