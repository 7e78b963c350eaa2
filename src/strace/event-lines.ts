import { decodeText } from '../base/bytes-text.ts'

/**
 * Lines that are not calls:
 *   +++ exited with 0 +++        +++ killed by SIGSEGV (core dumped) +++     +++ superseded by execve in pid 501 +++
 *   --- SIGCHLD {si_signo=SIGCHLD, …} ---      --- SIGCHLD (Child exited) @ 0 (0) ---      --- stopped by SIGSTOP ---
 *   [ Process PID=31085 runs in 32 bit mode. ]        strace: Process 15 attached with 7 threads
 * Text of all strace versions from 4.5 on; rare, so read as strings.
 */

export type EventLine =
  | { readonly kind: 'exited' | 'killed'; readonly text: string }
  | { readonly kind: 'superseded'; readonly by: number }
  | { readonly kind: 'signal' | 'stop'; readonly text: string }
  | { readonly kind: 'personality'; readonly pid: number; readonly bits: 32 | 64 }
  | { readonly kind: 'attached'; readonly pid: number }
  | { readonly kind: 'detached'; readonly pid: number }
  | { readonly kind: 'message'; readonly text: string }

interface EventPattern {
  readonly pattern: RegExp
  readonly read: (found: RegExpExecArray) => EventLine
}

const SIGNAL_TEXT = 240

const PATTERNS: readonly EventPattern[] = [
  { pattern: /^\+\+\+ exited with (\d+)/, read: () => ({ kind: 'exited', text: 'exited' }) },
  {
    pattern: /^\+\+\+ killed by (\w+)/,
    read: (found) => ({ kind: 'killed', text: `killed by ${found[1]}` }),
  },
  {
    pattern: /^\+\+\+ superseded by execve in pid (\d+)/,
    read: (found) => ({ kind: 'superseded', by: Number(found[1]) }),
  },
  { pattern: /^--- stopped by (\w+)/, read: (found) => ({ kind: 'stop', text: `stopped by ${found[1]}` }) },
  {
    pattern: /^--- (.*?)(?: ---)?\s*$/,
    read: (found) => ({ kind: 'signal', text: found[1]!.slice(0, SIGNAL_TEXT) }),
  },
  {
    pattern: /^(?:strace: )?\[ Process PID=(\d+) runs in (x32|\d+[ -]bit) mode\. \]/,
    read: (found) => ({
      kind: 'personality',
      pid: Number(found[1]),
      bits: found[2]!.startsWith('32') ? 32 : 64,
    }),
  },
  {
    pattern: /^(?:strace: )?Process (\d+) attached/,
    read: (found) => ({ kind: 'attached', pid: Number(found[1]) }),
  },
  {
    pattern: /^(?:strace: )?Process (\d+) detached/,
    read: (found) => ({ kind: 'detached', pid: Number(found[1]) }),
  },
  {
    pattern:
      /^(?:(?:strace|WARNING|warning): .*|(?:Process|pid) \d+ (?:suspended|resumed|exited with).*| \[wait\(0x.*)/,
    read: (found) => ({ kind: 'message', text: found[0].slice(0, SIGNAL_TEXT) }),
  },
]

/** What the line is, `null` when it is none of these. */
function readEventLine(text: string): EventLine | null {
  for (const { pattern, read } of PATTERNS) {
    const found = pattern.exec(text)
    if (found) return read(found)
  }
  return null
}

/** `+`, `-`, `[`, a blank, and the first letters of messages: anything else begins no event. */
const FIRST_BYTES = new Set([...'+-[ sPWwp'].map((character) => character.charCodeAt(0)))

export const beginsEvent = (byte: number): boolean => FIRST_BYTES.has(byte)

const LONGEST = 512

/** As `readEventLine`, for bytes. */
export const readEventText = (buffer: Uint8Array, start: number, end: number): EventLine | null =>
  readEventLine(decodeText(buffer, start, Math.min(end, start + LONGEST)))
