/**
 * Captures that settle what an earlier one left open: one command a question, what it settles and what it costs.
 * A finding's capture hint and `memdossier recipe` print the same text.
 *
 * strace stops the thread twice at every system call, also at those that -e filters out (its --seccomp-bpf does not
 * work with -p), so the filter spares disk, not time. `?` before a name: an strace that does not know it ignores it.
 */
import type { Sentence } from '../model/sentence.ts'
import { fileWord, quoted } from './shell.ts'
import { say } from './words/say.ts'

export interface Target {
  /** `$p` in a recipe that runs for each pid of a name. */
  readonly pid: string
  readonly program: string | null
}

export interface CaptureQuestion {
  command(target: Target): string
  readonly settles: Sentence
  readonly cost: Sentence
}

const strace = (calls: string, suffix: string) => (target: Target) =>
  `strace -ff -ttt -T -y -Y -k -e ${quoted(`trace=${calls}`)} -p ${target.pid} -o ${quoted(`${fileWord(target.program)}.${suffix}`)}`

const STRACE_COST = say(
  'strace stops each thread twice per system call: some tens of microseconds a call, and with -k up to a millisecond or two to unwind the stack. Run it for two minutes, not in rush hour.',
  'strace 在每次系统调用时让线程停顿两次：每次调用约几十微秒，-k 展开调用栈最多再加一两毫秒。运行两分钟即可，避开高峰。',
)

const SMAPS_COST = say(
  'Reading smaps walks the page tables under the lock of the address space: some tens of milliseconds for each resident gigabyte.',
  '读取 smaps 会持有地址空间锁并遍历页表，每 1 GiB 常驻内存约几十毫秒。',
)

/** One every so many seconds; for a program whose name is known, what `recipe` prints for it. */
const snapshots =
  (every: '10s' | '60s', span: string) =>
  (target: Target): string =>
    target.program === null
      ? `while sleep ${Number.parseInt(every, 10)}; do cat /proc/${target.pid}/smaps > smaps_${target.pid}_$(date +%Y%m%d%H%M%S) || break; done`
      : `memdossier recipe --process ${quoted(target.program)} --every ${every} --for ${span}`

/** A command two minutes apart, so that what grew shows; `$i` in it is 1, then 2. */
const twice = (command: (target: Target, file: string) => string) => (target: Target) =>
  `for i in 1 2; do ${command(target, fileWord(target.program))}; sleep 120; done`

export const CAPTURE_QUESTIONS = {
  'who-maps': {
    command: strace('mmap,munmap,mremap,madvise', 'maps'),
    settles: say(
      'The stack under each mapping: the code path that maps and does not unmap.',
      '每次映射的调用栈：是哪段代码只映射而不解除映射。',
    ),
    cost: STRACE_COST,
  },
  'who-maps-objects': {
    command: strace('mmap,munmap,openat,?memfd_create,shmat,shmdt,close', 'objects'),
    settles: say(
      'The stack under each mapping and the path behind its descriptor.',
      '每次映射的调用栈，以及描述符对应的路径。',
    ),
    cost: STRACE_COST,
  },
  'who-enlarges-arena': {
    command: strace('mprotect,mmap,munmap,madvise,brk', 'arena'),
    settles: say(
      'The stack under each enlargement of the arena. The code that is often there when the arena runs full is the code that keeps.',
      '每次扩大 arena 时的调用栈。arena 用满时经常出现的代码，就是保留内存的代码。',
    ),
    cost: STRACE_COST,
  },
  'who-starts-threads': {
    command: strace('clone,?clone3,mmap,munmap,mprotect,exit', 'threads'),
    settles: say(
      'The stack under each thread creation: which pthread_create has no pthread_join or pthread_detach.',
      '每次创建线程的调用栈：哪个 pthread_create 没有对应的 pthread_join 或 pthread_detach。',
    ),
    cost: STRACE_COST,
  },
  'who-keeps-heap': {
    command: (target) =>
      `memleak-bpfcc -p ${target.pid} -o 60000 -T 20 60 3 > ${quoted(`${fileWord(target.program)}.memleak`)}`,
    settles: say(
      'Uprobes on malloc and free: stacks of blocks that are older than a minute and not freed. System calls cannot tell, because threads share one heap.',
      '在 malloc 和 free 上设 uprobe：列出一分钟后仍未释放的内存块的调用栈。线程共用一个堆，系统调用无法区分。',
    ),
    cost: say(
      'About 1 to 2 µs for each malloc and free (root, package bpfcc-tools); -s 10 samples every tenth.',
      '每次 malloc 和 free 约增加 1–2 µs（需要 root 和 bpfcc-tools 软件包）；-s 10 表示每十次采样一次。',
    ),
  },
  'who-touches': {
    command: (target) =>
      `perf record -e page-faults -c 1 -g -p ${target.pid} -o ${quoted(`${fileWord(target.program)}.faults`)} -- sleep 120`,
    settles: say(
      'Thread and stack of every page fault: who touches the pages that no system call shows.',
      '每次缺页的线程和调用栈：谁触碰了系统调用看不到的那些页。',
    ),
    cost: say(
      'One sample for each page fault, a few µs each; the file grows with the faults.',
      '每次缺页采样一次，每次几微秒；文件大小随缺页次数增长。',
    ),
  },
  'java-classes': {
    command: twice(({ pid }, file) => `jcmd ${pid} GC.class_histogram > ${quoted(`${file}.classes.`)}$i`),
    settles: say(
      'Live objects of each class, two minutes apart: what the JVM keeps, and of what there is more.',
      '相隔两分钟的两次各类存活对象统计：JVM 保留着什么、什么在变多。',
    ),
    cost: say(
      'Each is a full collection, which stops the program: up to a second for each gigabyte of live objects. Run it as the user of the process.',
      '每次都会触发一次完全回收并使程序停顿：每 1 GiB 存活对象最多约一秒。须以该进程的用户身份运行。',
    ),
  },
  'node-heap': {
    command: (target) =>
      `ss -ltn | grep :9229 || ${twice(
        ({ pid }, file) =>
          `(sleep 3; echo "takeHeapSnapshot('${file}.$i.heapsnapshot')"; sleep 60; echo .exit) | node inspect -p ${pid}`,
      )(target)}`,
    settles: say(
      'Two heap snapshots of V8, to be compared in the memory panel of the developer tools: which objects stay, and who refers to them.',
      '两份 V8 堆快照，可在开发者工具的内存面板中对比：哪些对象留存、被谁引用。',
    ),
    cost: say(
      'SIGUSR1 makes node listen for a debugger on port 9229 of localhost until it ends; not where the program handles that signal itself, nor where the command shows that something listens there already. Each snapshot stops the program for seconds, takes as much memory again as its heap, and holds what the program holds, secrets as well.',
      '会发送 SIGUSR1，使 node 在 localhost 的 9229 端口监听调试器，直到进程结束；程序自行处理该信号、或命令显示该端口已有监听者时，请勿使用。每份快照使程序停顿数秒，并额外占用与堆相当的内存；其中包含程序的全部数据，也包括机密。',
    ),
  },
  'go-heap': {
    command: twice(
      (_, file) => `curl -fsS http://127.0.0.1:6060/debug/pprof/heap > ${quoted(`${file}.heap.`)}$i`,
    ),
    settles: say(
      'Two heap profiles of Go, where this program serves net/http/pprof: put in its own address; go tool pprof -base compares them: which code allocated what stays.',
      '两份 Go 堆剖析，前提是该程序提供 net/http/pprof：请换成它自己的地址；用 go tool pprof -base 对比：留存的内存由哪段代码分配。',
    ),
    cost: say('Little: the runtime samples anyway.', '很小：运行时本来就在采样。'),
  },
  'dotnet-heap': {
    command: twice(({ pid }, file) => `dotnet-gcdump collect -p ${pid} -o ${quoted(`${file}.`)}$i.gcdump`),
    settles: say(
      'Two dumps of what the collector of .NET finds alive: which types grow, and what refers to them.',
      '两份 .NET 回收器的存活对象转储：哪些类型在增长、被什么引用。',
    ),
    cost: say(
      'Each is a full collection, which stops the program for as long as that takes.',
      '每次都会触发一次完全回收，程序在此期间停顿。',
    ),
  },
  'python-heap': {
    command: ({ pid, program }) => {
      const file = quoted(`${fileWord(program)}.memray`)
      return `memray attach --trace-python-allocators -o ${file} ${pid} && sleep 120 && memray detach ${pid} && memray flamegraph --leaks ${file}`
    },
    settles: say(
      'The Python code that allocated what was not freed within two minutes (package memray, in the environment of the program).',
      '两分钟内分配且未释放的内存来自哪段 Python 代码（需要 memray 软件包，装在程序所用的环境中）。',
    ),
    cost: say(
      'Attaches by gdb, which stops the process for a moment and may hang it, and then slows every allocation; the file grows with them.',
      '通过 gdb 附加，会使进程短暂停顿，也可能使其卡死；之后会拖慢每次分配，文件大小随分配次数增长。',
    ),
  },
  'free-inside': {
    command: (target) =>
      `gdb -p ${target.pid} -batch -ex 'set $f = (void *)fopen("/var/tmp/${fileWord(target.program)}.malloc_info.xml", "w")' -ex 'call (int)malloc_info(0, $f)' -ex 'call (int)fclose($f)'`,
    settles: say(
      'What glibc itself counts as free inside its heaps: held for no use, or in use.',
      'glibc 自己统计的堆内空闲量：是白白占着，还是正在使用。',
    ),
    cost: say(
      'Stops the process for about a second, and hangs if a thread is stopped inside malloc while it holds the lock: not on a process you cannot restart.',
      '会让进程停顿约一秒；若某线程正持锁停在 malloc 中则可能卡死：不要用于不能重启的进程。',
    ),
  },
  'more-snapshots': {
    command: snapshots('10s', '30m'),
    settles: say(
      'Enough snapshots to tell growth from warm-up: at least twenty, over several periods of what the program does.',
      '足够多的快照才能区分增长与预热：至少二十个，并覆盖程序的若干个工作周期。',
    ),
    cost: SMAPS_COST,
  },
  'longer-capture': {
    command: snapshots('60s', '1d'),
    settles: say(
      'A slower leak shows in snapshots of a whole day: the limit of detection falls with the time that is watched.',
      '更慢的泄漏要用一整天的快照才能看出：观察时间越长，可发现的泄漏越小。',
    ),
    cost: SMAPS_COST,
  },
} as const satisfies Record<string, CaptureQuestion>

export type QuestionName = keyof typeof CAPTURE_QUESTIONS

/**
 * The hint of a finding about this pid and program; where the evidence tells no pid (0) the command asks pidof. `latest`
 * is the process to ask instead of one that has ended.
 */
export function captureHint(
  question: QuestionName,
  target: { readonly pid: number; readonly program: string | null },
  latest = target.pid,
): { readonly command: string; readonly settles: Sentence } {
  const { command, settles: asked, cost } = CAPTURE_QUESTIONS[question]
  const settles = latest === target.pid ? asked : askedOfNext(asked, target.pid, latest)
  const program = target.program ?? 'NAME'
  return {
    command: command(
      latest > 0
        ? { pid: String(latest), program: target.program }
        : { pid: `"$(pidof -s ${quoted(program)})"`, program },
    ),
    settles: say(`${settles.en} ${cost.en}`, `${settles.zh}${cost.zh}`),
  }
}

/**
 * Said in the first sentence: the only one that the first screen shows. That it is a restart and not another worker of
 * the same program, which was looked at next, nothing tells.
 */
const askedOfNext = (settles: Sentence, ended: number, latest: number): Sentence =>
  say(
    settles.en.replace(/\.(?= |$)/, ` (of pid ${latest}, first seen after pid ${ended} was last seen).`),
    settles.zh.replace('。', `（针对 pid ${latest}：在最后一次看到 pid ${ended} 之后首次出现）。`),
  )
