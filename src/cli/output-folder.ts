import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { UsageError } from './exit-status.ts'
import { reasonOf } from './refusals.ts'

const PREFIX = '.memdossier-'

/**
 * Where a run writes. Everything goes into a hidden folder beside its place first and is renamed when all of it is
 * complete: a run that ends early leaves what was there before. Throws UsageError for what the disk refuses.
 */
export class OutputFolder {
  readonly path: string
  readonly #work: string
  readonly #made: string[]
  #open = true

  constructor(path: string) {
    this.path = resolve(path)
    try {
      this.#made = makeFolders(this.path)
      removeStale(this.path)
      this.#work = join(this.path, `${PREFIX}${process.pid}`)
      rmSync(this.#work, { recursive: true, force: true })
      mkdirSync(this.#work, { mode: 0o700 })
    } catch (error) {
      throw cannotWrite(this.path, error)
    }
  }

  /** Path of an output while it is being written. */
  draft(name: string): string {
    return join(this.#work, name)
  }

  /** Writes what comes in pieces, in place of an earlier draft: evidence that changed meanwhile is drafted once more. */
  write(name: string, content: Iterable<Uint8Array>): void {
    try {
      writePieces(openSync(this.draft(name), 'w'), content)
    } catch (error) {
      // What goes wrong while the content is made is none of the disk's.
      throw isFromSystem(error) ? cannotWrite(join(this.path, name), error) : error
    }
  }

  /** Puts every draft in its place. */
  publish(): string[] {
    const names = readdirSync(this.#work).sort()
    try {
      for (const name of names) {
        const target = join(this.path, name)
        if (existsSync(target) && statSync(target).isDirectory())
          throw new Error(`a folder named ${name} is in the way`)
      }
      for (const name of names) renameSync(join(this.#work, name), join(this.path, name))
    } catch (error) {
      throw cannotWrite(this.path, error)
    }
    rmSync(this.#work, { recursive: true, force: true })
    this.#open = false
    return names
  }

  /** Removes everything this run made; may be called at any time, and again. */
  discard(): void {
    if (!this.#open) return
    this.#open = false
    rmSync(this.#work, { recursive: true, force: true })
    for (const folder of this.#made.reverse()) {
      try {
        rmdirSync(folder)
      } catch {
        return
      }
    }
  }
}

const isFromSystem = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | null)?.syscall !== undefined

/** Writes pieces one behind the other and closes the file. */
function writePieces(file: number, pieces: Iterable<Uint8Array>): void {
  try {
    for (const piece of pieces)
      for (let from = 0; from < piece.length; ) from += writeSync(file, piece, from, piece.length - from)
  } finally {
    closeSync(file)
  }
}

/** A file of mode 0600 outside the output folder: the key map. It takes the place of a file, never of a device. */
export function writePrivate(path: string, content: string): void {
  const draft = `${path}.${process.pid}.tmp`
  try {
    const there = lstatSync(path, { throwIfNoEntry: false })
    if (there && !there.isFile()) throw new Error('something that is not a plain file is in the way')
    writeFileSync(draft, content, { mode: 0o600, flag: 'wx' })
    chmodSync(draft, 0o600)
    renameSync(draft, path)
  } catch (error) {
    rmSync(draft, { force: true })
    throw cannotWrite(path, error)
  }
}

/** Makes a folder with its parents; returns those that were not there, outermost first. */
function makeFolders(path: string): string[] {
  const missing: string[] = []
  for (let folder = path; !existsSync(folder); folder = dirname(folder)) missing.unshift(folder)
  for (const folder of missing) mkdirSync(folder)
  if (!statSync(path).isDirectory()) throw Object.assign(new Error('it is not a folder'), { code: 'ENOTDIR' })
  return missing
}

/** What killed runs left behind: folders whose process is gone. */
function removeStale(path: string): void {
  for (const name of readdirSync(path)) {
    const pid = name.startsWith(PREFIX) ? Number(name.slice(PREFIX.length)) : Number.NaN
    if (Number.isInteger(pid) && !isAlive(pid)) rmSync(join(path, name), { recursive: true, force: true })
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** One line for the user; the outputs cannot be written where they were asked for. */
export function cannotWrite(path: string, error: unknown): UsageError {
  if (error instanceof UsageError) return error
  return new UsageError(`cannot write ${path}: ${reasonOf(error)}`)
}
