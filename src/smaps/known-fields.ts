/**
 * The fields that Linux 2.6.14 to 6.18 and known vendor kernels print in kB. A field that is not here is kept under its
 * own name; its unit is what its line says.
 */

const SIZES = [
  'Size',
  'KernelPageSize',
  'MMUPageSize',
  'Rss',
  'Pss',
  'Pss_Dirty',
  'Pss_Anon',
  'Pss_File',
  'Pss_Shmem',
  'Shared_Clean',
  'Shared_Dirty',
  'Private_Clean',
  'Private_Dirty',
  'Referenced',
  'Anonymous',
  'KSM',
  'LazyFree',
  'AnonHugePages',
  'ShmemHugePages',
  'ShmemPmdMapped',
  'FilePmdMapped',
  'Shared_Hugetlb',
  'Private_Hugetlb',
  'HugePFNMap',
  'Swap',
  'SwapPss',
  'Locked',
  'Nonlinear',
]

const sizes: ReadonlySet<string> = new Set(SIZES)

/** Whether a number without `kB` can be trusted: a size that lost its unit was cut, and may have lost digits too. */
export const isUnitlessField = (name: string): boolean => !sizes.has(name)
