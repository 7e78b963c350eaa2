import type { Keeper } from './keeper.ts'
import { redactText } from './text.ts'

/** Without the time where journalctl has put another one in front. */
const SYSLOG = /^((?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d+)? )?)(\S+)( )(\S+?)((?:\[\d+\])?: )$/
/** What a container's log file says of the stream. */
const STREAM = /^(?:stdout|stderr) [FP] $/

/** A prefix of a log collector keeps its form; the names of hosts and services in it go under `strict`. */
export function foreignText(text: string, keeper: Keeper): string {
  if (!keeper.strict) return redactText(text, keeper)
  const [, time, host, gap, unit, end] = SYSLOG.exec(text) ?? []
  if (time !== undefined)
    return (
      time + keeper.name('host', host!) + gap + (unit === 'strace' ? unit : keeper.name('word', unit!)) + end
    )
  return STREAM.test(text) || /^[\d[>#\s]*\d|^[>#\s]+$/.test(text)
    ? text
    : text.replace(/[^\s/|[\]]+/g, (word) => keeper.name('word', word))
}
