// The redacted text that is being written.

import { OUT, OUT_BYTES } from './places'

export let out: i32 = OUT
/** The text is in OUT up to here. */
export let copied: i32 = 0

export function outEnd(): i32 {
  return out
}

/** Begins writing at the beginning of OUT again. */
export function rewind(): void {
  out = OUT
}

/** Where the caller may write `length` bytes of its own into OUT, 0 when there is no room. */
export function room(length: i32): i32 {
  if (out + length > OUT + OUT_BYTES) return 0
  const place = out
  out += length
  return place
}

export function copyUpTo(end: i32): void {
  memory.copy(out, copied, end - copied)
  out += end - copied
  copied = end
}

export function writeToken(length: i32, value: u64): void {
  let at = out
  store<u8>(at++, 91)
  let power = 1
  while (power * 10 <= length) power *= 10
  for (; power > 0; power /= 10) store<u8>(at++, <u8>(48 + ((length / power) % 10)))
  store<u8>(at++, 58)
  for (let shift: u64 = 44; ; shift -= 4) {
    const digit = <u8>((value >> shift) & 15)
    store<u8>(at++, digit < 10 ? 48 + digit : 87 + digit)
    if (shift == 0) break
  }
  store<u8>(at++, 93)
  out = at
}
