/**
 * All rules, the more specific before the more general: where two could report the same bytes, the first has them.
 * Rules that explain instead of accusing (info) come last.
 */
import type { Rule } from '../rule.ts'
import { addressSpaceGrowth } from './address-space-growth.ts'
import { allocationChurn } from './allocation-churn.ts'
import { anonymousMappingGrowth } from './anonymous-mapping-growth.ts'
import { cacheSawtooth } from './cache-sawtooth.ts'
import { copyOnWriteGrowth } from './copy-on-write-growth.ts'
import { fileMappingGrowth } from './file-mapping-growth.ts'
import { fragmentation } from './fragmentation.ts'
import { heapTopPinned } from './heap-top-pinned.ts'
import { hugePageBloat } from './huge-page-bloat.ts'
import { mainHeapGrowth } from './main-heap-growth.ts'
import { mallocArenaCount } from './malloc-arena-count.ts'
import { mallocArenaGrowth } from './malloc-arena-growth.ts'
import { managedHeapGrowth } from './managed-heap-growth.ts'
import { mappingCountLimit } from './mapping-count-limit.ts'
import { mremapGrowth } from './mremap-growth.ts'
import { oneTimeStep } from './one-time-step.ts'
import { restartLoop } from './restart-loop.ts'
import { sharedMemoryGrowth } from './shared-memory-growth.ts'
import { swapGrowth } from './swap-growth.ts'
import { threadStackGrowth } from './thread-stack-growth.ts'
import { unexplainedGrowth } from './unexplained-growth.ts'
import { warmUp } from './warm-up.ts'

export const RULES: readonly Rule[] = [
  mremapGrowth,
  managedHeapGrowth,
  threadStackGrowth,
  mainHeapGrowth,
  mallocArenaGrowth,
  anonymousMappingGrowth,
  fileMappingGrowth,
  sharedMemoryGrowth,
  addressSpaceGrowth,
  unexplainedGrowth,
  swapGrowth,
  heapTopPinned,
  fragmentation,
  mappingCountLimit,
  copyOnWriteGrowth,
  hugePageBloat,
  mallocArenaCount,
  allocationChurn,
  oneTimeStep,
  warmUp,
  cacheSawtooth,
  restartLoop,
]
