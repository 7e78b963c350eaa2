// Per thread the rows of its next calls, and the effect that comes next. The caller brings in rows and says what forms
// are like.

/** A call, as row-words.ts has it, but for its number, which stands in place of its line. */
@unmanaged
export class Row {
  private timeLow: u32
  private placeLow: u32
  private timeHigh: u16
  private placeHigh: u16
  length: u32
  private durationBits: u32
  call: i32
  context: i32
  form: i32

  get time(): f64 { return <f64>((<u64>this.timeHigh << 32) | this.timeLow) }
  get place(): f64 { return <f64>((<u64>this.placeHigh << 32) | this.placeLow) }
  get duration(): f64 { return <f64>this.durationBits }
}

export const ROW_BYTES: usize = offsetof<Row>()

/** What of a call its row holds, as in event-forms.ts. */
const TIME_IN_ROW: u8 = 1
const DURATION_IN_ROW: u8 = 2

/** When a call takes effect, as in phases.ts. */
const AT_ENTRY: u8 = 1
const AT_EXIT: u8 = 2
export const ENTRY: i32 = 0
export const EXIT: i32 = 1

/** What calls have in common; the caller writes it. From `countsAtExit` on, it is of no concern to the merge. */
@unmanaged
export class Form {
  /** Where the row does not hold them; NaN when unknown. */
  time: f64
  duration: f64
  inRow: u8
  phases: u8
  /** Counts as a call when it returns: the merge yields nothing of it before. */
  countsAtExit: bool
  kind: u8
  mechanism: u8
  tag: u8
  /** Threads or processes come and go by it, or become another program. */
  isOfTree: bool
}

export const FORM_BYTES: usize = 24

/** A thread, and its next effect. */
@unmanaged
export class Lane {
  /** Instant of the next effect; infinity when there is none. None of a thread's effects comes before the one in front of it. */
  time: f64
  /** When the call that has begun returns. */
  private returns: f64
  row: Row
  /** The first row that was not looked at, and the end of those that are there. */
  next: usize
  end: usize
  phase: i32
  private hasExit: bool
  /** No more rows come. */
  isOver: bool

  /** Finds the thread's next effect; false where its rows are at an end. */
  move(): bool {
    if (this.hasExit) {
      this.hasExit = false
      this.phase = EXIT
      if (this.returns > this.time) this.time = this.returns
      return true
    }
    while (this.next < this.end) {
      const row = changetype<Row>(this.next)
      this.next += ROW_BYTES
      const form = formAt(row.form)
      if (form.phases == 0) continue
      this.row = row
      // A call without a stamp happens at once after the one before it.
      const begins = hasTimes ? ((form.inRow & TIME_IN_ROW) != 0 ? baseTime + row.time : form.time) : <f64>row.call
      if (begins > this.time) this.time = begins
      const returns = hasTimes ? begins + ((form.inRow & DURATION_IN_ROW) != 0 ? row.duration : form.duration) : begins
      if ((form.phases & AT_ENTRY) == 0) {
        this.phase = EXIT
        if (returns > this.time) this.time = returns
      } else {
        this.phase = ENTRY
        this.returns = returns
        this.hasExit = (form.phases & AT_EXIT) != 0
      }
      return true
    }
    return false
  }
}

const LANE_BYTES: usize = 48

let lanes: usize = 0
let rows: usize = 0
let rowBytes: usize = 0
let forms: usize = 0
/** By number of a context in rows, the one that it has now; 0 when it is the same. */
let contexts: usize = 0
let baseTime: f64 = 0
/** Without stamps the order of the log is all there is. */
let hasTimes: bool = false

/**
 * Makes lanes for so many threads with room for `width` rows each; the times of rows count from `base`. Once: nothing of
 * it is ever given back.
 */
export function makeLanes(threads: i32, width: i32, formCount: i32, contextCount: i32, base: f64, timed: bool): void {
  lanes = heap.alloc(<usize>threads * LANE_BYTES)
  memory.fill(lanes, 0, <usize>threads * LANE_BYTES)
  for (let thread = 0; thread < threads; thread++) laneOf(thread).time = -Infinity
  rowBytes = <usize>width * ROW_BYTES
  rows = heap.alloc(<usize>threads * rowBytes)
  forms = heap.alloc(<usize>formCount * FORM_BYTES)
  memory.fill(forms, 0, <usize>formCount * FORM_BYTES)
  contexts = contextCount == 0 ? 0 : heap.alloc(<usize>contextCount << 2)
  baseTime = base
  hasTimes = timed
}

/** Where the caller writes down the forms: see `Form`. */
export function formsAt(): usize { return forms }

/** Where the caller writes down the numbers of contexts. */
export function contextsAt(): usize { return contexts }

/** Where the caller brings in the next rows of a thread. */
export function rowsOf(thread: i32): usize { return rows + <usize>thread * rowBytes }

/** So many rows were brought in, with the numbers of their calls; `isLast`: no more come. */
export function fillLane(thread: i32, count: i32, isLast: bool): void {
  const lane = laneOf(thread)
  lane.next = rowsOf(thread)
  lane.end = lane.next + <usize>count * ROW_BYTES
  lane.isOver = isLast
  if (contexts == 0) return
  for (let at = lane.next; at < lane.end; at += ROW_BYTES) {
    const row = changetype<Row>(at)
    row.context = load<i32>(contexts + (<usize>row.context << 2))
  }
}

// @ts-ignore: decorator
@inline
export function laneOf(thread: i32): Lane { return changetype<Lane>(lanes + <usize>thread * LANE_BYTES) }

// @ts-ignore: decorator
@inline
export function formAt(form: i32): Form { return changetype<Form>(forms + <usize>form * FORM_BYTES) }
