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
 * other addresses: of a program that is linked to one address, the kernel's `[vdso]`. `true` when nothing speaks against
 * it (no files shown, addresses that are not made random).
 */
export function sameProcess(before: Layout, after: Layout, names: Names): boolean {
  if (sameFirstText(before, after, names)) return !vdsoMoved(before, after, names)
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

/** Programs are loaded below where they are linked to an address of their own, and above where the kernel chooses it. */
const LINKED_BELOW = 2 ** 30

/** Whether a program that always lies at one place is mapped beside another `[vdso]`, which a process never moves. */
function vdsoMoved(before: Layout, after: Layout, names: Names): boolean {
  const text = firstText(before, names)
  if (text < 0 || before.start[text]! >= LINKED_BELOW) return false
  const [a, b] = [vdsoOf(before, names), vdsoOf(after, names)]
  return a !== null && b !== null && a !== b
}

/** Where the `[vdso]` lies, which is among the last mappings. */
function vdsoOf({ start, name, length }: Layout, { strings }: Names): number | null {
  for (let row = length - 1; row >= 0; row--) if (strings.get(name[row]!) === '[vdso]') return start[row]!
  return null
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
