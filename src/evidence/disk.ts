import { closeSync, lstatSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { SKIP_REASONS } from '../model/skip-reasons.ts'
import { refuseLink } from './links.ts'
import { printable } from './printable.ts'
import { type Found, reasonOf, refuse, type Source } from './source.ts'

const CHUNK = 256 * 1024
const SLASH = Buffer.from('/')

/** Everything below `root`, by path in code-unit order. Symbolic links are never followed: what they point to inside is read itself. */
export function* walkDirectory(root: string): Generator<Found> {
  const real = realpathSync(root)
  yield* walk(real, '', real)
}

/** A path on disk: its bytes where they are no text. */
type DiskPath = string | Buffer

interface Entry {
  readonly disk: DiskPath
  readonly path: string
}

function* walk(directory: DiskPath, prefix: string, root: string): Generator<Found> {
  const names = listDirectory(directory)
  if ('error' in names) {
    yield refuse(prefix === '' ? '.' : prefix.slice(0, -1), 0, 'unreadable', reasonOf(names.error))
    return
  }
  for (const name of names)
    yield* visit(
      {
        disk: joined(directory, name),
        path: prefix + (typeof name === 'string' ? name : printable(name)),
      },
      root,
    )
}

function* visit(entry: Entry, root: string): Generator<Found> {
  try {
    const stat = lstatSync(entry.disk)
    if (stat.isDirectory()) yield* walk(entry.disk, `${entry.path}/`, root)
    else if (stat.isSymbolicLink()) yield refuseLink(entry.disk, entry.path, root)
    else if (!stat.isFile()) yield refuse(entry.path, 0, 'not-regular', SKIP_REASONS.special.en)
    else yield { source: diskSource(entry.path, entry.disk, stat.size) }
  } catch (error) {
    yield refuse(entry.path, 0, 'unreadable', reasonOf(error))
  }
}

const joined = (directory: DiskPath, name: DiskPath): DiskPath =>
  typeof directory === 'string' && typeof name === 'string'
    ? `${directory}/${name}`
    : Buffer.concat([Buffer.from(directory), SLASH, Buffer.from(name)])

/** Names that may not be text, or whose letters come in another order than their bytes. */
const ODD_NAME = /[\ufffd\ud800-\udfff]/

/** The names in a directory, in the order of their bytes. */
function listDirectory(directory: DiskPath): DiskPath[] | { error: unknown } {
  try {
    const names = readdirSync(directory)
    return names.some((name) => ODD_NAME.test(name))
      ? readdirSync(directory, { encoding: 'buffer' }).sort(Buffer.compare)
      : names.sort()
  } catch (error) {
    return { error }
  }
}

/** A plain file. `size` 0 may be a file of /proc, whose size only reading tells. */
export function diskSource(path: string, disk: DiskPath, size: number): Source {
  const name = typeof disk === 'string' ? disk : disk.toString('utf8')
  const isText = typeof disk === 'string' || Buffer.from(name, 'utf8').equals(disk)
  return {
    path,
    size: size === 0 ? null : size,
    diskPath: isText ? resolve(name) : null,
    read: (into) => readFile(disk, 0, Number.POSITIVE_INFINITY, into),
    range: (start, end) => readFile(disk, start, end),
    head: (length) => readHead(disk, size === 0 ? length : Math.min(length, size)),
    seen: undefined,
  }
}

/** Where the beginnings of files are read to: of every file there is at least one. */
let room = Buffer.alloc(0)

function readHead(disk: DiskPath, length: number): Uint8Array {
  const file = openSync(disk, 'r')
  try {
    if (room.length < length) room = Buffer.alloc(length)
    const buffer = room
    let got = 0
    for (let more = -1; got < length && more !== 0; got += more)
      more = readSync(file, buffer, got, length - got, got)
    return buffer.subarray(0, got)
  } finally {
    closeSync(file)
  }
}

async function* readFile(
  disk: DiskPath,
  start: number,
  end: number,
  into?: Uint8Array,
): AsyncGenerator<Uint8Array> {
  const file = openSync(disk, 'r')
  try {
    for (let at = start; at < end; ) {
      const buffer = into ?? Buffer.allocUnsafe(Math.min(CHUNK, end - at))
      const got = readSync(file, buffer, 0, Math.min(buffer.length, end - at), at)
      if (got === 0) return
      at += got
      yield buffer.subarray(0, got)
    }
  } finally {
    closeSync(file)
  }
}
