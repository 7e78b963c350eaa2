import type { Look } from './formats.ts'

/** Bytes with a path, before anyone knows what they are: a file on disk, a member of an archive. */
export interface Source {
  /** Relative to the capture's root, with `/`. */
  readonly path: string
  /** Bytes it holds; `null` when only reading tells (a compressed stream, a file of /proc). */
  readonly size: number | null
  /** The absolute path when it is a plain file on disk with a name that is text. */
  readonly diskPath: string | null
  /**
   * Reads from the beginning, each time anew. Chunks may lie in the memory that is lent, until the next is asked for.
   * Throws what reading throws; a container throws EvidenceError.
   */
  read(into?: Uint8Array): AsyncIterable<Uint8Array>
  /** Bytes `[start, end)` without reading what stands before; `null` when there is only one way through. */
  readonly range: ((start: number, end: number) => AsyncIterable<Uint8Array>) | null
  /** The first `length` bytes at once, good until the next file's are read, where nothing stands between; throws what reading throws. */
  readonly head?: (length: number) => Uint8Array
  /** Its first bytes, once somebody has read them where each reading means decompressing anew. */
  readonly begin?: Uint8Array
  /** What its beginning was taken for, once somebody has looked. */
  readonly seen?: Look | undefined
}

/** What cannot be read as evidence, and why, on the way through directories and archives. */
export interface Refusal {
  readonly path: string
  readonly bytes: number
  readonly reason: string
  readonly kind: RefusalKind
}

/** Each is a diagnostic `evidence-<kind>` of the catalogue. */
export type RefusalKind =
  | 'unreadable'
  | 'link'
  | 'link-inside'
  | 'not-regular'
  | 'archive-refused'
  | 'archive-damaged'

/** A source, or a reason why there is none. */
export type Found = { readonly source: Source } | { readonly refusal: Refusal }

export const refuse = (path: string, bytes: number, kind: RefusalKind, reason: string): Found => ({
  refusal: { path, bytes, kind, reason },
})

export const pathOf = (found: Found): string => ('source' in found ? found.source.path : found.refusal.path)

/** The same under a path that may be another. */
export function renamed(found: Found, path: string): Found {
  if (pathOf(found) === path) return found
  return 'source' in found ? { source: { ...found.source, path } } : { refusal: { ...found.refusal, path } }
}

/** A source of known size with random access, that is not a file on disk. */
export const rangeSource = (path: string, size: number, range: NonNullable<Source['range']>): Source => ({
  path,
  size,
  diskPath: null,
  read: () => range(0, size),
  range: (start, end) => range(start, Math.min(end, size)),
})

/** The first `length` bytes, or fewer when there are not more or damage begins. Throws when nothing can be read. */
export async function headOf(source: Source, length: number): Promise<Uint8Array> {
  const { begin } = source
  if (begin && (begin.length >= length || begin.length === source.size)) return begin.subarray(0, length)
  if (source.head) return source.head(length)
  const parts: Uint8Array[] = []
  let got = 0
  const whole = source.range && source.size !== null
  try {
    for await (const chunk of whole ? source.range(0, Math.min(length, source.size)) : source.read()) {
      parts.push(chunk)
      got += chunk.length
      if (got >= length) break
    }
  } catch (error) {
    // Whoever reads the file to its end meets the error again, and reports it.
    if (got === 0) throw error
  }
  return (parts.length === 1 ? parts[0]! : Buffer.concat(parts)).subarray(0, length)
}

/** The system's reason for an error in a few words: `no permission to read it`. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return REASONS[code] ?? (error instanceof Error ? error.message : String(error))
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission to read it',
  EPERM: 'no permission to read it',
  ENOENT: 'no such file or directory',
  EIO: 'the disk reports a read error',
  ELOOP: 'a circle of symbolic links',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'its path is too long for the system',
  ESRCH: 'the process is gone',
}
