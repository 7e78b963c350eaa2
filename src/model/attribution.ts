import type { Bytes, Micros, Pid, Tid } from '../base/units.ts'
import type { EvidenceReference } from './evidence.ts'
import type { Sentence } from './sentence.ts'

/** How growth reaches the process; the words of the contract, and `reservation`: address space mapped without access. */
export const MECHANISMS = [
  'main-heap-brk',
  'mmap-anon',
  'malloc-arena',
  'thread-stack',
  'file-mapping',
  'shared-memory',
  'mremap',
  'managed-heap',
  'other',
  'reservation',
] as const
export type Mechanism = (typeof MECHANISMS)[number]

/** Replay from one snapshot to the next, held against it. */
export interface ReplayWindow {
  readonly pid: Pid
  readonly trace: string
  readonly fromFile: string
  readonly toFile: string
  /** The instants inside the stamps at which replay and snapshots agree best. */
  readonly from: Micros
  readonly to: Micros
  /** Bytes that traced calls mapped or unmapped between the two. */
  readonly tracedBytes: Bytes
  /** Bytes mapped at the end whose making call is known. */
  readonly ownedBytes: Bytes
  /** Observed change that no call explains. */
  readonly unexplainedBytes: Bytes
  /** Predicted by the replay but not in the snapshot. */
  readonly absentBytes: Bytes
  readonly changedPages: number
  readonly differingPages: number
  readonly conflicts: number
  /** 1 − differing / changed; 1 when nothing changed and nothing differs. */
  readonly agreement: number
  /** Why bytes stay unexplained; empty when none do. */
  readonly reasons: readonly Sentence[]
}

/** What `Attribution.allocator` calls the heap of a JVM. */
export const HOTSPOT = 'Java heap (HotSpot)'

/**
 * How far a replay tells what the snapshots show, 0..1; pages or bytes. Where it is wrong by more than changed at all it
 * tells nothing, not less.
 */
export const agreementOf = (differing: number, changed: number): number =>
  differing === 0 ? 1 : Math.max(0, 1 - differing / Math.max(changed, differing))

/** Bytes that one thread moved by one mechanism inside the traced time. */
export interface ThreadShare {
  readonly tid: Tid
  readonly acquiredBytes: Bytes
  readonly releasedBytes: Bytes
  /** Made by this thread in the window and still mapped at its end. */
  readonly liveBytes: Bytes
  readonly calls: number
  readonly liveCount: number
  /** Share of liveBytes among all threads of this account, 0..1. */
  readonly share: number
}

/** Whom the evidence accuses, or why it accuses nobody. */
export interface Culprit {
  readonly tid: Tid
  readonly certainty: 'certain' | 'likely'
}

/** What the calls of one trace say about one mechanism of one process. */
export interface MechanismAccount {
  readonly pid: Pid
  readonly trace: string
  readonly mechanism: Mechanism
  /** Which arena, object or file group; empty for the mechanism as a whole. */
  readonly subject: string
  /** `null` when the trace has no place on the host's clock. */
  readonly from: Micros | null
  readonly to: Micros | null
  /** How long the trace took; `null` without time stamps. */
  readonly span: Micros | null
  /** Biggest live share first. */
  readonly shares: readonly ThreadShare[]
  readonly acquiredBytes: Bytes
  readonly releasedBytes: Bytes
  readonly liveBytes: Bytes
  /**
   * Calls whose blocks outlived every released one of their habit, and stacks of threads that ended and were not joined:
   * not just not released yet.
   */
  readonly overdueCount: number
  /** Net live bytes an hour of the traced window; `null` when the window is shorter than it takes to say. */
  readonly bytesPerHour: number | null
  readonly culprit: Culprit | null
  /** Why this one, or why nobody can be named from calls alone. */
  readonly culpritReason: Sentence
  /** Regions the live bytes lie in, biggest first, at most 16. */
  readonly regions: readonly { readonly start: number; readonly end: number }[]
  /** Calls to cite: the largest and oldest never released, at most 8. */
  readonly references: readonly EvidenceReference[]
}

/** A recurring sequence of calls that ends in an allocation: what the thread was doing. */
export interface Activity {
  readonly tid: Tid
  readonly mechanism: Mechanism
  /** Calls before the allocation in order, then the allocation: `read(5)`, `mmap`. */
  readonly sequence: readonly string[]
  /** The same in words, descriptors resolved as far as the evidence tells. */
  readonly text: Sentence
  readonly smallest: Bytes
  readonly largest: Bytes
  readonly count: number
  readonly bytes: Bytes
  readonly released: number
  readonly releasedBytes: Bytes
  /** Micros between allocation and release; `null` without releases. */
  readonly medianLifetime: Micros | null
  readonly longestLifetime: Micros | null
  readonly never: number
  readonly neverBytes: Bytes
  /** Age of the oldest one never released, at the end of the trace. */
  readonly oldestAge: Micros | null
  readonly references: readonly EvidenceReference[]
}

export interface ThreadAttribution {
  readonly pid: Pid
  readonly tid: Tid
  readonly name: string | null
  /** Where the name comes from; `none` says why it is missing. */
  readonly nameSource: 'prctl' | 'strace -Y' | 'comm' | 'exec' | 'side-evidence' | 'none'
  /** What it does, in words, from its calls. */
  readonly role: Sentence
  readonly createdBy: Tid | null
  readonly createdAt: Micros | null
  readonly endedAt: Micros | null
  readonly traced: boolean
  readonly memory: {
    readonly mmapBytes: Bytes
    readonly munmapBytes: Bytes
    /** Net of up and down. */
    readonly brkBytes: Bytes
    readonly brkUpBytes: Bytes
    readonly brkDownBytes: Bytes
    readonly mprotectBytes: Bytes
    readonly mremapBytes: Bytes
    readonly netBytes: Bytes
    readonly liveBytes: Bytes
  }
  readonly syscalls: readonly {
    readonly name: string
    readonly calls: number
    readonly errors: number
    readonly seconds: number | null
  }[]
  readonly activities: readonly Activity[]
  /** Memory calls by equal slices of the traced time, for the chart; `from` is `null` in a trace without a place. */
  readonly callsOverTime: readonly { readonly from: Micros | null; readonly calls: number }[]
  /** Bytes made by this thread and still mapped, at the same slices. */
  readonly liveOverTime: readonly { readonly at: Micros | null; readonly bytes: Bytes }[]
  /** Ages of what it made and nobody released: count and bytes by decade of seconds. */
  readonly ages: readonly { readonly upToSeconds: number; readonly count: number; readonly bytes: Bytes }[]
}

export interface DescriptorMeaning {
  readonly pid: Pid
  readonly fd: number
  readonly meaning: string
  readonly source: 'trace' | 'strace -y' | 'side-evidence'
}

/** One trace, placed in time and joined to a process. */
export interface TraceWindow {
  readonly trace: string
  readonly pids: readonly Pid[]
  readonly from: Micros | null
  readonly to: Micros | null
  readonly threads: number
  /** Threads the process had that this trace does not cover; `null` = cannot tell. */
  readonly untracedThreads: number | null
  /** Threads of the trace whose process nothing tells: their calls are not replayed. */
  readonly homelessThreads: number
  readonly events: number
  readonly conflicts: number
  /** The order used, and what it costs when there is no -T. */
  readonly order: 'effect' | 'entry'
  readonly notes: readonly Sentence[]
}

/** Calls and snapshots of a process that tell two stories: of the calls nothing is to be said about its memory. */
export interface Contradiction {
  readonly pid: Pid
  readonly trace: string
  /** Windows in which mappings changed or should have changed. */
  readonly windows: number
  /** Those of them that the calls explain by less than half. */
  readonly unexplained: number
}

/** `Attribution.owners` of one process and trace; the accounts carry the sums of all. */
export const MOST_OWNERS = 2000

export interface Attribution {
  readonly windows: readonly TraceWindow[]
  readonly replays: readonly ReplayWindow[]
  readonly contradictions: readonly Contradiction[]
  readonly accounts: readonly MechanismAccount[]
  readonly threads: readonly ThreadAttribution[]
  readonly descriptors: readonly DescriptorMeaning[]
  /** glibc generation read from how stacks and arenas are made; `null` = cannot tell. */
  readonly allocator: readonly { readonly pid: Pid; readonly name: string; readonly basis: Sentence }[]
  /** Owners of what is mapped at the last snapshot a replay reached, biggest first, MOST_OWNERS at most. */
  readonly owners: readonly {
    readonly pid: Pid
    readonly start: number
    readonly end: number
    readonly tid: Tid
    readonly mechanism: Mechanism
    /** `null` when the trace has no place on the host's clock. */
    readonly at: Micros | null
    readonly reference: EvidenceReference
    readonly stack: string | null
  }[]
}
