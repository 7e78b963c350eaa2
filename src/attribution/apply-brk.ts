import type { CallAtHand } from '../model/trace.ts'
import { ENTRY, type Phase } from '../strace/effects/phases.ts'
import type { AddressSpace } from './address-space.ts'
import { alignUp, PROT_READ, PROT_WRITE } from './kernel.ts'

/**
 * brk(2): grown when the call returns, shrunk when it begins. Two overlapping calls may return in the other order:
 *
 *     A  brk(120)  |-----------------|      the chain 100 → 120 → 140 says that A came first
 *     B  brk(140)        |-----|
 */
export function applyBrk(
  space: AddressSpace,
  { event, address: asked, result }: CallAtHand,
  phase: Phase,
): void {
  const { chain, pageSize } = space
  if (Number.isNaN(result)) return
  const known = !Number.isNaN(chain.value)
  if (!(asked > 0) || asked !== result) {
    if (phase !== ENTRY) answer(space, result)
    return
  }
  if (phase === ENTRY) {
    if (!known || result >= chain.value) return
    space.release(event, alignUp(result, pageSize), alignUp(chain.value, pageSize))
    chain.value = result
    chain.shrunkBy = event
    chain.grown = null
    return
  }
  if (event === chain.shrunkBy) return
  if (!known) chain.value = result
  else if (result > chain.value) {
    const from = alignUp(chain.value, pageSize)
    const to = alignUp(result, pageSize)
    if (to > from) space.acquire(event, from, to, PROT_READ | PROT_WRITE, false)
    chain.grown = { from, to }
    chain.value = result
  } else if (result < chain.value) insert(space, event, alignUp(result, pageSize))
}

/** A question, brk(NULL), or a refusal: both answer with the break as it is. */
function answer(space: AddressSpace, result: number): void {
  const { chain, pageSize } = space
  if (!Number.isNaN(chain.value) && alignUp(result, pageSize) !== alignUp(chain.value, pageSize))
    space.conflicts += 1
  chain.value = result
}

/** The call belongs before the growth that was applied last: the lower part of that growth is its own. */
function insert(space: AddressSpace, event: number, result: number): void {
  const { grown } = space.chain
  if (grown === null || result <= grown.from || result > grown.to) {
    space.conflicts += 1
    return
  }
  for (const { start, end, owner, tag } of space.map.pieces(grown.from, result)) {
    space.keeper.disown(owner, end - start)
    space.map.set(start, end, space.keeper.acquire(event, start, end, tag), tag)
  }
  space.chain.grown = { from: result, to: grown.to }
}

/** Addresses that a brk call may change. */
export function brkExtent(
  space: AddressSpace,
  { result }: CallAtHand,
): readonly [start: number, end: number] {
  const now = Number.isNaN(space.chain.value) ? result : space.chain.value
  const low = Math.min(now, result, space.chain.grown?.from ?? now)
  return [low, alignUp(Math.max(now, result), space.pageSize)]
}
