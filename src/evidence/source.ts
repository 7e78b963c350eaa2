/** Bytes with a path, before anyone knows what they are: a file on disk, a member of an archive. */
export interface Source {
  /** Relative to the capture's root, with `/`. */
  readonly path: string
  /** Bytes it holds; `null` when only reading tells (a compressed stream, a file of /proc). */
  readonly size: number | null
  /** The absolute path when it is a plain file on disk with a name that is text. */
  readonly diskPath: string | null
  /** Reads from the beginning, each time anew. Throws what reading throws; a damaged container throws EvidenceError. */
  read(): AsyncIterable<Uint8Array>
  /** The first `length` bytes, or fewer when there are not more. */
  head(length: number): Promise<Uint8Array>
}

/** What cannot be read as evidence, and why, on the way through directories and archives. */
export interface Refusal {
  readonly path: string
  readonly bytes: number
  readonly reason: string
  readonly kind: RefusalKind
}

/** Each is a diagnostic `evidence-<kind>` of the catalogue. */
export type RefusalKind = 'unreadable' | 'link' | 'not-regular' | 'archive-refused' | 'archive-damaged'

/** A source, or a reason why there is none. */
export type Found = { readonly source: Source } | { readonly refusal: Refusal }

/** The first `length` bytes of a stream. */
export async function headOf(stream: AsyncIterable<Uint8Array>, length: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  let got = 0
  for await (const chunk of stream) {
    parts.push(chunk)
    got += chunk.length
    if (got >= length) break
  }
  return Buffer.concat(parts).subarray(0, length)
}

/** The system's reason for an error in a few words: `no permission`, `no such file`. */
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
