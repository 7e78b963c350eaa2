/**
 * Measures memdossier on evidence that it makes itself, side by side with the plainest tools there are:
 *
 *     npm run bench [-- --size 10M,100M,1G --rounds 3 --work threads,huge --seed 1 --folder DIR --write]
 *
 * Builds nothing: it runs dist/memdossier.js as it is. Every round runs all commands by turns, the medians count.
 * `--write` puts the tables into docs/performance.md between its markers, else they go to the terminal.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Command, interleaved, isThere, peakOptions } from './speed-measure.ts'
import { type Measured, speedPage } from './speed-page.ts'
import { type Peer, WORKS, type Work } from './speed-works.ts'

const PAGE = 'docs/performance.md'
const BEGIN = '<!-- figures: begin, written by npm run bench -- --write -->'
const END = '<!-- figures: end -->'
const UNITS: Readonly<Record<string, number>> = { K: 1e3, M: 1e6, G: 1e9 }

/** Totals by thread and by call: what one would write without a tool. */
const TOTALS = 'test/bench/totals.awk'

interface Options {
  readonly sizes: readonly number[]
  readonly rounds: number
  readonly works: readonly Work[]
  readonly seed: number
  readonly folder: string
  readonly write: boolean
}

/** What the user can mend. */
class WrongOption extends Error {}

function numberOf(option: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new WrongOption(`--${option} takes a number from 1 on, not ${text}`)
  return Number(text)
}

function bytesOf(text: string): number {
  const found = /^(\d+(?:\.\d+)?)([KMG])$/.exec(text)
  if (!found) throw new WrongOption(`--size takes sizes like 100M or 1G, not ${text}`)
  return Number(found[1]) * UNITS[found[2]!]!
}

const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()

function peerCommand(peer: Peer, evidence: string, output: string): Command {
  const files = filesBelow(evidence)
  const logs = files.filter((file) => file.includes('/strace/'))
  const commands: Record<Peer, readonly string[]> = {
    wc: ['wc', '-l', ...files],
    mawk: ['mawk', '-f', TOTALS, ...logs],
    // The second and later rounds must not update the archive of the first.
    zip: ['bash', '-c', 'rm -f "$1" && zip -1 -q -r "$1" "$2"', 'bash', join(output, 'peer.zip'), evidence],
  }
  return { argv: commands[peer] }
}

function ourCommand(options: readonly string[], evidence: string, output: string): Command {
  const peakFile = join(output, 'peak')
  const argv = [process.execPath, ...peakOptions(peakFile), resolve('dist/memdossier.js'), 'report', evidence]
  return { argv: [...argv, '--quiet', '--out', join(output, 'ours'), ...options], peakFile }
}

function measureWork(work: Work, bytes: number, seed: number, rounds: number, folder: string): Measured {
  const evidence = join(folder, 'evidence')
  const output = join(folder, 'output')
  mkdirSync(evidence, { recursive: true })
  mkdirSync(output, { recursive: true })
  const made = work.make(evidence, bytes, seed)
  // What the system still writes to disk would be measured with the first rounds.
  spawnSync('sync')
  const peers = work.peers.filter(isThere)
  const commands = [
    ...work.runs.map(({ options }) => ourCommand(options, evidence, output)),
    ...peers.map((peer) => peerCommand(peer, evidence, output)),
  ]
  const costs = interleaved(commands, rounds)
  rmSync(evidence, { recursive: true })
  rmSync(output, { recursive: true })
  return {
    work,
    bytes: made,
    ours: costs.slice(0, work.runs.length),
    peers: new Map(peers.map((peer, at) => [peer, costs[work.runs.length + at]!])),
  }
}

function writePage(text: string): void {
  const old = readFileSync(PAGE, 'utf8')
  const from = old.indexOf(BEGIN)
  const to = old.indexOf(END)
  if (from < 0 || to < from) throw new Error(`${PAGE} has lost its markers`)
  writeFileSync(PAGE, `${old.slice(0, from)}${BEGIN}\n\n${text}\n\n${old.slice(to)}`)
}

function optionsOf(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      size: { type: 'string', default: '100M' },
      rounds: { type: 'string', default: '3' },
      work: { type: 'string', default: WORKS.map((work) => work.id).join(',') },
      seed: { type: 'string', default: '1' },
      folder: { type: 'string', default: tmpdir() },
      write: { type: 'boolean', default: false },
    },
  })
  const asked = values.work.split(',')
  const unknown = asked.filter((id) => !WORKS.some((work) => work.id === id))
  if (unknown.length > 0)
    throw new WrongOption(`--work knows ${WORKS.map(({ id }) => id).join(', ')}, not ${unknown}`)
  return {
    sizes: values.size.split(',').map(bytesOf),
    rounds: numberOf('rounds', values.rounds),
    works: WORKS.filter(({ id }) => asked.includes(id)),
    seed: numberOf('seed', values.seed),
    folder: values.folder,
    write: values.write,
  }
}

function bench({ sizes, rounds, works, seed, folder, write }: Options): void {
  if (!existsSync('dist/memdossier.js'))
    throw new WrongOption('there is no dist/memdossier.js: npm run build first')
  const own = mkdtempSync(join(folder, 'memdossier-bench-'))
  const measured: Measured[] = []
  try {
    for (const bytes of sizes)
      for (const work of works) {
        process.stderr.write(`${work.id}, ${(bytes / 1e6).toFixed(0)} MB\n`)
        measured.push(measureWork(work, bytes, seed, rounds, own))
      }
  } finally {
    rmSync(own, { recursive: true, force: true })
  }
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'processor'}, Node ${process.versions.node}`
  const page = speedPage(measured, { machine, rounds, seed })
  if (write) writePage(page)
  else process.stdout.write(`${page}\n`)
}

try {
  bench(optionsOf(process.argv.slice(2)))
} catch (error) {
  const isMendable = error instanceof WrongOption || (error instanceof TypeError && 'code' in error)
  if (!isMendable) throw error
  process.stderr.write(`bench: ${error.message}\n`)
  process.exitCode = 2
}
