import type { Bytes, Micros } from '../base/units.ts'
import type { EvidenceReference } from './evidence.ts'

/**
 * What other tools wrote beside smaps and strace. All optional; a capture without any has empty lists.
 * `pid` is `null` where the text does not say whose it is.
 */
export interface SideEvidence {
  readonly threadNames: readonly {
    readonly pid: number | null
    readonly tid: number
    readonly name: string
    readonly reference: EvidenceReference
  }[]
  readonly programs: readonly {
    readonly pid: number
    readonly program: string
    readonly reference: EvidenceReference
  }[]
  readonly descriptors: readonly {
    readonly pid: number | null
    readonly fd: number
    readonly target: string
    readonly reference: EvidenceReference
  }[]
  readonly limits: readonly {
    readonly pid: number | null
    /** `cgroup-memory` counts Rss of the group; `address-space` is RLIMIT_AS; `map-count` is vm.max_map_count. */
    readonly kind: 'cgroup-memory' | 'cgroup-swap' | 'address-space' | 'data' | 'map-count'
    /** Bytes, or mappings for `map-count`; `null` = said to be unlimited. */
    readonly value: number | null
    readonly reference: EvidenceReference
  }[]
  /** Kernel OOM kills and cgroup oom counters. */
  readonly kills: readonly {
    readonly pid: number | null
    readonly program: string | null
    readonly time: Micros | null
    readonly rss: Bytes | null
    readonly text: string
    readonly reference: EvidenceReference
  }[]
  /** malloc_info(3): what glibc itself says is free inside its heaps. */
  readonly heaps: readonly {
    readonly pid: number | null
    readonly time: Micros | null
    readonly arenas: number
    readonly systemBytes: Bytes
    readonly freeBytes: Bytes
    readonly mmapBytes: Bytes | null
    readonly reference: EvidenceReference
  }[]
  /** Stacks by thread from gdb, pstack, jstack; innermost frame first. */
  readonly stacks: readonly {
    readonly tid: number
    readonly name: string | null
    readonly frames: readonly string[]
    readonly reference: EvidenceReference
  }[]
}
