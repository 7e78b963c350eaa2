import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { EvidenceFile } from '../../src/model/evidence.ts'
import { readTraces } from '../support/read-traces.ts'
import { textFile } from './support.ts'

const STRACE = join(import.meta.dirname, '../../samples/captures/mmap-leak/strace')

/** Names of the traces that are left, and what is told of the others. */
async function tracesOf(files: readonly EvidenceFile[]) {
  const diagnostics = new Diagnostics()
  const { traces } = await readTraces(files, diagnostics)
  const told = diagnostics
    .list()
    .filter(({ code }) => code === 'strace-copy' || code === 'strace-overlap')
    .map(({ code, file, message }) => ({ code, file, message: message.en }))
  return { names: traces.map(({ name }) => name), told }
}

const sample = readdirSync(STRACE)
  .filter((name) => /\.\d+$/.test(name))
  .sort()
  .map((name) => ({
    name,
    tid: name.slice(name.lastIndexOf('.') + 1),
    text: readFileSync(join(STRACE, name), 'latin1'),
  }))
const perThread = sample.map(({ name, text }) => textFile(name, text))
const [run] = sample[0]!.name.split('.')

/** As strace-log-merge prints them. */
const merged = sample
  .flatMap(({ tid, text }) =>
    text
      .split('\n')
      .filter(Boolean)
      .map((line) => ({ tid, line })),
  )
  .sort((a, b) => (a.line.slice(0, 15) < b.line.slice(0, 15) ? -1 : 1))
const mergedText = merged.map(({ tid, line }) => `${tid} ${line}\n`).join('')

const stamp = (at: number): string => `10:00:${String(Math.floor(at / 10)).padStart(2, '0')}.${at % 10}00000`
/** Lines `[from, to)` of a thread that maps one block after the other. */
const blocks = (from: number, to: number, pid = ''): string =>
  Array.from({ length: to - from }, (_, k) => {
    const place = (0x7f00_0000_0000 + (from + k) * 0x10000).toString(16)
    return `${pid}${stamp(from + k)} mmap(NULL, 65536, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x${place} <0.000004>\n`
  }).join('')

/** The same of many in a second. */
const dense = (from: number, to: number, tid: number): string =>
  blocks(from, to, `${tid} `).replaceAll(
    /10:00:\S+(?= .* = 0x7f0(\w+))/g,
    (_, place) => `10:00:00.${String(Number.parseInt(place, 16) / 0x10000).padStart(6, '0')}`,
  )

/** Lines of two logs by turns. */
const alternating = (a: string, b: string): string => {
  const [ours, theirs] = [a, b].map((text) => text.split(/(?<=\n)/))
  return ours!.map((line, at) => line + theirs![at]!).join('')
}

describe('a log whose calls are in another one as well', () => {
  it.each([
    ['what strace-log-merge made', 'merged.log', mergedText],
    [
      'its beginning alone',
      'early.log',
      merged
        .slice(0, merged.length / 2)
        .map(({ tid, line }) => `${tid} ${line}\n`)
        .join(''),
    ],
    [
      'lines that somebody grepped',
      'mmap.txt',
      sample.map(({ text }) => text.replaceAll(/^(?!\S+ m).*\n/gm, '')).join(''),
    ],
  ])('%s beside the files of -ff is counted once', async (_, name, text) => {
    const { names, told } = await tracesOf([...perThread, textFile(name, text)])
    expect(names).toEqual([run])
    expect(told).toMatchObject([{ code: 'strace-copy', file: name }])
    expect(told[0]!.message).toContain(run)
  })

  it('is the one that tells less, whatever its name', async () => {
    const files = [textFile('a.log', blocks(0, 30, '77 ')), textFile('b.log', blocks(0, 60, '77 '))]
    expect((await tracesOf(files)).names).toEqual(['b.log'])
    expect(
      (await tracesOf([textFile('b.log', blocks(0, 30, '77 ')), textFile('a.log', blocks(0, 60, '77 '))]))
        .names,
    ).toEqual(['a.log'])
  })

  it('made of several logs without their threads is left out, and they are kept', async () => {
    const both = blocks(0, 30) + blocks(60, 90)
    const files = [
      textFile('a.log', blocks(0, 30, '77 ')),
      textFile('b.log', blocks(60, 90, '77 ')),
      textFile('mmap.txt', both),
    ]
    const { names, told } = await tracesOf(files)
    expect(names).toEqual(['a.log', 'b.log'])
    expect(told).toMatchObject([{ code: 'strace-copy', file: 'mmap.txt' }])
    for (const name of names) expect(told[0]!.message).toContain(name)
  })

  it('is kept when it tells of calls that change no memory, which the other has left out', async () => {
    const reads = blocks(0, 30, '77 ').replaceAll(/mmap.*/g, 'read(3, "x", 9) = 9 <0.000004>')
    const files = [textFile('a.log', blocks(0, 30, '77 ') + reads), textFile('b.log', blocks(0, 40, '77 '))]
    const { names, told } = await tracesOf(files)
    expect(names).toEqual(['a.log', 'b.log'])
    expect(told).toMatchObject([{ code: 'strace-overlap', file: 'a.log' }])
  })

  it.each([
    ['one call more at its end', dense(0, 601, 77)],
    ['one call more between others', dense(0, 601, 77).replace('7f0000120000', '7f1111120000')],
    ['a second thread', alternating(dense(0, 512, 77), dense(600, 1112, 78))],
  ])('is kept when it has %s, however many it shares', async (_, text) => {
    const { names, told } = await tracesOf([
      textFile('a.log', dense(0, 600, 77) + dense(1200, 2400, 79)),
      textFile('b.log', text),
    ])
    expect(names).toEqual(['a.log', 'b.log'])
    expect(told.map(({ code }) => code)).not.toContain('strace-copy')
  })

  it('is kept when its stamps are whole seconds, which equal calls of two days share', async () => {
    const coarse = blocks(0, 60, '77 ').replaceAll(/\.\d00000 mmap/g, ' mmap')
    const files = [textFile('a.log', coarse), textFile('b.log', coarse)]
    expect((await tracesOf(files)).names).toEqual(['a.log', 'b.log'])
  })

  it('is known with whole seconds where it was made of a file for each thread', async () => {
    const coarse = (text: string): string => text.replaceAll(/(?<=\d\d:\d\d:\d\d)\.\d+/g, '')
    const threads = sample.map(({ name, text }) => textFile(name, coarse(text)))
    expect((await tracesOf([...threads, textFile('merged.log', coarse(mergedText))])).names).toEqual([run])
    const altered = coarse(mergedText).replace(/(?<=mmap.*= 0x7)./, '0')
    expect((await tracesOf([...threads, textFile('merged.log', altered)])).names).toContain('merged.log')
  })

  it('is told, and kept, when it has others besides', async () => {
    const files = [textFile('a.log', blocks(0, 60, '77 ')), textFile('b.log', blocks(40, 90, '77 '))]
    const { names, told } = await tracesOf(files)
    expect(names).toEqual(['a.log', 'b.log'])
    expect(told).toMatchObject([{ code: 'strace-overlap', file: 'b.log' }])
  })
})

describe('logs that are not copies', () => {
  it('of one process, one after the other, are both read', async () => {
    const files = [textFile('a.log', blocks(0, 30, '77 ')), textFile('b.log', blocks(30, 60, '77 '))]
    expect(await tracesOf(files)).toEqual({ names: ['a.log', 'b.log'], told: [] })
  })

  it('of two workers that map the same places in the same second are both read', async () => {
    const coarse = (pid: string) => blocks(0, 60, pid).replaceAll(/\.\d00000 mmap/g, ' mmap')
    const files = [textFile('a.log', coarse('77 ')), textFile('b.log', coarse('78 '))]
    expect(await tracesOf(files)).toEqual({ names: ['a.log', 'b.log'], told: [] })
  })

  it('of two workers whose numbers no one tells, in the same second, are both read', async () => {
    const coarse = blocks(0, 60).replaceAll(/\.\d00000 mmap/g, ' mmap')
    const files = [textFile('a.log', coarse), textFile('b.log', coarse)]
    expect(await tracesOf(files)).toEqual({ names: ['a.log', 'b.log'], told: [] })
  })

  it('of one time of day on two days are both read', async () => {
    const other = blocks(0, 60, '77 ').replaceAll('0x7f0', '0x7e0')
    const files = [textFile('a.log', blocks(0, 60, '77 ')), textFile('b.log', other)]
    expect(await tracesOf(files)).toEqual({ names: ['a.log', 'b.log'], told: [] })
  })
})
