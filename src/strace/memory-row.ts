/** One memory or thread call while it is decoded; reused for every call. NaN, -1 and 0 as in MemoryEvents. */
export class MemoryRow {
  call = 0
  time = Number.NaN
  duration = Number.NaN
  address = Number.NaN
  length1 = Number.NaN
  length2 = Number.NaN
  extra = Number.NaN
  result = Number.NaN
  protection = 0
  flags = Number.NaN
  fd = -1
  offset = Number.NaN
  state = 0
  error = 0
  name = 0
  file = 0
  line = 0
  context = 0

  clear(): void {
    this.call = 0
    this.time = Number.NaN
    this.duration = Number.NaN
    this.address = Number.NaN
    this.length1 = Number.NaN
    this.length2 = Number.NaN
    this.extra = Number.NaN
    this.result = Number.NaN
    this.protection = 0
    this.flags = Number.NaN
    this.fd = -1
    this.offset = Number.NaN
    this.state = 0
    this.error = 0
    this.name = 0
    this.file = 0
    this.line = 0
    this.context = 0
  }
}
