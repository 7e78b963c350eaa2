import type { RunOptions } from './run-options.ts'

/**
 * The options that decide what report.json says, as text for bag-info.txt: with them and the evidence inside, verify
 * makes the report again. Budgets and the baseline are judged afterwards and are not among them.
 */
export function recordedOptions(options: RunOptions): Record<string, string> {
  const rows: [string, string | null][] = [
    ['pid', options.pids.length > 0 ? options.pids.join(',') : null],
    ['limit', options.limitBytes === null ? null : String(options.limitBytes)],
    ['strace-date', options.straceDate],
    ['time-zone', options.timeZone],
    ['redact', options.redact],
    ['lang', options.language],
  ]
  return Object.fromEntries(rows.filter((row): row is [string, string] => row[1] !== null))
}
