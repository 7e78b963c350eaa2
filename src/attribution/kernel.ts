/**
 * Numbers of the Linux user interface that the replay needs (include/uapi: mman-common.h, mman.h, sched.h), and how
 * the kernel rounds lengths.
 */

export const PROT_READ = 1
export const PROT_WRITE = 2
const PROT_EXEC = 4

export const MAP_SHARED = 0x01
export const MAP_SHARED_VALIDATE = 0x03
export const MAP_TYPE = 0x0f
export const MAP_FIXED = 0x10
export const MAP_ANONYMOUS = 0x20
export const MAP_GROWSDOWN = 0x100
export const MAP_NORESERVE = 0x4000
export const MAP_STACK = 0x20000
export const MAP_HUGETLB = 0x40000

export const MREMAP_FIXED = 2
export const MREMAP_DONTUNMAP = 4

export const MADV_DONTNEED = 4
export const MADV_FREE = 8
export const MADV_REMOVE = 9

export const SHM_RDONLY = 0o10000

/** Tag of a range: permissions as in the snapshot's `permissions` column, plus a mark of our own. */
export const PERMISSIONS = 0x0f
export const SHARED_TAG = 8
/** Grows by page faults, without any call: `[stack]`, MAP_GROWSDOWN. */
export const GROWS_DOWN = 0x10

/** Whether any access is allowed: a range without is a reservation of addresses, not memory. */
export const accessible = (tag: number): boolean => (tag & (PROT_READ | PROT_WRITE | PROT_EXEC)) !== 0

/** PAGE_ALIGN: up to the next multiple. */
export const alignUp = (value: number, to: number): number => Math.ceil(value / to) * to

/** glibc's HEAP_MAX_SIZE (malloc/arena.c): a heap of an arena other than the main one, and its alignment. */
export const heapSize = (wordBits: 32 | 64): number => (wordBits === 64 ? 64 : 1) * 1024 * 1024

/** glibc makes at most so many arenas for each processor, the main one among them (NARENAS_FROM_NCORES). */
export const arenasPerProcessor = (wordBits: 32 | 64): number => (wordBits === 64 ? 8 : 2)
