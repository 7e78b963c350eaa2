import { formatBytes, formatDuration } from '../base/format.ts'
import type { RangeMap } from '../base/range-map.ts'
import { SECOND } from '../base/units.ts'
import type { Sentence } from '../model/sentence.ts'
import type { AddressSpace } from './address-space.ts'
import { applyCall } from './apply-call.ts'
import { walkBoth } from './compare.ts'
import { GROWS_DOWN, PERMISSIONS } from './kernel.ts'
import type { WaitingEffects } from './waiting-effects.ts'

/**
 * Reading smaps is no single instant: the kernel walks the mappings from low to high addresses and gives up its lock
 * between them (fs/proc/task_mmu.c), a few milliseconds for most processes, more for big ones and on a loaded machine.
 */
const READING = SECOND / 2
/** More pieces than this are no race but a log that misses calls. */
const MOST_PIECES = 1024

interface Piece {
  readonly start: number
  readonly end: number
  /** State at the chosen instant, and as observed; -1 where nothing is mapped. */
  readonly predicted: number
  readonly observed: number
}

/**
 * Pieces that do not fit the chosen instant but fit another one within the time that a read takes were read earlier or
 * later than the rest: the observation is put right there, to what it would have been at the chosen instant. Returns
 * the bytes put right. `happened` of the effects had happened at that instant.
 */
export function settleRaces(
  space: AddressSpace,
  effects: WaitingEffects,
  happened: number,
  observed: RangeMap,
): number {
  if (effects.length === 0) return 0
  const open = space.onSketch((sketch) => {
    effects.visit(happened, (event, phase) => applyCall(sketch, event, phase))
    return new Set(differences(sketch.map, observed))
  })
  if (open.size === 0 || open.size > MOST_PIECES) return 0
  const raced = space.onSketch((sketch) => fitting(sketch, open, effects, happened))
  for (const { start, end, predicted } of raced)
    if (predicted < 0) observed.remove(start, end)
    else observed.set(start, end, 0, predicted)
  return raced.reduce((sum, { start, end }) => sum + end - start, 0)
}

/** The pieces that fit another instant within the time that a read takes; those left stay in `open`. */
function fitting(sketch: AddressSpace, open: Set<Piece>, effects: WaitingEffects, happened: number): Piece[] {
  const instant = effects.time(Math.max(0, happened - 1))
  const raced: Piece[] = []
  for (let at = 0; at <= effects.length && open.size > 0; at += 1) {
    const time = effects.time(Math.max(0, at - 1))
    if (time > instant + READING) break
    if (time >= instant - READING)
      for (const piece of open)
        if (isLike(sketch.map, piece)) {
          open.delete(piece)
          raced.push(piece)
        }
    if (at < effects.length) applyCall(sketch, effects.event(at), effects.phase(at))
  }
  return raced
}

function differences(predicted: RangeMap, observed: RangeMap): Piece[] {
  const pieces: Piece[] = []
  walkBoth(predicted, observed, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, (start, end, a, b) => {
    const faulted = (a < 0 && (b & GROWS_DOWN) !== 0) || (b < 0 && (a & GROWS_DOWN) !== 0)
    if (!faulted && !same(a, b)) pieces.push({ start, end, predicted: a, observed: b })
  })
  return pieces
}

const same = (a: number, b: number): boolean =>
  a < 0 || b < 0 ? a === b : (a & PERMISSIONS) === (b & PERMISSIONS)

/** Whether the whole piece is in `map` as it was observed. */
function isLike(map: RangeMap, piece: Piece): boolean {
  let covered = 0
  let like = true
  map.visit(piece.start, piece.end, (from, to, _owner, tag) => {
    covered += to - from
    if (!same(tag, piece.observed)) like = false
  })
  return like && covered === (piece.observed < 0 ? 0 : piece.end - piece.start)
}

/** Pages that fit another instant of the read: no difference, but worth a word. */
export const readRace = (bytes: number): Sentence => ({
  en: `${formatBytes(bytes)} were read a moment earlier or later than the rest: the mappings changed while the snapshot was read, and the calls explain it.`,
  zh: `有 ${formatBytes(bytes)} 的读取时刻略早或略晚于其余部分：读取快照时映射正在变化，调用记录可以解释。`,
})

/** A snapshot that fits only an instant behind its stamp. */
export const readLate = (by: number): Sentence => ({
  en: `The snapshot fits the calls ${formatDuration(by).en} after its stamp: it was named first and read later, as on a machine under load.`,
  zh: `该快照与其时间戳之后 ${formatDuration(by).zh}的调用相符：先命名、后读取，在高负载机器上会如此。`,
})
