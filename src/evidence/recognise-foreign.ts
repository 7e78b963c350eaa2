import type { Head } from './head.ts'

/** A tool whose output looks like strace's and is not: refused by name, because its columns mean other things. */
interface Foreign {
  readonly tool: string
  /** One line that only this tool prints. */
  readonly line: RegExp
}

const FOREIGN: readonly Foreign[] = [
  // <PROT_READ|PROT_WRITE> (3), ['/sbin/ip', 'link']
  { tool: 'python-ptrace', line: /^\s*(?:\[\w+\] )?\w+\(.*(?:<[A-Z_|]+> \(\d+\)|\['[^']*'[,\]])/ },
  // gVisor's pkg/log: I0102 15:04:05.123456       1 strace.go:567] [   1:   1] app E mmap(
  { tool: "gVisor's log", line: /^[IWDE]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ (?:strace|[\w]+)\.go:\d+\]/ },
  // u-root's strace: [pid 4007] X pread64(0x3, …) = …
  { tool: "u-root's strace", line: /^\[pid \d+\] [EX] \w+\(/ },
  // ltrace -S: SYS_brk(0) or brk@SYS(nil); strace prints SYS_ only with a number
  {
    tool: 'ltrace',
    line: /^(?:\[pid \d+\] |\d+ +)?(?:[\d:.]+ )?(?:SYS_[a-z]\w*|\w+@SYS|\w+(?:\.so[\d.]*)?->\w+|__libc_start_main)\(/,
  },
  { tool: 'ltrace', line: /^(?:\[pid \d+\] |\d+ +)?\+\+\+ exited \(status \d+\) \+\+\+/ },
  // perf trace: "     0.123 ( 0.004 ms): prog/123 mmap(len: 8192, …) = 0x7f…"
  { tool: 'perf trace', line: /^\s*\d+\.\d+ \((?:\s*[\d.]+ ms|\s*)\): / },
  // truss, Solaris and FreeBSD: "/1:\tread(…)\t= 0", "Err#2 ENOENT", "ERR#2 'No such file'", "= 8 (0x8)"
  {
    tool: 'truss',
    line: /^(?:\d+: *)?(?:\/\d+:\s+)?\w+\(.*\)\s*(?:= -?\d+ \(0x[0-9a-f]+\)$|Err#\d+|ERR#\d+)/,
  },
  { tool: 'truss', line: /^\/\d+:\t+\w+\(/ },
  // sysdig and falco: "28 13:53:53.1 0 nginx (1234) > mmap addr=0 …"
  { tool: 'sysdig', line: /^\d+ [\d:.]+ \d+ \S+ \(\d+(?:\.\d+)?\) [<>] \w+/ },
  // FreeBSD kdump, dtruss, auditd
  { tool: 'kdump', line: /^\s*\d+ +\S+ +(?:CALL|RET) +\w+/ },
  {
    tool: 'dtruss',
    line: /^\s*(?:PID\/THRD\s+)?(?:RELATIVE\s+)?(?:ELAPSD\s+)?(?:CPU\s+)?SYSCALL\(args\)\s+= return/,
  },
  { tool: 'auditd', line: /^type=[A-Z_]+ msg=audit\(/ },
]

/** The tool that wrote the file, when it is not one of ours. */
export function foreignTool(head: Head): string | null {
  let best: { tool: string; lines: number } | null = null
  for (const { tool, line } of FOREIGN) {
    const lines = head.lines.filter((text) => line.test(text)).length
    if (lines > 0 && (!best || lines > best.lines)) best = { tool, lines }
  }
  if (!best) return null
  // A real log may hold one such line as the output of the traced program.
  const filled = head.lines.filter((text) => text.trim() !== '').length
  return best.lines * 8 >= filled ? best.tool : null
}
