import { OpenArgument } from '../../model/command-line.ts'
import type { Head } from '../head.ts'
import { cgroupMemory } from './cgroup.ts'
import { fdList, lsof } from './descriptors.ts'
import { kernelLog } from './kernel-log.ts'
import { mallocInfo } from './malloc-info.ts'
import { mapCount, procCmdline, procLimits, procStatus, taskComm } from './proc-files.ts'
import { psThreads } from './ps.ts'
import type { SideReader } from './reader.ts'
import { gdbStacks, javaStacks } from './stacks.ts'
import { topThreads } from './top.ts'

/** Every kind of side evidence, the most telling first. */
export const SIDE_READERS: readonly SideReader[] = [
  topThreads,
  psThreads,
  taskComm,
  procStatus,
  procLimits,
  procCmdline,
  fdList,
  lsof,
  cgroupMemory,
  mapCount,
  gdbStacks,
  javaStacks,
  mallocInfo,
  kernelLog,
]

/** The readers that know something in a file, and why; `null` when none does. */
export function sniffSide(head: Head): { readonly side: string; readonly why: string } | null {
  const argument = new OpenArgument()
  const seen = head.lines.some((line) => line.includes('\0'))
    ? { ...head, lines: head.lines.filter((line) => !argument.holds(line)) }
    : head
  const found = SIDE_READERS.flatMap(({ id, sniff }) => {
    const why = sniff(seen)
    return why === null ? [] : [{ id, why }]
  })
  if (found.length === 0) return null
  return { side: found.map(({ id }) => id).join('+'), why: found.map(({ why }) => why).join(', ') }
}
