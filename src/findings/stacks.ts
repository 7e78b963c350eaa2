/**
 * With `strace -k` in the evidence a remedy can name the code path that keeps the memory; with a dump of stacks (gdb,
 * pstack, jstack) at least where the accused thread was at that moment.
 */
import { formatBytes } from '../base/format.ts'
import type { Pid, Tid } from '../base/units.ts'
import type { Attribution, Mechanism } from '../model/attribution.ts'
import type { Sentence } from '../model/sentence.ts'
import type { SideEvidence } from '../model/side-evidence.ts'
import { paragraph, say } from './words/say.ts'

/** Frames of the C library and the loader are how the call was made, not who made it. */
const LIBRARY_FRAME = /\/(libc|libc-[0-9.]+|libpthread[^/]*|ld-linux[^/]*|ld-musl[^/]*)\.so/
const FRAMES_SHOWN = 4

/** The remedy with the stack under most of the bytes that stayed, else with the dumped one; `null` without stacks. */
export function sharperActionOf(
  attribution: Attribution,
  pid: Pid,
  tid: Tid | null,
  mechanism: Mechanism,
  action: Sentence,
  dumps: SideEvidence['stacks'],
): Sentence | null {
  return paragraphOf(keptBy(attribution, pid, tid, mechanism) ?? dumpedOf(dumps, tid), action)
}

const paragraphOf = (first: Sentence | null, action: Sentence): Sentence | null =>
  first && paragraph(first, action)

function keptBy(attribution: Attribution, pid: Pid, tid: Tid | null, mechanism: Mechanism): Sentence | null {
  const byStack = new Map<string, number>()
  for (const owner of attribution.owners) {
    if (owner.pid !== pid || owner.mechanism !== mechanism || owner.stack === null) continue
    if (tid !== null && owner.tid !== tid) continue
    byStack.set(owner.stack, (byStack.get(owner.stack) ?? 0) + owner.end - owner.start)
  }
  const biggest = [...byStack].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0]
  if (!biggest) return null
  const [stack, kept] = biggest
  const frames = ownFrames(stack.split('\n'))
  if (frames === '') return null
  return say(
    `Most of what stayed (${formatBytes(kept)}) was taken here: ${frames}.`,
    `留存的大部分内存（${formatBytes(kept)}）来自这里：${frames}。`,
  )
}

/** Where the accused thread was when its stack was dumped. Only of one that is accused: of others it proves nothing. */
function dumpedOf(dumps: SideEvidence['stacks'], tid: Tid | null): Sentence | null {
  const dumped = tid === null ? undefined : dumps.findLast((stack) => stack.tid === tid)
  const frames = dumped ? ownFrames(dumped.frames) : ''
  if (frames === '') return null
  return say(
    `When stacks were dumped, thread ${tid} was here: ${frames}. That is one moment, not the call that allocates.`,
    `转储调用栈时，线程 ${tid} 位于：${frames}。这只是一个瞬间，并非分配内存的那次调用。`,
  )
}

/** The program's own frames, innermost first. */
function ownFrames(stack: readonly string[]): string {
  const frames = stack.filter((frame) => frame !== '')
  const own = frames.filter((frame) => !LIBRARY_FRAME.test(frame))
  return (own.length > 0 ? own : frames).slice(0, FRAMES_SHOWN).join(' ← ')
}
