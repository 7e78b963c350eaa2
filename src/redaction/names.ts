/**
 * Takes the secrets out of names as they come from the readers, so that nothing behind them ever sees one: every
 * later layer works with what may be shown, and the bundle gives the same analysis again.
 */
import { hash } from 'node:crypto'
import { folderOf, leafOf } from '../base/path-parts.ts'
import { StringTable } from '../base/string-table.ts'
import type { Capture, EvidenceFile } from '../model/evidence.ts'
import type { SideEvidence } from '../model/side-evidence.ts'
import type { ReadSnapshot } from '../model/snapshot.ts'
import { DESCRIPTOR_OPS, MEMORY_CALLS, type SummaryTable, type Trace } from '../model/trace.ts'
import { visitCalls } from '../model/visit-calls.ts'
import type { Redactor } from './redactor.ts'
import { isHomes } from './text.ts'

type Show = (value: string) => string
const same: Show = (value) => value

/** A view of a string table in which each string is shown by what it is; ids stay the same. */
class ShownStrings extends StringTable {
  readonly #source: StringTable
  readonly #showOf: (id: number) => Show
  readonly #shown: string[] = []

  constructor(source: StringTable, showOf: (id: number) => Show) {
    super()
    this.#source = source
    this.#showOf = showOf
  }

  override intern(value: string): number {
    return this.#source.intern(value)
  }

  override get(id: number): string {
    const known = this.#shown[id]
    if (known !== undefined) return known
    const shown = this.#showOf(id)(this.#source.get(id))
    this.#shown[id] = shown
    return shown
  }

  override get size(): number {
    return this.#source.size
  }
}

/**
 * Shows snapshots that share one table of strings: names of mappings and of programs as they may be shown. The table
 * also holds names of fields, flags and devices; only what stands in the name column is a name.
 */
export class SnapshotNames {
  readonly #redactor: Redactor
  readonly #isName: boolean[] = []
  readonly #programs = new Map<string, string>()
  readonly #strings: StringTable

  constructor(strings: StringTable, redactor: Redactor) {
    this.#redactor = redactor
    this.#strings = new ShownStrings(strings, (id) => (this.#isName[id] ? redactor.mappingName : same))
  }

  show(snapshot: ReadSnapshot): ReadSnapshot {
    if (this.#redactor.policy === 'none') return snapshot
    const { mappings, program } = snapshot
    let before = -1
    for (const name of mappings.name) {
      // Most neighbours have the same.
      if (name !== before) this.#isName[name] = true
      before = name
    }
    return {
      ...snapshot,
      program: program === null ? null : this.#program(program, snapshot),
      mappings: { ...mappings, strings: this.#strings },
    }
  }

  /** A program is called after its file: what the file's path may show, its name may. */
  #program(program: string, { detail, mappings: { name, length, strings } }: ReadSnapshot): string {
    // pmap has it from the command line in its title, not from a path.
    if (detail === 'pmap') return this.#redactor.name(program)
    const known = this.#programs.get(program)
    if (known !== undefined) return known
    for (let row = 0; row < length; row++) {
      const path = strings.get(name[row]!)
      if (!path.endsWith(`/${program}`)) continue
      const shown = this.#redactor.mappingName(path)
      this.#programs.set(program, leafOf(shown))
      break
    }
    return this.#programs.get(program) ?? this.#redactor.name(program)
  }
}

/** The trace with its strings redacted by what each of them is. Ids stay the same. */
export function showTrace(trace: Trace, redactor: Redactor): Trace {
  if (redactor.policy === 'none') return trace
  const roles = rolesOf(trace, redactor)
  const strings = new ShownStrings(trace.strings, (id) => wholeOrCut(roles[id] ?? same))
  const threads = new Map(
    [...trace.threads].map(([tid, thread]) => [
      tid,
      thread.name === null ? thread : { ...thread, name: redactor.name(thread.name) },
    ]),
  )
  const signals = trace.signals.map((signal) => ({ ...signal, text: redactor.signal(signal.text) }))
  return { ...trace, strings, threads, signals }
}

/** A string that -s cut ends in `...`, which is strace's and no part of the name. */
const wholeOrCut =
  (show: Show): Show =>
  (value) =>
    value.endsWith(CUT) ? show(value.slice(0, -CUT.length)) + CUT : show(value)
const CUT = '...'

/** What each string of a trace is, by id; names of calls and errors have no role and stay. */
function rolesOf(trace: Trace, redactor: Redactor): Show[] {
  const roles: Show[] = []
  const { events, descriptors } = trace
  const setName = MEMORY_CALLS.indexOf('set-name')
  const execve = MEMORY_CALLS.indexOf('execve')
  const setVmaName = MEMORY_CALLS.indexOf('set-vma-name')
  const open = DESCRIPTOR_OPS.indexOf('open')
  for (let row = 0; row < descriptors.length; row++)
    roles[descriptors.text[row]!] = descriptors.op[row] === open ? redactor.path : redactor.peerOrPath
  const { name } = events.forms
  visitCalls(
    events,
    (form) => name[form] !== 0,
    (row) => {
      const call = events.call(row)
      roles[events.name(row)] =
        call === setName
          ? redactor.name
          : call === setVmaName
            ? redactor.memoryName
            : call === execve
              ? redactor.path
              : redactor.peerOrPath
    },
  )
  if (trace.hasStacks)
    for (let row = 0; row < events.length; row++) {
      const stack = events.stack(row)
      if (stack !== 0) roles[stack] = redactor.stack
    }
  // A thread may be called like a system call; the call's name has to stay.
  for (let row = 0; row < trace.statistics.length; row++) delete roles[trace.statistics.name[row]!]
  return roles
}

export const showSummary = (table: SummaryTable, redactor: Redactor): SummaryTable =>
  table.title === null ? table : { ...table, title: redactor.text(table.title) }

export function showSideEvidence(side: SideEvidence, redactor: Redactor): SideEvidence {
  if (redactor.policy === 'none') return side
  return {
    ...side,
    threadNames: side.threadNames.map((row) => ({ ...row, name: redactor.name(row.name) })),
    programs: side.programs.map((row) => ({ ...row, program: redactor.name(row.program) })),
    descriptors: side.descriptors.map((row) => ({ ...row, target: redactor.peerOrPath(row.target) })),
    kills: side.kills.map((row) => ({
      ...row,
      program: row.program === null ? null : redactor.name(row.program),
      text: redactor.line(row.text, 'side-evidence'),
    })),
    stacks: side.stacks.map((row) => ({
      ...row,
      name: row.name === null ? null : redactor.name(row.name),
      frames: row.frames.map(redactor.nativeFrame),
    })),
  }
}

/** The capture with its files under the paths that may be shown and stored, in path order again. */
export function showCapture(capture: Capture, redactor: Redactor): Capture {
  const people = (capture.roots ?? []).filter(({ disk }) => isHomes(folderOf(disk)))
  const shownPath = (path: string): string => {
    const owner = people.find(
      ({ folder }) => folder !== '' && (path === folder || path.startsWith(`${folder}/`)),
    )
    return owner === undefined
      ? storedPath(path, redactor)
      : personName(owner.folder, redactor) + storedPath(path.slice(owner.folder.length), redactor)
  }
  const taken = new Set<string>()
  const unique = (path: string): string => {
    let free = path
    for (let number = 2; taken.has(free); number++) free = `${path}~${number}`
    taken.add(free)
    return free
  }
  const files = capture.files.map((file): EvidenceFile => {
    const path = unique(shownPath(file.path))
    const group = file.hints.group === null ? null : shownPath(file.hints.group)
    const isShown = path === file.path && group === file.hints.group
    return isShown ? file : { ...file, path, hints: { ...file.hints, group } }
  })
  const skipped = capture.skipped.map(({ original, reason, ...file }) => ({
    ...file,
    path: unique(shownPath(file.path)),
    reason:
      original === undefined ? redactor.text(reason) : reason.replace(original, () => shownPath(original)),
  }))
  return {
    name:
      people.length > 0 && people[0] === capture.roots?.[0]
        ? personName(capture.name, redactor)
        : shownPath(capture.name),
    files: files.sort(byPath),
    skipped: skipped.sort(byPath),
  }
}

/** A folder below those of people is called after one. */
const personName = (name: string, redactor: Redactor): string => leafOf(storedPath(`home/${name}`, redactor))

/** Path of a file of the capture as every output writes it. Doing it twice changes nothing. */
export const storedPath = (path: string, redactor: Redactor): string => storable(redactor.evidencePath(path))

/** Bytes of a name in every file system. */
const LONGEST_NAME = 255
const KEPT = 180

/**
 * A path that zip, BagIt and `sha256sum -c` write the same way: `\\` is a folder mark to one of them and `%` an escape
 * to another. Non-text bytes come as `\\xff` from discovery. Parts too long to unpack are cut and told apart by a hash.
 */
function storable(path: string): string {
  return path
    .replace(/\\x([0-9a-f]{2})/g, '_x$1_')
    .replaceAll('\\', '_x5c_')
    .replaceAll('%', '_x25_')
    .split('/')
    .map((part) => (Buffer.byteLength(part) > LONGEST_NAME ? shorten(part) : part))
    .join('/')
}

function shorten(part: string): string {
  return `${Buffer.from(part)
    .subarray(0, KEPT)
    .toString('utf8')
    .replace(/\ufffd+$/, '')}_${hash('sha256', part).slice(0, 12)}`
}

const byPath = (a: { path: string }, b: { path: string }): number =>
  a.path < b.path ? -1 : a.path > b.path ? 1 : 0
