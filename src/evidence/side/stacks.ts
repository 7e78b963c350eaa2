import { anyLine, type SideFile, type SideLines, type SideLists, type SideReader } from './reader.ts'

/** Collects the frames of one thread until the next begins. */
class Stack {
  #open: { tid: number; name: string | null; frames: string[]; line: number } | null = null
  readonly #into: SideLists
  readonly #file: SideFile

  constructor(into: SideLists, file: SideFile) {
    this.#into = into
    this.#file = file
  }

  begin(tid: number, name: string | null, line: number): void {
    this.end()
    this.#open = { tid, name, frames: [], line }
  }

  get isOpen(): boolean {
    return this.#open !== null
  }

  frame(text: string): void {
    this.#open?.frames.push(text)
  }

  end(): void {
    if (this.#open && this.#open.frames.length > 0) {
      const { tid, name, frames, line } = this.#open
      const reference = { ...this.#file.reference(line), lastLine: line + frames.length }
      this.#into.stacks.push({ tid, name, frames, reference })
    }
    this.#open = null
  }
}

/** gdb: `Thread 3 (Thread 0x7f1c (LWP 1087) "resize"):`; pstack: `Thread 1 (process 1085):`; eu-stack: `TID 1085:` */
const GDB_THREAD =
  /^Thread \d+ \((?:Thread 0x[0-9a-f]+ \()?(?:LWP|process) (\d+)\)?(?: "([^"]*)")?(?: \([A-Za-z ]*\))?\)?:?$|^TID (\d+):$/
/** `#1  0x00007f… in resize (arg=0x0) at thumbd.c:210`, `#0  __futex_wait () from /lib/libc.so.6`; eu-stack: `#1  0x7f… poll` */
const GDB_FRAME = /^#\d+\s+(?:0x[0-9a-f]+ (?:in )?)?(.+)$/

/**
 * `gdb -batch -ex 'thread apply all bt' -p PID`, pstack, eu-stack. Values of arguments are dropped: they are long, and
 * they are the program's data.
 */
export const gdbStacks: SideReader = {
  id: 'gdb-stacks',
  sniff: anyLine(GDB_THREAD, 'stacks by thread as gdb, pstack or eu-stack print them'),
  open: (into, file) => new GdbLines(into, file),
}

class GdbLines implements SideLines {
  readonly #stack: Stack
  readonly #into: SideLists
  readonly #file: SideFile

  constructor(into: SideLists, file: SideFile) {
    this.#stack = new Stack(into, file)
    this.#into = into
    this.#file = file
  }

  line(text: string, number: number, { pid }: { pid: number | null }): void {
    const thread = GDB_THREAD.exec(text)
    if (thread) {
      const tid = Number(thread[1] ?? thread[3])
      const name = thread[2] ?? null
      this.#stack.begin(tid, name, number)
      if (name !== null)
        this.#into.threadNames.push({ pid, tid, name, reference: this.#file.reference(number) })
      return
    }
    const frame = this.#stack.isOpen ? GDB_FRAME.exec(text)?.[1] : undefined
    if (frame !== undefined) this.#stack.frame(withoutArguments(frame))
  }

  end(): void {
    this.#stack.end()
  }
}

/** `resize (item=0x55, n=3) at thumbd.c:210` becomes `resize at thumbd.c:210`. */
function withoutArguments(frame: string): string {
  const open = frame.indexOf(' (')
  if (open < 0) return frame.trim()
  const place = /\)\s+((?:at|from) .*)$/.exec(frame)?.[1]
  return place === undefined ? frame.slice(0, open) : `${frame.slice(0, open)} ${place}`
}

/** `"http-nio-1" #23 daemon prio=5 os_prio=0 tid=0x00007f nid=0x443 runnable`; decimal from JDK 19 on. */
const JAVA_THREAD = /^"([^"]*)" .*\bnid=(0x[0-9a-f]+|\d+) /
const JAVA_FRAME = /^\tat (\S.*)$/

/** jstack, `kill -3`, `jcmd Thread.print`: nid is the kernel's tid. */
export const javaStacks: SideReader = {
  id: 'jstack',
  sniff: anyLine(JAVA_THREAD, 'a Java thread dump'),
  open: (into, file) => {
    const stack = new Stack(into, file)
    return {
      line(text, number, { pid }) {
        const thread = JAVA_THREAD.exec(text)
        const frame = JAVA_FRAME.exec(text)
        if (thread) {
          const tid = Number(thread[2])
          stack.begin(tid, thread[1]!, number)
          into.threadNames.push({ pid, tid, name: thread[1]!, reference: file.reference(number) })
        } else if (frame) stack.frame(frame[1]!)
        else if (text === '') stack.end()
      },
      end: () => stack.end(),
    }
  },
}
