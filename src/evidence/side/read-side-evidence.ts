import { decodeText } from '../../base/bytes-text.ts'
import { LineScanner } from '../../base/line-scanner.ts'
import { OpenArgument } from '../../model/command-line.ts'
import type { Diagnostics } from '../../model/diagnostics.ts'
import type { EvidenceFile } from '../../model/evidence.ts'
import { Places, placeOf } from '../../model/place.ts'
import type { SideEvidence } from '../../model/side-evidence.ts'
import type { SideFile, SideLists } from './reader.ts'
import { SIDE_READERS } from './readers.ts'

/** Longest line that is looked at: a command line in ps can be long; what a longer one says stands at its beginning. */
const LONGEST_LINE = 8 * 1024
/** A larger file is one log, not several commands: only what its beginning was recognised as is looked for in it. */
const COLLECTION_BYTES = 4 * 1024 * 1024

/** Nothing found yet. */
export const emptyLists = (): SideLists => ({
  threadNames: [],
  programs: [],
  descriptors: [],
  limits: [],
  kills: [],
  heaps: [],
  stacks: [],
})

/**
 * Reads what other tools wrote beside smaps and strace. Takes all files of the capture: the side evidence is read, the
 * stamps of the others tell the year of a log line that has none. A side file that gives nothing is reported.
 */
export async function readSideEvidence(
  files: readonly EvidenceFile[],
  diagnostics: Diagnostics,
): Promise<SideEvidence> {
  const lists = emptyLists()
  const stamps = files.flatMap((file) => (file.hints.stamp === null ? [] : [file.hints.stamp as number]))
  const yearOf = yearsAround(stamps)
  for (const file of files) {
    if (file.format !== 'side-evidence') continue
    const before = countOf(lists)
    await readFile(file, lists, yearOf)
    if (countOf(lists) === before) diagnostics.report('side-evidence-empty', file.path, null, file.side)
  }
  return lists
}

const countOf = (lists: SideLists): number =>
  Object.values(lists).reduce((sum: number, list) => sum + list.length, 0)

async function readFile(file: EvidenceFile, into: SideLists, yearOf: SideFile['yearOf']): Promise<void> {
  const { pid, tid, stamp } = file.hints
  const places = new Places({ ...placeOf(file.path, { pid, tid, source: null }), pid, tid })
  const sideFile: SideFile = {
    path: file.path,
    time: stamp,
    yearOf,
    reference: (line) => ({ file: file.path, firstLine: line, lastLine: line }),
  }
  const own = new Set(file.side?.split('+'))
  const wanted = SIDE_READERS.filter((reader) => file.bytes <= COLLECTION_BYTES || own.has(reader.id))
  const readers = wanted.map((reader) => reader.open(into, sideFile))
  const argument = new OpenArgument()
  const scanner = new LineScanner((buffer, start, end, number, cut) => {
    if (cut) return
    const text = decodeText(buffer, start, Math.min(end, start + LONGEST_LINE))
    if (argument.holds(end - start > LONGEST_LINE ? decodeText(buffer, start, end) : text)) return
    const located = places.locate(text)
    if (located) for (const reader of readers) reader.line(located.text, number, located.place)
  })
  for await (const chunk of file.read()) scanner.push(chunk)
  scanner.finish()
  for (const reader of readers) reader.end?.()
}

/** The year in which a day lies nearest to the capture: a log that begins in December and ends in January is one log. */
function yearsAround(stamps: readonly number[]): SideFile['yearOf'] {
  if (stamps.length === 0) return () => null
  const middle = stamps.reduce((sum, stamp) => sum + stamp / stamps.length, 0) / 1000
  const around = new Date(middle).getUTCFullYear()
  return (month, day) => {
    const distance = (year: number): number => Math.abs(Date.UTC(year, month, day) - middle)
    return [around - 1, around, around + 1].reduce((best, year) =>
      distance(year) < distance(best) ? year : best,
    )
  }
}
