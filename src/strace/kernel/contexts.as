// Contexts: a thread's last three calls, as rows of the statistics, newest first; -1 without. Number 0 is "none known".

import { LAST_CONTEXTS, LAST_CONTEXT_SLOTS, RECENT, THREAD_CONTEXTS } from './places'

/** The call of this row is the thread's last one. */
// @ts-ignore: decorator
@inline
export function remember(thread: i32, row: i32): void {
  const at = RECENT + thread * 12
  store<i32>(at + 8, load<i32>(at + 4))
  store<i32>(at + 4, load<i32>(at))
  store<i32>(at, row)
}

export let contextCapacity: i32 = 0
let contexts: i32 = 1
export let contextParts: i32 = 0
export let contextTable: i32 = 0
export let contextMask: i32 = 0

/**
 * How many contexts of one, two and three calls a thread may have. One that reads from thousands of descriptors has
 * millions of combinations of three calls: after its first hundreds only those that are known and the last two are told
 * apart, then only the last, then none. Counted by thread, so that the order in which threads are read changes nothing.
 */
export const MOST_OF_ONE: i32 = 512
export const MOST_OF_TWO: i32 = 384
export const MOST_OF_THREE: i32 = 256

/** Place of the first three parts of context 0, and how many contexts there are. */
export function contextsAt(): i32 { return contextParts }
export function contextCount(): i32 { return contexts }

// @ts-ignore: decorator
@inline
function hashOfContext(call1: i32, call2: i32, call3: i32): u32 {
  const hash: u32 = (<u32>call1 * 0x9e3779b1) + (<u32>call2 * 0x85ebca6b) + (<u32>call3 * 0xc2b2ae35)
  return hash >> 12 ^ hash >> 3
}

/** The first two parts of a context. */
// @ts-ignore: decorator
@inline
function pairOf(call1: i32, call2: i32): u64 { return <u64><u32>call1 | (<u64>call2 << 32) }

/** Doubles the slots of the contexts, of which there is room for two each. */
function growContexts(): void {
  contextMask = contextMask * 2 + 1
  memory.fill(contextTable, 0, (contextMask + 1) << 2)
  for (let context = 1; context < contexts; context++) {
    const at = contextParts + context * 12
    let slot: i32 = hashOfContext(load<i32>(at), load<i32>(at + 4), load<i32>(at + 8)) & contextMask
    while (load<i32>(contextTable + (slot << 2)) != 0) slot = (slot + 1) & contextMask
    store<i32>(contextTable + (slot << 2), context)
  }
}

/** Number of this context; new when the thread may have one more; -1 when it may not, -2 when there is no room. */
export function findContext(thread: i32, call1: i32, call2: i32, call3: i32, most: i32): i32 {
  const newest = pairOf(call1, call2)
  let slot: i32 = hashOfContext(call1, call2, call3) & contextMask
  while (true) {
    const context = load<i32>(contextTable + (slot << 2))
    if (context == 0) break
    const at = contextParts + context * 12
    if (load<u64>(at) == newest) if (load<i32>(at, 8) == call3) return context
    slot = (slot + 1) & contextMask
  }
  const own = THREAD_CONTEXTS + (thread << 2)
  if (load<i32>(own) >= most) return -1
  if (contexts == contextCapacity) return -2
  const context = contexts++
  const at = contextParts + context * 12
  store<i32>(at, call1)
  store<i32>(at + 4, call2)
  store<i32>(at + 8, call3)
  store<i32>(contextTable + (slot << 2), context)
  store<i32>(own, load<i32>(own) + 1)
  if (contexts * 4 > contextMask && contextMask < contextCapacity * 2) growContexts()
  return context
}

/** Number of the context of these last calls of a thread; -2 when only the caller can tell, because there is no room. */
export function contextOf(thread: i32, call1: i32, call2: i32, call3: i32): i32 {
  if (call1 < 0) return 0
  // A thread's calls are no other thread's, so that the three tell whose context it is.
  const last = LAST_CONTEXTS + ((thread & (LAST_CONTEXT_SLOTS - 1)) << 4)
  const known = load<i32>(last + 12)
  if (known != 0) if (load<u64>(last) == pairOf(call1, call2)) if (load<i32>(last, 8) == call3) return known - 1
  const context = anyContextOf(thread, call1, call2, call3)
  if (context < 0) return context
  store<i32>(last, call1)
  store<i32>(last + 4, call2)
  store<i32>(last + 8, call3)
  store<i32>(last + 12, context + 1)
  return context
}

function anyContextOf(thread: i32, call1: i32, call2: i32, call3: i32): i32 {
  let context = findContext(thread, call1, call2, call3, MOST_OF_THREE)
  if (context < 0 && contexts == contextCapacity) return -2
  if (context == -1) context = findContext(thread, call1, call2, -1, MOST_OF_TWO)
  if (context == -1) context = findContext(thread, call1, -1, -1, MOST_OF_ONE)
  return context == -1 ? 0 : context
}
