/** Runs a command and says what it cost. Linux with bash: node tells the resources of itself only. */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'

/** Seconds; `peak` in bytes, `null` for commands that are not node's. */
export interface Cost {
  readonly wall: number
  readonly cpu: number
  readonly peak: number | null
}

export interface Command {
  readonly argv: readonly string[]
  /** File into which a node process writes its peak when it ends. */
  readonly peakFile?: string
}

const TIMED = 'TIMEFORMAT="%R %U %S"; time "$@" > /dev/null 2> /dev/null'
const MOST_OUTPUT = 1 << 20

/** Options of node that make a process write its peak of resident memory, in KiB, into a file when it ends. */
export function peakOptions(file: string): readonly string[] {
  const preload = `${file}.cjs`
  writeFileSync(
    preload,
    `process.on('exit',()=>require('node:fs').writeFileSync(${JSON.stringify(file)},String(process.resourceUsage().maxRSS)))`,
  )
  return ['--require', preload]
}

/** Of the machine: node reads every certificate that is named there at each start. */
const { NODE_EXTRA_CA_CERTS: _, NODE_OPTIONS: __, ...ENVIRONMENT } = process.env

/** Throws when the command cannot be started or fails. */
function measure({ argv, peakFile }: Command): Cost {
  const { stderr, status, error } = spawnSync('bash', ['-c', TIMED, 'bash', ...argv], {
    encoding: 'utf8',
    env: ENVIRONMENT,
    maxBuffer: MOST_OUTPUT,
  })
  if (error || status !== 0) throw new Error(`${argv.slice(0, 4).join(' ')} … failed: ${error ?? stderr}`)
  const [wall, user, system] = stderr.trim().split(' ').map(Number)
  const cost = { wall: wall!, cpu: user! + system! }
  if (peakFile === undefined) return { ...cost, peak: null }
  const peak = Number(readFileSync(peakFile, 'utf8')) * 1024
  rmSync(peakFile)
  return { ...cost, peak }
}

/** Whether a program is there. */
export const isThere = (program: string): boolean =>
  spawnSync('bash', ['-c', 'command -v "$1"', 'bash', program]).status === 0

/** Runs all commands by turns, so that what disturbs the machine disturbs all of them; the median of each. */
export function interleaved(commands: readonly Command[], rounds: number): Cost[] {
  const costs: Cost[][] = commands.map(() => [])
  for (let round = 0; round < rounds; round += 1)
    for (const [at, command] of commands.entries()) costs[at]!.push(measure(command))
  return costs.map((list) => ({
    wall: middle(list.map((cost) => cost.wall)),
    cpu: middle(list.map((cost) => cost.cpu)),
    peak: list[0]!.peak === null ? null : Math.max(...list.map((cost) => cost.peak!)),
  }))
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[(sorted.length - 1) >> 1]!
}
