import { leafOf } from '../base/path-parts.ts'
import { LONGEST_COMM, PLACE_COMMAND } from './command-line.ts'

/** Whose text a line is: from the file's name and folders, from `==> /proc/1085/comm <==`, from grep's `path:`. */
export interface Place {
  readonly pid: number | null
  readonly tid: number | null
  /** The kernel's file that the line was in: `comm`, `limits`, `memory.max`; `null` when nothing says. */
  readonly source: string | null
}

/** Nothing said whose text it is. */
export const NOWHERE: Place = { pid: null, tid: null, source: null }

/** Names of a cgroup's memory files (cgroup v2 and v1), for regular expressions. */
export const MEMORY_FILE = String.raw`memory\.(?:swap\.max|memsw\.limit_in_bytes|max|high|current|events|limit_in_bytes|usage_in_bytes)`
/** Kernel files that a reader knows by name: their text alone does not say what it is. */
const SOURCE = new RegExp(
  String.raw`(?:^|[\W_])(${MEMORY_FILE}|max_map_count|cmdline|comm|status|limits)(?![a-z])`,
)
const PROCESS = /\/proc\/(\d{1,7})(?:\/task\/(\d{1,7}))?(?=\/)/

/** `==> /proc/1085/comm <==` of head and tail. */
const BANNER = /^==> (.+) <==$/
/** `/proc/1085/task/1086/comm:worker` of grep, also with a relative path; of nothing else with a colon. */
const PREFIXED =
  /^((?:\/(?:proc|sys)\/[^:\s]+|(?:[\w.-]+\/)*memory\.[\w.]+|(?:[\w.-]+\/)*max_map_count)):(.*)$/

/** What a path says about the text in it; what it does not say stays as `before` has it. */
export function placeOf(path: string, before: Place): Place {
  const process = PROCESS.exec(path.startsWith('/') ? path : `/${path}`)
  return {
    pid: process ? Number(process[1]) : before.pid,
    tid: process ? (process[2] === undefined ? null : Number(process[2])) : before.tid,
    source: SOURCE.exec(leafOf(path))?.[1] ?? null,
  }
}

/** Follows the banners, prefixes and commands of a file, line by line. */
export class Places {
  readonly #own: Place
  #current: Place
  /** The next line is the first of a `comm`: a name, which may look like a banner. */
  #isName: boolean

  constructor(own: Place) {
    this.#own = own
    this.#current = own
    this.#isName = own.source === 'comm'
  }

  /** The line without its prefix and where it belongs; `null` for a banner. */
  locate(line: string): { readonly text: string; readonly place: Place } | null {
    const isName = this.#isName && line.length <= LONGEST_COMM
    this.#isName = false
    if (isName) return { text: line, place: this.#current }
    const banner = (BANNER.exec(line) ?? PLACE_COMMAND.exec(line))?.[1]
    if (banner !== undefined) {
      this.#current = placeOf(banner, this.#own)
      this.#isName = this.#current.source === 'comm'
      return null
    }
    const prefixed = PREFIXED.exec(line)
    if (prefixed && prefixed[2] !== '') return { text: prefixed[2]!, place: placeOf(prefixed[1]!, this.#own) }
    return { text: line, place: this.#current }
  }
}
