import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { Trace } from '../../src/model/trace.ts'
import { allEvents, folderFiles, read } from './support.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'strace-live-'))
const program = path.join(folder, 'live')
const source = fileURLToPath(new URL('./live-program.c', import.meta.url))
const run = (command: string, options: readonly string[]) =>
  spawnSync(command, options, { encoding: 'latin1', timeout: 30_000, maxBuffer: 1 << 26 })

const compiled = run('gcc', ['-O1', '-pthread', '-o', program, source]).status === 0
/** ptrace may be forbidden (containers); then strace runs and fails. */
const traceable = compiled && run('strace', ['-o', '/dev/null', 'true']).status === 0

afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Said {
  readonly tid: number
  readonly call: string
  readonly address: number
  readonly length1: number
  readonly result: number
}

/** What the program says that it did, in order, by thread. */
function readTruth(file: string): Said[] {
  return readFileSync(file, 'latin1')
    .trim()
    .split('\n')
    .map((line) => {
      const [tid, call, address, length, result] = line.split(' ')
      const number = (text: string | undefined): number => Number.parseInt(text!, 16)
      return {
        tid: Number(tid),
        call: call!,
        address: number(address),
        length1: number(length),
        result: number(result),
      }
    })
}

/** Traces the program with the options, the log written in a way of its own; gives truth and traces. */
async function capture(
  name: string,
  options: readonly string[],
  more: { stderr?: boolean; arguments?: string[] } = {},
) {
  const own = path.join(folder, name.replace(/\W+/g, '_'))
  mkdirSync(path.join(own, 'logs'), { recursive: true })
  const truth = path.join(own, 'truth')
  const log = path.join(own, 'logs', 'live')
  const command = [program, truth, ...(more.arguments ?? [])]
  const done = more.stderr
    ? run('sh', ['-c', `exec "$0" "$@" 2>"${log}"`, 'strace', ...options, ...command])
    : run('strace', [...options, '-o', log, ...command])
  expect([name, done.status, done.error]).toEqual([name, 0, undefined])
  expect(readdirSync(path.join(own, 'logs')).length).toBeGreaterThan(0)
  return { ...(await read(...folderFiles(path.join(own, 'logs')))), truth: readTruth(truth) }
}

/** The program's own calls among the events, thread by thread: those of the lengths that only it uses. */
function found(trace: Trace, truth: readonly Said[]): Said[] {
  const wanted = new Set(truth.map(({ tid, call, length1 }) => `${tid} ${call} ${length1}`))
  return allEvents(trace)
    .filter(({ tid, call, length1 }) => wanted.has(`${tid} ${call} ${length1}`))
    .sort((a, b) => a.tid - b.tid || a.line - b.line)
    .map(({ tid, call, address, length1, result }) => ({ tid, call, address, length1, result }))
}

const sorted = (truth: readonly Said[]): Said[] =>
  truth
    .map((said, index) => ({ said, index }))
    .sort((a, b) => a.said.tid - b.said.tid || a.index - b.index)
    .map(({ said }) => said)

/** Option sets; all with -f, because the program has threads. */
const COMBINATIONS: readonly (readonly string[])[] = [
  ['-f'],
  ['-f', '-t'],
  ['-f', '-tt', '-T'],
  ['-f', '-ttt', '-T', '-y'],
  ['-f', '-r'],
  ['-f', '-r', '-tt'],
  ['-f', '--absolute-timestamps=format:unix,precision:ns', '--syscall-times=ns'],
  ['-f', '--absolute-timestamps=precision:ms', '--syscall-times=ms'],
  ['-f', '--syscall-times=s'],
  ['-f', '-yy', '-tt'],
  ['-f', '-Y', '-tt'],
  ['-f', '--decode-pids=all', '-y', '-T'],
  ['-f', '-k', '-e', 'trace=%memory'],
  ['-f', '-i', '-n', '-tt', '-T'],
  ['-f', '-X', 'raw'],
  ['-f', '-X', 'verbose', '-tt'],
  ['-f', '-e', 'raw=mmap,munmap,mprotect,madvise,mremap'],
  ['-f', '-x'],
  ['-f', '-xx', '-s', '3'],
  ['-f', '-s', '0', '-v', '-a', '0'],
  ['-f', '-z', '-tt'],
  ['-f', '-C', '-tt'],
  ['-f', '-q', '-T'],
  ['-f', '-qqq'],
  ['-f', '-e', 'trace=%memory,%process', '-e', 'signal=none'],
  ['-f', '-e', 'inject=munmap:delay_exit=500', '-T'],
  ['-ff', '-tt', '-T'],
  ['-ff', '-ttt', '-T', '-y'],
  ['-ff', '-X', 'verbose', '-i'],
  ['-ff', '-k', '-tt'],
]

describe.skipIf(!traceable)('strace itself (skipped without gcc, strace or ptrace)', () => {
  it.each(COMBINATIONS.map((options) => [options.join(' '), options] as const))(
    '%s',
    async (name, options) => {
      const { traces, summaries, truth, diagnostics } = await capture(name, options)
      const trace = traces[0]!
      expect(truth.length).toBeGreaterThan(80)
      expect(found(trace, truth)).toEqual(sorted(truth))
      expect(diagnostics.list().filter(({ severity }) => severity !== 'info')).toEqual([])
      expect(trace.form).toBe(options.includes('-ff') ? 'per-thread' : 'interleaved')
      expect(trace.hasDurations).toBe(
        options.some((option) => option === '-T' || option.startsWith('--syscall-times')),
      )
      expect(trace.hasStacks).toBe(options.includes('-k'))
      expect(trace.attached).not.toBe(true)
      expect(summaries.length).toBe(options.includes('-C') ? 1 : 0)
      const names = [...trace.threads.values()].map((thread) => thread.name)
      if (!options.some((option) => /trace=|^-s$|^-xx$|raw/.test(option)) || options.includes('-Y'))
        expect(names).toEqual(expect.arrayContaining(['w1) = 0x1 <"', 'w2) = 0x1 <"', 'w3) = 0x1 <"']))
    },
  )

  it.each([
    ['on stderr', ['-f']],
    ['on stderr, quiet', ['-f', '-q']],
    ['on stderr with names', ['-f', '-Y', '-tt', '-T']],
    ['on stderr with a table', ['-f', '-C', '-t']],
  ])('%s: attach messages and lines without a pid', async (name, options) => {
    const { traces, truth, diagnostics } = await capture(name, options, { stderr: true })
    expect(found(traces[0]!, truth)).toEqual(sorted(truth))
    expect(diagnostics.list().filter(({ severity }) => severity !== 'info')).toEqual([])
    expect(traces[0]!.threads.has(truth[0]!.tid)).toBe(true)
  })

  it.each([
    ['execve from a thread', ['-f', '-tt']],
    ['execve from a thread, a file each', ['-ff', '-tt', '-T']],
  ])('%s', async (name, options) => {
    const { traces, truth } = await capture(name, options, { arguments: ['exec'] })
    const execs = allEvents(traces[0]!).filter((event) => event.call === 'execve')
    expect(execs.map(({ name, state, tid }) => [path.basename(name), state, tid])).toEqual([
      ['live', 0, truth[0]!.tid],
      ['exe', 0, truth[0]!.tid],
    ])
    expect([...traces[0]!.threads.values()].some((thread) => thread.end === 'superseded')).toBe(true)
    expect(found(traces[0]!, truth)).toEqual(sorted(truth))
  })

  it('-c, -w, -U: the table', async () => {
    const own = path.join(folder, 'table')
    mkdirSync(own)
    for (const [name, options] of [
      ['summary-c', ['-c']],
      ['summary-w', ['-c', '-w', '-S', 'calls']],
      ['summary-U', ['-c', '-U', 'name,errors,calls,max-time,total-time']],
    ] as const)
      run('strace', ['-f', ...options, '-o', path.join(own, name), program, path.join(own, `truth-${name}`)])
    const files = folderFiles(own).filter((file) => file.path.startsWith('summary'))
    const { summaries, diagnostics } = await read(...files)
    expect(summaries).toHaveLength(3)
    expect(diagnostics.list()).toEqual([])
    for (const { rows } of summaries)
      expect(rows.find((row) => row.name === 'mremap')).toMatchObject({ calls: 18, errors: 0 })
  })

  it('injected failures never happened', async () => {
    const { traces, truth } = await capture('inject', ['-f', '-e', 'inject=madvise:error=ENOMEM:when=2+3'])
    const failed = allEvents(traces[0]!).filter(({ call, state }) => call === 'madvise' && state !== 0)
    expect(failed.length).toBeGreaterThan(3)
    expect(new Set(failed.map(({ state, error }) => `${state} ${error}`))).toEqual(new Set(['3 ENOMEM']))
    expect(found(traces[0]!, truth).filter(({ call }) => call === 'mmap')).toEqual(
      sorted(truth).filter(({ call }) => call === 'mmap'),
    )
  })
})
