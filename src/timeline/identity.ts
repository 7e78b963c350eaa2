import { EXECUTE } from '../model/snapshot.ts'
import type { Layout, Names } from './layout.ts'

const isFile = (name: string): boolean => name.startsWith('/') && !name.startsWith('/dev/')
const DELETED = ' (deleted)'
const bare = (name: string): string => (name.endsWith(DELETED) ? name.slice(0, -DELETED.length) : name)
const LIBRARY = /\.so(\.|$)|\/ld-|\/ld\.so/

/**
 * The executable as mapped: the first executable mapping of a file that is no library, by address (a program lies
 * below its libraries). `null` where no snapshot shows one.
 */
export function executableOf(layout: Layout, names: Names): string | null {
  for (let row = 0; row < layout.length; row++) {
    if (!(layout.permissions[row]! & EXECUTE)) continue
    const name = bare(names.strings.get(layout.name[row]!))
    if (isFile(name) && !LIBRARY.test(name)) return name
  }
  return null
}

/**
 * Whether two layouts can be one process: program text stays where it was loaded until execve, and a new process gets
 * other addresses. `true` when nothing speaks against it (no files shown, a program loaded at fixed addresses).
 */
export function sameProcess(before: Layout, after: Layout, names: Names): boolean {
  if (sameFirstText(before, after, names)) return true
  const places = new Set<string>()
  for (const place of textPlaces(before, names)) places.add(place)
  if (places.size === 0) return true
  const later = textPlaces(after, names)
  return later.length === 0 || later.some((place) => places.has(place))
}

/** Whether the lowest executable file mapping is the same: all but always it is, and settles the question. */
function sameFirstText(before: Layout, after: Layout, names: Names): boolean {
  const [a, b] = [firstText(before, names), firstText(after, names)]
  return a >= 0 && b >= 0 && before.name[a] === after.name[b] && before.start[a] === after.start[b]
}

function firstText(layout: Layout, names: Names): number {
  for (let row = 0; row < layout.length; row++)
    if (layout.permissions[row]! & EXECUTE && isFile(bare(names.strings.get(layout.name[row]!)))) return row
  return -1
}

/** `name@start` of every executable file mapping. */
function textPlaces(layout: Layout, names: Names): string[] {
  const places: string[] = []
  for (let row = 0; row < layout.length; row++) {
    if (!(layout.permissions[row]! & EXECUTE)) continue
    const name = bare(names.strings.get(layout.name[row]!))
    if (isFile(name)) places.push(`${name}@${layout.start[row]!}`)
  }
  return places
}
