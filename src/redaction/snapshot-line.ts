import type { Keeper } from './keeper.ts'
import { anonymousName, mappingName } from './mapping-name.ts'
import { redactPath } from './paths.ts'
import { redactText } from './text.ts'
import { keepKernelWords } from './words.ts'

/** Header of smaps and maps; quoting of mailers may stand before it. */
const HEADER =
  /^([\s>|]*[0-9a-f]{1,16}-[0-9a-f]{1,16} \S{3,5} [0-9a-f]+ [0-9a-f]+:[0-9a-f]+ +\d+[ \t]*)(.*)$/s
const FIELD = /^[\s>|]*[A-Za-z][A-Za-z0-9_]*:[\s\d]*(?:kB)?\s*$/
const FLAGS = /^[\s>|]*VmFlags:[ a-z0-9?]*\s*$/
const NAME_FIELD = /^([\s>|]*Name:\s*)(.*)$/s
/** `1085:   /usr/sbin/nscd --option`, the title of pmap. */
const PMAP_TITLE = /^(\s*\d+:\s+)(\S+)(.*)$/s
const PMAP_ROW = /^(\s*[0-9a-f]{8,16}[\s:].*?)(\s)(\S*[^\d\s.KkB:-]\S*(?: \S+)*)$/s
const PMAP_FRAME = /^(?:\s*Address|\s*total|\s*mapped|[\s=-]*$)/i

/** One line of smaps, maps, smaps_rollup or pmap: names of mappings are all it can give away. */
export function redactSnapshotLine(line: string, keeper: Keeper): string {
  if (FIELD.test(line) || FLAGS.test(line)) return line
  const header = HEADER.exec(line)
  if (header) return header[2] === '' ? line : header[1] + mappingName(header[2]!, keeper)
  const name = NAME_FIELD.exec(line)
  if (name) return name[1] + bracketed(name[2]!, keeper)
  const title = PMAP_TITLE.exec(line)
  if (title) return title[1] + redactPath(title[2]!, keeper) + commandArguments(title[3]!, keeper)
  if (PMAP_FRAME.test(line)) return line
  const row = PMAP_ROW.exec(line)
  if (row) return pmapRow(line, keeper)
  return keeper.strict ? keepKernelWords(line, 'damaged-line', keeper) : redactText(line, keeper)
}

function bracketed(name: string, keeper: Keeper): string {
  const named = /^(\[anon:)(.*)(\]\s*)$/s.exec(name)
  return named ? named[1] + anonymousName(named[2]!, keeper) + named[3] : anonymousName(name, keeper)
}

function commandArguments(text: string, keeper: Keeper): string {
  return text.replace(/\S+/g, (word) => (keeper.isToken(word) ? word : keeper.payload('arguments', word)))
}

/** A row of pmap ends in the mapping's name; it may hold blanks, and `-X` prints its last part only. */
function pmapRow(line: string, keeper: Keeper): string {
  const at = line.search(/ (?=[/[]|[^\s\d]*[A-Za-z_.-]*[g-zG-Z_][^\s]*(?: \S+)*$)(?![r-][w-][x-][sp-])/)
  if (!keeper.strict) return redactText(line, keeper)
  if (at < 0) return line
  return line.slice(0, at + 1) + mappingName(line.slice(at + 1), keeper)
}
