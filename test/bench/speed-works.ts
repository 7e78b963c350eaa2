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
  readonly runs: readonly Run[]
  readonly peers: readonly Peer[]
}

interface Run {
  readonly title: string
  /** Options of `memdossier report`. */
  readonly options: readonly string[]
  /** The most that the ratio to a peer may be at 1 GB. */
  readonly bars: Partial<Record<Peer, number>>
}

const JSON_ONLY = ['--formats', 'json']
const oneJob = (bars: Run['bars']): Run => ({
  title: 'one job',
  options: [...JSON_ONLY, '--jobs', '1'],
  bars,
})
const twoJobs = (bars: Run['bars']): Run => ({
  title: 'two jobs',
  options: [...JSON_ONLY, '--jobs', '2'],
  bars,
})

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
    runs: [oneJob({ wc: 15, mawk: 0.25 }), twoJobs({ wc: 10 })],
    peers: ['wc', 'mawk'],
  },
  {
    id: 'memory',
    title: 'strace `-ff`, three quarters memory calls',
    make: program(0.75),
    runs: [oneJob({ wc: 30 })],
    peers: ['wc', 'mawk'],
  },
  {
    id: 'single',
    title: 'strace, one interleaved `-f` file',
    make: program(0.2, true),
    runs: [oneJob({ wc: 18 })],
    peers: ['wc'],
  },
  {
    id: 'snapshots',
    title: 'smaps, 670 mappings a snapshot',
    make: snapshots(670),
    runs: [oneJob({ wc: 6 })],
    peers: ['wc'],
  },
  {
    id: 'huge',
    title: 'smaps, 60,000 mappings a snapshot',
    make: snapshots(60_000),
    runs: [oneJob({ wc: 8 })],
    peers: ['wc'],
  },
  {
    id: 'everything',
    title: 'everything, default formats, zip included',
    make: program(0.2),
    runs: [{ title: 'as installed', options: [], bars: { zip: 1.5 } }],
    peers: ['zip'],
  },
  {
    id: 'small',
    title: 'smaps, 40 mappings a snapshot, default formats, zip included',
    make: snapshots(40),
    runs: [{ title: 'as installed', options: [], bars: {} }],
    peers: ['zip'],
  },
]
