/**
 * All rules, the more specific before the more general: where two could report the same bytes, the first has them.
 * Rules that explain instead of accusing (info) come last.
 */
import type { Rule } from '../rule.ts'
import { addressSpaceGrowth } from './address-space-growth.ts'
import { anonymousMappingGrowth } from './anonymous-mapping-growth.ts'
import { fileMappingGrowth } from './file-mapping-growth.ts'
import { mainHeapGrowth } from './main-heap-growth.ts'
import { mallocArenaGrowth } from './malloc-arena-growth.ts'
import { managedHeapGrowth } from './managed-heap-growth.ts'
import { mremapGrowth } from './mremap-growth.ts'
import { sharedMemoryGrowth } from './shared-memory-growth.ts'
import { threadStackGrowth } from './thread-stack-growth.ts'

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
]
