/** Lines of other tools that hold numbers, states and the tool's own words, each by all words that it may hold. */

const anyOf = (words: string): string => `(?:${words.trim().split(/\s+/).join('|')})`

/** /proc/PID/status as proc(5) lists it, but for Name. */
const STATUS = anyOf(`
  Umask State [TNP]gid Pid PPid TracerPid [UG]id FDSize Groups NS(?:tgid|pid|pgid|sid) Kthread
  Vm(?:Peak|Size|Lck|Pin|HWM|RSS|Data|Stk|Exe|Lib|PTE|PMD|Swap) Rss(?:Anon|File|Shmem) HugetlbPages CoreDumping
  THP_enabled Threads (?:Sig|Shd)Pnd Sig(?:Q|Blk|Ign|Cgt) Cap(?:Inh|Prm|Eff|Bnd|Amb) NoNewPrivs Seccomp(?:_filters)?
  Speculation_Store_Bypass SpeculationIndirectBranch (?:Cpus|Mems)_allowed(?:_list)? (?:non)?voluntary_ctxt_switches`)
const STATE = `[RSDTZtXxKWPI] \\((?:running|sleeping|disk sleep|stopped|tracing stop|zombie|dead|wakekill|waking|parked|idle)\\)`
const MITIGATION =
  '(?:unknown|vulnerable|not vulnerable|(?:thread|globally) (?:force )?(?:mitigated|vulnerable)|(?:conditional|always) (?:force )?(?:enabled|disabled))'

/** /proc/meminfo as proc(5) and newer kernels list it. */
const MEMINFO = anyOf(String.raw`
  Mem(?:Total|Free|Available|Shared) Buffers Cached (?:Ina|A)ctive(?:\((?:anon|file)\))? Unevictable Mlocked
  (?:High|Low|Swap)(?:Total|Free) SwapCached MmapCopy Zswap(?:ped)? Dirty Writeback(?:Tmp)? AnonPages Mapped Shmem
  KReclaimable Slab SReclaimable SUnreclaim KernelStack ShadowCallStack (?:Sec)?PageTables Quicklists NFS_Unstable
  Bounce CommitLimit Committed_AS Vmalloc(?:Total|Used|Chunk) Percpu EarlyMemtestBad HardwareCorrupted
  (?:Anon|Shmem|File)HugePages (?:Shmem|File)PmdMapped Cma(?:Total|Free) Unaccepted Balloon
  HugePages_(?:Total|Free|Rsvd|Surp) Hugepagesize Hugetlb GPU(?:Active|Reclaim) DirectMap(?:4k|2M|4M|1G)`)

const LIMIT =
  '(?:cpu time|(?:file|data|stack|core file|msgqueue) size|resident set|processes|open files|locked memory|address space|file locks|pending signals|(?:nice|realtime) priority|realtime timeout)'
const TOP = anyOf(
  'total running sleeping stopped zombie us sy ni id wa hi si st free used buff/cache buffers cached avail Mem',
)
const UPTIME = anyOf('days? min users? load average')
const MALLOC = anyOf('malloc heap sizes? unsorted total system aspace')
const MALLOC_KEY = anyOf('version nr from to total count size type')
const MALLOC_TYPE = anyOf('fast rest mmap current max total mprotect subheaps')
const JAVA = String.raw`(?:OpenJDK|Java HotSpot\(TM\)|Eclipse OpenJ9) (?:64-Bit )?(?:Server|Client|Minimal) VM`
const JAVA_VERSION = String.raw`\d(?:[\d.+_-]|b\d|LTS|Ubuntu|Debian|deb|u\d|ubuntu)*`
const JAVA_MODE = '(?:mixed|interpreted|compiled) mode(?:, (?:sharing|tiered|emulated-client)){0,3}'

const HARMLESS: readonly RegExp[] = [
  /^\s*$/,
  new RegExp(`^${STATUS}:\\t(?:[\\s\\d,()+-]*(?:kB)?|(?:[0-9a-f,]+|\\d+/\\d+|${STATE}|${MITIGATION})\\s*)$`),
  new RegExp(`^${MEMINFO}:\\s+\\d+(?: kB)?$`),
  // limits, cgroup files, sysctl
  /^Limit +Soft Limit +Hard Limit +Units *$/,
  new RegExp(
    `^Max ${LIMIT} +(?:unlimited|\\d+) +(?:unlimited|\\d+)(?: +(?:seconds|bytes|processes|files|locks|signals|us))? *$`,
  ),
  /^(?:max|\d{1,20}|(?:low|high|max|oom|oom_kill|oom_group_kill) \d+|vm\.max_map_count\s*=\s*\d+\s*|memory\.events: oom_kill \d+)$/,
  // heads of ps, lsof, top; totals of ls
  /^(?=[A-Z%/+#\s]*$)(?=(?:.*\s)?PID\s).*(?:CMD|COMMAND)\s*$/,
  /^COMMAND\s+PID\s[A-Z/\s]*NAME\s*$/,
  new RegExp(`^(?:Threads|Tasks|%Cpu\\(s\\)|[KMG]iB (?:Mem|Swap) ?):(?:[\\s\\d.,+]|${TOP}(?![a-z]))*$`),
  new RegExp(`^top - \\d\\d:\\d\\d:\\d\\d up (?:[\\s\\d.,:]|${UPTIME}(?![a-z]))*$`),
  /^total \d+$/,
  // malloc_info, eu-stack
  new RegExp(`^\\s*</?${MALLOC}(?:\\s+${MALLOC_KEY}=(["'])(?:[\\d.]+|${MALLOC_TYPE})\\1)*\\s*/?>\\s*$`),
  /^TID \d+:$/,
  // gdb's own lines, states in a Java thread dump
  /^\[New LWP \d+\]$|^\[Inferior \d+ \(process \d+\) detached\]$|^\[Thread debugging using libthread_db enabled\]$/,
  /^ {3}java\.lang\.Thread\.State: (?:NEW|RUNNABLE|BLOCKED|WAITING|TIMED_WAITING|TERMINATED)(?: \((?:on object monitor|sleeping|parking)\))?$|^\t- None$/,
  new RegExp(`^Full thread dump ${JAVA} \\(${JAVA_VERSION} ${JAVA_MODE}\\):$`),
]

/** Whether every word of the line is a number or one that the tool itself prints. */
export const isHarmless = (line: string): boolean => HARMLESS.some((form) => form.test(line))
