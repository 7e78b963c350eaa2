/** With `strace -k` in the evidence a remedy can name the code path that keeps the memory. */
import { formatBytes } from '../base/format.ts'
import type { Pid, Tid } from '../base/units.ts'
import type { Attribution, Mechanism } from '../model/attribution.ts'
import type { Sentence } from '../model/sentence.ts'
import { paragraph, say } from './words/say.ts'

/** Frames of the C library and the loader are how the call was made, not who made it. */
const LIBRARY_FRAME = /\/(libc|libc-[0-9.]+|libpthread[^/]*|ld-linux[^/]*|ld-musl[^/]*)\.so/
const FRAMES_SHOWN = 4

/** The remedy with the stack under most of the bytes that stayed; `null` without stacks. */
export function sharperActionOf(
  attribution: Attribution,
  pid: Pid,
  tid: Tid | null,
  mechanism: Mechanism,
  action: Sentence,
): Sentence | null {
  const byStack = new Map<string, number>()
  for (const owner of attribution.owners) {
    if (owner.pid !== pid || owner.mechanism !== mechanism || owner.stack === null) continue
    if (tid !== null && owner.tid !== tid) continue
    byStack.set(owner.stack, (byStack.get(owner.stack) ?? 0) + owner.end - owner.start)
  }
  const biggest = [...byStack].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]
  if (!biggest) return null
  const [stack, kept] = biggest
  const frames = ownFrames(stack)
  if (frames === '') return null
  return paragraph(
    say(
      `Most of what stayed (${formatBytes(kept)}) was taken here: ${frames}.`,
      `留存的大部分内存（${formatBytes(kept)}）来自这里：${frames}。`,
    ),
    action,
  )
}

/** The program's own frames, innermost first. */
function ownFrames(stack: string): string {
  const frames = stack.split('\n').filter((frame) => frame !== '')
  const own = frames.filter((frame) => !LIBRARY_FRAME.test(frame))
  return (own.length > 0 ? own : frames).slice(0, FRAMES_SHOWN).join(' ← ')
}
