import type { Cost } from './speed-measure.ts'
import type { Peer, Work } from './speed-works.ts'

/** One work on evidence of one size; `ours` by the work's runs. */
export interface Measured {
  readonly work: Work
  readonly bytes: number
  readonly ours: readonly Cost[]
  readonly peers: ReadonlyMap<Peer, Cost>
}

interface Circumstances {
  readonly machine: string
  readonly rounds: number
  readonly seed: number
}

const PEER_NAMES: Record<Peer, string> = { wc: '`wc -l`', mawk: 'mawk totals', zip: '`zip -1`' }
const HEAD = [
  'work',
  'evidence',
  'wall',
  'CPU',
  'peak memory',
  'beside',
  'its wall',
  'its CPU',
  'wall ratio',
  'CPU ratio',
  'bar at 1 GB',
]

const seconds = (value: number): string => `${value.toFixed(value < 1 ? 3 : 2)} s`
const megabytes = (value: number): string => `${Math.round(value / 1e6)} MB`
const ratio = (ours: number, theirs: number): string =>
  theirs > 0 ? `${(ours / theirs).toFixed(ours < theirs ? 2 : 1)} ×` : '–'

/** All figures as one Markdown table, a line for every run and every program beside it. */
export function speedPage(measured: readonly Measured[], { machine, rounds, seed }: Circumstances): string {
  return [
    `${machine}. Whole processes with start-up, without NODE_EXTRA_CA_CERTS and NODE_OPTIONS, files in the page cache, medians of ${rounds} interleaved rounds, peak memory the largest of them; seed ${seed}.`,
    '',
    `| ${HEAD.join(' | ')} |`,
    `| --- ${'| --: '.repeat(4)}| --- ${'| --: '.repeat(5)}|`,
    ...measured.flatMap(rowsOf).map((row) => `| ${row.join(' | ')} |`),
  ].join('\n')
}

function rowsOf({ work, bytes, ours, peers }: Measured): string[][] {
  return work.runs.flatMap(({ title, bars }, run) => {
    const own = ours[run]!
    const begin = [
      `${work.title}, ${title}`,
      megabytes(bytes),
      seconds(own.wall),
      seconds(own.cpu),
      own.peak === null ? '–' : megabytes(own.peak),
    ]
    return [...peers].map(([peer, cost]) => [
      ...begin,
      PEER_NAMES[peer],
      seconds(cost.wall),
      seconds(cost.cpu),
      ratio(own.wall, cost.wall),
      ratio(own.cpu, cost.cpu),
      bars[peer] === undefined ? '' : `${bars[peer]} ×`,
    ])
  })
}
