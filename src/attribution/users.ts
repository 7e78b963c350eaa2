import { kindIndex } from '../model/mapping-kind.ts'
import type { SideEvidence } from '../model/side-evidence.ts'
import type { Snapshot } from '../model/snapshot.ts'
import type { Trace } from '../model/trace.ts'
import { accessible, arenasPerProcessor, heapSize } from './kernel.ts'
import { MAIN_HEAP } from './mechanism.ts'
import { isDuring } from './observed.ts'
import type { ProcessReplay } from './process-replay.ts'
import type { TraceReplay } from './trace-replay.ts'
import { coversAll, unclaimedStacks, untracedThreads } from './untraced.ts'

/**
 * Which threads may use which malloc arena. A thread keeps to one arena (malloc/arena.c: `thread_arena`); it extends
 * that one only. A thread that stayed in one call during the whole trace ran no code, so it allocated nothing.
 */
export interface ArenaUsers {
  /** Threads of the process that ran during the trace. */
  readonly active: readonly number[]
  /** Threads that stayed in one call, or left no line at all. */
  readonly asleep: readonly number[]
  /** Threads with a line-less log: they may have run without calls. */
  readonly silent: readonly number[]
  /** Threads known to exist that the trace does not cover. */
  readonly untraced: number
  /** Stacks of no traced thread: their threads have ended, made no call, or are not in the evidence. */
  readonly unclaimedStacks: number
  /** Of those stacks, the ones whose threads may have made calls that are not in the evidence. */
  readonly unclaimedCallers: number
  /** Who extended the main heap by brk. */
  readonly mainHeap: readonly number[]
  /** Arenas (heaps joined where one thread went from one to the next) with who extended them, biggest growth first. */
  readonly arenas: readonly Arena[]
  /** How many of them each thread extended. */
  readonly arenasOf: ReadonlyMap<number, number>
  /** At least so many arenas beside the main one existed in the traced time. */
  readonly arenaCount: number
  /** The greatest number of arenas is a multiple of this one, by the number of processors. */
  readonly arenasPerProcessor: number
  /** Bytes of the main heap given back, by thread. */
  readonly mainHeapReleased: ReadonlyMap<number, number>
  /** How many of these threads lived at one time at most. */
  atOnce(tids: readonly number[]): number
}

export interface Arena {
  /** Start of its lowest heap that grew. */
  readonly heap: number
  readonly heaps: readonly number[]
  readonly growth: ReadonlyMap<number, number>
  readonly bytes: number
  /** Bytes given back from the top of its heaps, by thread. */
  readonly trims: ReadonlyMap<number, number>
}

export function arenaUsers(
  replay: ProcessReplay,
  traced: TraceReplay,
  snapshots: readonly Snapshot[],
  side: SideEvidence,
): ArenaUsers {
  const { trace, lives } = traced
  const own = traced.tidsOf.get(replay.pid) ?? []
  const asleep = own.filter(traced.stayed)
  const unclaimed = unclaimedStacks(replay.pid, traced, snapshots, side)
  const arenas = joinHeaps(replay, trace)
  return {
    active: own.filter((tid) => !traced.stayed(tid)),
    asleep,
    silent: asleep.filter((tid) => (trace.threads.get(tid)?.lines ?? 0) === 0),
    untraced: untracedThreads(replay.pid, traced, snapshots, side) ?? 0,
    unclaimedStacks: unclaimed,
    unclaimedCallers: trace.coverage === 'all' && coversAll(replay.pid, traced) ? 0 : unclaimed,
    mainHeap: [...replay.ledger.sharesOf(MAIN_HEAP)]
      .filter(([, share]) => share.acquired > 0)
      .map(([tid]) => tid)
      .sort((a, b) => a - b),
    arenas,
    arenasOf: countOf(arenas.flatMap(({ growth }) => [...growth.keys()])),
    mainHeapReleased: new Map(
      [...replay.ledger.sharesOf(MAIN_HEAP)].map(([tid, share]) => [tid, share.released]),
    ),
    atOnce: (tids) => mostAtOnce(tids, lives),
    arenasPerProcessor: arenasPerProcessor(trace.wordBits),
    arenaCount: arenasDuring(snapshots, traced),
  }
}

/** Threads that end hand their arena on to the next ones, so only those alive at one time need one each. */
function mostAtOnce(tids: readonly number[], lives: TraceReplay['lives']): number {
  const steps = tids.flatMap((tid) => {
    const life = lives.get(tid)
    return [
      { at: life?.createdAt ?? Number.NEGATIVE_INFINITY, step: 1 },
      { at: life?.endedAt ?? Number.POSITIVE_INFINITY, step: -1 },
    ]
  })
  steps.sort((a, b) => (a.at === b.at ? a.step - b.step : a.at < b.at ? -1 : 1))
  let alive = 0
  let most = 0
  for (const { step } of steps) {
    alive += step
    most = Math.max(most, alive)
  }
  return most
}

function countOf(tids: readonly number[]): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const tid of tids) counts.set(tid, (counts.get(tid) ?? 0) + 1)
  return counts
}

/**
 * A thread that grows a second heap has filled the first: both are one arena (malloc/arena.c, `sysmalloc`: a new heap
 * is made when the old one cannot grow).
 */
function joinHeaps(replay: ProcessReplay, trace: Trace): Arena[] {
  const full = heapSize(trace.wordBits)
  const { heaps } = replay.ledger
  const groups = new HeapGroups()
  for (const [heap, growth] of [...heaps].sort(([a], [b]) => a - b)) {
    // A block that did not fit leaves a rest behind.
    const end = replay.space.map.at(heap + full - nearlyFull(full))
    groups.add(heap, growth, end !== null && accessible(end.tag))
  }
  return groups.list
    .map(({ heaps: list, growth }) => ({
      heap: list[0]!,
      heaps: list,
      growth,
      bytes: [...growth.values()].reduce((sum, bytes) => sum + bytes, 0),
      trims: sumOf(list.map((heap) => replay.ledger.heapTrims.get(heap))),
    }))
    .sort((a, b) => b.bytes - a.bytes || a.heap - b.heap)
}

/** Heaps that are one arena: a heap joins the first of those with a thread in common, where either has a full heap. */
class HeapGroups {
  readonly list: { readonly heaps: number[]; readonly growth: Map<number, number>; hasFull: boolean }[] = []
  /** By thread, the first group that it extended, and the first of those with a full heap. */
  readonly #first = new Map<number, number>()
  readonly #firstFull = new Map<number, number>()

  add(heap: number, growth: ReadonlyMap<number, number>, isFull: boolean): void {
    const number = this.#groupFor(growth, isFull)
    this.list[number] ??= { heaps: [], growth: new Map(), hasFull: false }
    const group = this.list[number]
    group.heaps.push(heap)
    for (const [tid, bytes] of growth) group.growth.set(tid, (group.growth.get(tid) ?? 0) + bytes)
    noteFirst(this.#first, growth.keys(), number)
    if (isFull && !group.hasFull) noteFirst(this.#firstFull, group.growth.keys(), number)
    else if (group.hasFull) noteFirst(this.#firstFull, growth.keys(), number)
    group.hasFull ||= isFull
  }

  /** The group that a heap belongs to: a new one where it joins none. */
  #groupFor(growth: ReadonlyMap<number, number>, isFull: boolean): number {
    const firsts = isFull ? this.#first : this.#firstFull
    let found = this.list.length
    for (const tid of growth.keys()) found = Math.min(found, firsts.get(tid) ?? found)
    return found
  }
}

function noteFirst(firsts: Map<number, number>, tids: Iterable<number>, group: number): void {
  for (const tid of tids) firsts.set(tid, Math.min(group, firsts.get(tid) ?? group))
}

function sumOf(rows: readonly (ReadonlyMap<number, number> | undefined)[]): ReadonlyMap<number, number> {
  const sums = new Map<number, number>()
  for (const row of rows) for (const [tid, bytes] of row ?? []) sums.set(tid, (sums.get(tid) ?? 0) + bytes)
  return sums
}

const ARENA = kindIndex('malloc-arena')

/** A heap that is this close to full may be followed by another one of the same arena. */
const nearlyFull = (size: number): number => Math.min(1024 * 1024, size / 4)

/**
 * Arenas in the traced time, at least. None ever goes: where only snapshots around the trace show them, those were there
 * that both sides show. After the trace alone there may be more of them, and before it another life of the process.
 */
function arenasDuring(snapshots: readonly Snapshot[], { trace, span }: TraceReplay): number {
  const counts = snapshots.map((snapshot) => countArenas(snapshot, trace.wordBits))
  if (snapshots.some((snapshot) => isDuring(snapshot, span))) return Math.max(0, ...counts)
  return counts.length > 1 ? Math.min(...counts) : 0
}

/**
 * Arenas of a snapshot, at least: every arena has one heap that is not full, its last one. Full heaps may belong to
 * any of them.
 */
export function countArenas(snapshot: Snapshot, wordBits: 32 | 64): number {
  const { mappings } = snapshot
  const size = heapSize(wordBits)
  let count = 0
  for (let row = 0; row < mappings.length; row += 1) {
    if (mappings.kind[row] !== ARENA) continue
    const end = mappings.end[row]!
    const lastHeap = Math.floor((end - 1) / size) * size
    if (lastHeap + size - end > nearlyFull(size)) count += 1
  }
  return count
}
