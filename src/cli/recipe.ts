/** Commands that collect what an investigation needs; every line can be pasted as it is. */
export interface RecipeOptions {
  /** Program name for pidof, without characters that a shell or cron reads. */
  readonly name: string
  /** Absolute folder on the captured host. */
  readonly folder: string
  /** Seconds between snapshots. */
  readonly every: number
  /** How long strace runs. */
  readonly seconds: number
}

/**
 * cron runs nothing more often than once a minute, so shorter intervals become a loop; the stamp is then a second
 * wide. In crontab `%` is a line end unless it is escaped. `pidof` can print nothing (the file then says that the
 * process was down) or several pids (each gets its own file).
 */
export function recipe({ name, folder, every, seconds }: RecipeOptions): string[] {
  const minutes = Math.round(every / 60)
  return [
    `# 1. Snapshots of the memory map. ${every >= 60 ? `Add with 'crontab -u root -e':` : 'cron is too slow for this: run as root in a shell of its own, end with Ctrl-C:'}`,
    ...(every >= 60 ? [cronLine(name, folder, minutes)] : [loopLine(name, folder, every)]),
    '',
    `# 2. System calls with their threads, for ${seconds} s, while the snapshots go on. It slows the process down.`,
    `mkdir -p ${folder}/strace && timeout -s INT ${seconds} strace -ttt -T -y -ff -o ${folder}/strace/${name} $(pidof ${name} | sed 's/[0-9]*/-p &/g')`,
    '',
    '# 3. What the files cannot say: names of threads, open files, limits.',
    `for pid in $(pidof ${name}); do ps -L -o pid,tid,comm -p $pid >${folder}/ps_$pid.txt; ls -l /proc/$pid/fd >${folder}/fd_$pid.txt; cat /proc/$pid/limits >${folder}/limits_$pid.txt; done`,
    '',
    '# 4. If the thread stays open: where the memory is asked for (costs much more; keep it short).',
    `timeout -s INT 20 strace -ttt -T -k -f -e trace=mmap,munmap,mremap,brk -o ${folder}/strace/${name}.stacks -p $(pidof -s ${name})`,
    '',
    `# 5. Pack it: tar -C ${folder} -czf ${name}.tar.gz .   Then: memdossier ${name}.tar.gz`,
  ]
}

const cronLine = (name: string, folder: string, minutes: number): string =>
  `${schedule(minutes)} mkdir -p ${folder}/smaps; t=$(date +\\%Y\\%m\\%d\\%H\\%M); p=$(pidof ${name}) || : >${folder}/smaps/smaps__$t; for i in $p; do cat /proc/$i/smaps >${folder}/smaps/smaps_$\{i}_$t; done`

const loopLine = (name: string, folder: string, every: number): string =>
  `mkdir -p ${folder}/smaps; while sleep ${every}; do t=$(date +%Y%m%d%H%M%S); p=$(pidof ${name}) || : >${folder}/smaps/smaps__$t; for i in $p; do cat /proc/$i/smaps >${folder}/smaps/smaps_$\{i}_$t; done; done`

function schedule(minutes: number): string {
  if (minutes < 60) return `*/${minutes} * * * *`
  const hours = Math.max(1, Math.round(minutes / 60))
  return hours < 24 ? `0 */${hours} * * *` : '0 0 * * *'
}
