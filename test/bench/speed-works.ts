/** What is measured: which evidence, with which options, against what, and where the bar is. */
import { join } from 'node:path'
import { writeProgram } from './speed-program.ts'
import { writeSnapshots } from './speed-snapshots.ts'

export type Peer = 'wc' | 'mawk' | 'zip'

export interface Work {
  readonly id: string
  readonly title: string
  /** Makes the evidence in an empty folder; returns its bytes. */
  make(folder: string, bytes: number, seed: number): number
  /** Options of `memdossier report`. */
  readonly runs: readonly { readonly title: string; readonly options: readonly string[] }[]
  readonly peers: readonly Peer[]
  /** Against which peer the ratio is, and the most it may be at 1 GB, by run. */
  readonly against: Peer
  readonly bars: readonly number[]
}

const JSON_ONLY = ['--formats', 'json']
const oneJob = { title: 'one job', options: [...JSON_ONLY, '--jobs', '1'] }
const twoJobs = { title: 'two jobs', options: [...JSON_ONLY, '--jobs', '2'] }

const program =
  (memoryShare: number, single = false): Work['make'] =>
  (folder, bytes, seed) =>
    writeProgram({ folder, bytes, memoryShare, interleaved: single, seed })
const snapshots =
  (mappings: number): Work['make'] =>
  (folder, bytes, seed) =>
    writeSnapshots({ folder: join(folder, 'smaps'), bytes, mappings, seed })

export const WORKS: readonly Work[] = [
  {
    id: 'threads',
    title: 'strace `-ff`, one call in five a memory call',
    make: program(0.2),
    runs: [oneJob, twoJobs],
    peers: ['wc', 'mawk'],
    against: 'wc',
    bars: [15, 10],
  },
  {
    id: 'memory',
    title: 'strace `-ff`, three quarters memory calls',
    make: program(0.75),
    runs: [oneJob],
    peers: ['wc', 'mawk'],
    against: 'wc',
    bars: [30],
  },
  {
    id: 'single',
    title: 'strace, one interleaved `-f` file',
    make: program(0.2, true),
    runs: [oneJob],
    peers: ['wc'],
    against: 'wc',
    bars: [18],
  },
  {
    id: 'snapshots',
    title: 'smaps, 670 mappings a snapshot',
    make: snapshots(670),
    runs: [oneJob],
    peers: ['wc'],
    against: 'wc',
    bars: [6],
  },
  {
    id: 'huge',
    title: 'smaps, 60,000 mappings a snapshot',
    make: snapshots(60_000),
    runs: [oneJob],
    peers: ['wc'],
    against: 'wc',
    bars: [8],
  },
  {
    id: 'everything',
    title: 'everything, default formats, zip included',
    make: program(0.2),
    runs: [{ title: 'as installed', options: [] }],
    peers: ['zip'],
    against: 'zip',
    bars: [1.5],
  },
]
