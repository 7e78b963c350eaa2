// What the caller asks of spaces, for all that is not plain.

import { Activity, Candidate } from './activities'
import { Maker } from './makers'
import { Entry } from './records'
import { Ranges } from '../../base/kernel/ranges'
import { Space } from './space'
import { Waiting, WaitingList } from './waiting'

export function makeSpace(pageSize: f64): Space { return Space.make(pageSize) }
export function rangesOf(space: Space): Ranges { return space.ranges }
/** Effects before `until` are applied here, those of `[waitsFrom, waitsBy)` wait, all others are the caller's. */
export function setInstants(space: Space, until: f64, waitsFrom: f64, waitsBy: f64): void {
  space.until = until
  space.waitsFrom = waitsFrom
  space.waitsBy = waitsBy
}
export function waitingIn(space: Space): WaitingList { return space.waiting }
export function waitingAt(list: WaitingList, i: i32): Waiting { return list.at(i) }
export function setNow(space: Space, time: f64): void { space.now = time }
export function haveArenas(space: Space): void { space.hasArenas = true }
export function nowIn(space: Space): f64 { return space.now }
export function addMoved(space: Space, bytes: f64): void { space.moved += bytes }
export function movedIn(space: Space): f64 { return space.moved }
export function addOwned(space: Space, bytes: f64): void { space.owned += bytes }
export function ownedIn(space: Space): f64 { return space.owned }

export function addMaker(space: Space, tid: i32): i32 { return space.addMaker(tid) }
export function makerOf(space: Space, maker: i32): Maker { return space.maker(maker) }
export function disownOf(space: Space, maker: i32, mechanism: i32, bytes: f64): void { space.maker(maker).disown(mechanism, bytes) }
export function moveOf(space: Space, maker: i32, from: i32, to: i32, bytes: f64): void { space.maker(maker).move(from, to, bytes) }

export function keyOf(space: Space, context: i32): i32 { return space.keyOf(context) }
export function setKey(space: Space, context: i32, key: i32): void { space.setKey(context, key) }

export function activityOf(space: Space, maker: i32, key: i32, call: i32, mechanism: i32): i32 {
  return space.activityOf(maker, key, call, mechanism)
}
export function activitiesIn(space: Space): i32 { return space.activities.length }
export function activityAt(space: Space, id: i32): Activity { return space.activities.at(id) }
export function commonestOf(activity: Activity): Candidate | null { return activity.commonest() }
export function keptLifetimes(activity: Activity): i32 { return activity.lifetimes.kept(activity.lives) }
export function lifetimeAt(activity: Activity, at: i32): f64 { return activity.lifetimes.at(at) }

export function recordsIn(space: Space): i32 { return space.records.length }
export function recordAt(space: Space, id: i32): Entry { return space.records.at(id) }
/** A record for bytes that a snapshot shows and no call of the trace made. */
export function known(space: Space, mechanism: i32, bytes: f64): i32 {
  return space.records.open(-1, -1, mechanism, bytes, NaN, -1)
}
export function open(space: Space, maker: i32, event: i32, call: i32, context: i32, key: i32, mechanism: i32, bytes: f64): i32 {
  return space.open(maker, event, call, context, key, mechanism, bytes)
}
export function enlarge(space: Space, id: i32, maker: i32, event: i32, call: i32, context: i32, bytes: f64): void {
  space.enlarge(id, maker, event, call, context, bytes)
}
export function reduce(space: Space, id: i32, bytes: f64, maker: i32, call: i32): void { space.reduce(id, bytes, maker, call) }
export function forget(space: Space, id: i32, bytes: f64): void { space.forget(id, bytes) }
