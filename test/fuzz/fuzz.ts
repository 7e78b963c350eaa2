/**
 * Damages real evidence at random and checks that no parser throws, hangs or loses count:
 *   npm run fuzz -- [--minutes 10] [--seed N] [--target strace|smaps|pmap|maps|evidence] [--case N]
 * Cases depend on the seed and their number alone. A finding is written to out/fuzz/, with the command that repeats it;
 * once understood it becomes a file in test/fuzz/findings/, which the tests read.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { CHECKS } from './checks.ts'
import { corpusFor } from './corpus.ts'
import { Dice, damaged } from './mutate.ts'

/** Bytes of the pieces that are damaged. */
const MOST_BYTES = 12_000
/** No case takes longer than a few hundred milliseconds; a parser that does, hangs. */
const HANGS_AFTER = 30_000

interface Task {
  readonly project: string
  readonly seed: number
  readonly targets: readonly string[]
  readonly first: number
  readonly last: number
  readonly until: number
}

interface Report {
  readonly number: number
  readonly error?: string
}

/** The input of one case, which depends on nothing but seed and number. */
function inputOf(task: Task, number: number): { target: string; bytes: Uint8Array; chunk: number } {
  const dice = new Dice(Math.imul(task.seed, 0x9e37_79b1) ^ Math.imul(number, 0x85eb_ca6b))
  const target = task.targets[number % task.targets.length]!
  const bytes = damaged(corpus(target, task.project), dice, MOST_BYTES)
  return { target, bytes, chunk: 1 + dice.below(dice.pick([8, 200, 5000])) }
}

const corpora = new Map<string, Uint8Array[]>()
function corpus(target: string, project: string): Uint8Array[] {
  let found = corpora.get(target)
  if (!found) {
    found = corpusFor(target, project)
    corpora.set(target, found)
  }
  return found
}

async function work(task: Task): Promise<void> {
  for (let number = task.first; number <= task.last && Date.now() < task.until; number++) {
    parentPort!.postMessage({ number } satisfies Report)
    const { target, bytes, chunk } = inputOf(task, number)
    try {
      await CHECKS[target]!(bytes, chunk)
    } catch (error) {
      parentPort!.postMessage({
        number,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      })
    }
  }
}

function keep(task: Task, number: number, error: string): void {
  const { target, bytes } = inputOf(task, number)
  const folder = path.join(task.project, 'out', 'fuzz')
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, `${target}-${createHash('sha256').update(bytes).digest('hex').slice(0, 10)}`)
  writeFileSync(file, bytes)
  console.error(
    `\n${target}: ${error}\n  ${file}\n  npm run fuzz -- --seed ${task.seed} --target ${task.targets.join(',')} --case ${number}`,
  )
}

/** Runs a worker until it ends or says nothing for too long; returns the number to go on with, and the findings. */
function watch(task: Task): Promise<{ next: number; findings: number }> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: task })
    let current = task.first
    let findings = 0
    const hung = (): void => {
      findings++
      keep(task, current, `hangs: nothing for ${HANGS_AFTER / 1000} s`)
      void worker.terminate().then(() => resolve({ next: current + 1, findings }))
    }
    let timer = setTimeout(hung, HANGS_AFTER)
    worker.on('message', ({ number, error }: Report) => {
      current = number
      clearTimeout(timer)
      timer = setTimeout(hung, HANGS_AFTER)
      if (error === undefined) return
      findings++
      keep(task, number, error)
    })
    worker.on('error', reject)
    worker.on('exit', (code) => {
      clearTimeout(timer)
      if (code === 0) resolve({ next: current + 1, findings })
    })
  })
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000_007) },
      target: { type: 'string', default: Object.keys(CHECKS).join(',') },
      case: { type: 'string' },
      project: { type: 'string', default: process.cwd() },
    },
  })
  const targets = values.target.split(',')
  for (const target of targets) if (!CHECKS[target]) throw new Error(`no such target: ${target}`)
  const started = Date.now()
  const until = started + Number(values.minutes) * 60_000
  const only = values.case === undefined ? null : Number(values.case)
  let first = only ?? 0
  let findings = 0
  console.log(
    `seed ${values.seed}, targets ${targets.join(', ')}, ${only === null ? `${values.minutes} minutes` : `case ${only}`}`,
  )
  while (Date.now() < until) {
    // A new worker now and then: what one case leaves behind must not save the next.
    const task: Task = {
      project: values.project,
      seed: Number(values.seed),
      targets,
      first,
      last: only ?? first + 20_000,
      until,
    }
    const done = await watch(task)
    findings += done.findings
    first = done.next
    if (only !== null) break
  }
  const seconds = Math.round((Date.now() - started) / 1000)
  console.log(`${first - (only ?? 0)} cases in ${seconds} s, ${findings} findings (seed ${values.seed})`)
  process.exitCode = findings > 0 ? 1 : 0
}

await (isMainThread ? main() : work(workerData as Task))
