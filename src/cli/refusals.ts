/** What the machine refuses, in words for the user: no fault of the program, and for them to mend. */
const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the disk',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'larger than a file may be here (see ulimit -f)',
  EIO: 'the disk fails',
  ENOENT: 'a folder of the path is not there and cannot be made',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'it exists and is not a folder',
  ENAMETOOLONG: 'the name is too long',
  EISDIR: 'it is a folder',
}

const FROM_DISK = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EIO', 'EFBIG'])

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | null)?.code ?? ''

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Why something could not be written. */
export const reasonOf = (error: unknown): string => REASONS[codeOf(error)] ?? messageOf(error)

/** Whether the disk refused what a run wrote to it. */
export const isDiskError = (error: unknown): boolean => FROM_DISK.has(codeOf(error))

/** What the process was not given by its surroundings; `null` for any other error. */
export function lackOf(error: unknown): string | null {
  const code = codeOf(error)
  if (code === 'EMFILE' || code === 'ENFILE') return 'too many open files (see ulimit -n)'
  if ((error as NodeJS.ErrnoException | null)?.syscall === 'uv_cwd')
    return 'the current folder does not exist any more'
  // A kernel that has come to the end of its memory: see base/kernel-module.ts.
  if (error instanceof Error && error.name === 'RuntimeError' && error.message === 'unreachable')
    return 'the calls of a trace need more memory than there is for them (4 GiB at most; see ulimit -v); a shorter trace needs less'
  const isMemory =
    code === 'ENOMEM' ||
    code === 'ERR_WORKER_OUT_OF_MEMORY' ||
    (error instanceof RangeError && /could not allocate memory|allocation failed/.test(error.message))
  return isMemory ? 'the system gives no more memory (see ulimit -v)' : null
}
