// What callers of the ranges ask for; a map is the place where it lies.

import { Cell } from './range-block'
import { Ranges } from './ranges'
export { firstPiece } from './ranges'

export function makeRanges(): Ranges { return Ranges.make() }
export function copyRanges(map: Ranges): Ranges { return map.copy() }
export function freeRanges(map: Ranges): void { map.free() }
export function addRange(map: Ranges, start: f64, end: f64, owner: i32, tag: i32): bool { return map.add(start, end, owner, tag) }
export function takeRange(map: Ranges, start: f64, end: f64): i32 { return map.take(start, end) }
export function cutRanges(map: Ranges, start: f64, end: f64): i32 { return map.cut(start, end) }
export function lookAtRanges(map: Ranges, start: f64, end: f64): i32 { return map.look(start, end) }
export function holderOf(map: Ranges, address: f64): Cell | null { return map.holder(address) }
export function isFreeRange(map: Ranges, start: f64, end: f64): bool { return map.isFree(start, end) }
export function rangesIn(map: Ranges): i32 { return map.count }
export function bytesIn(map: Ranges): f64 { return map.bytes }
