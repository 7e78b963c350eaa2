import { grown } from '../base/growable.ts'
import { sameBytes } from '../base/same-bytes.ts'
import type { StringTable } from '../base/string-table.ts'
import { EXECUTE, type MappingTable, READ, SHARED, WRITE } from '../model/snapshot.ts'
import { FLAG } from './flags.ts'
import { BASIS_INDEX, KIND_INDEX, OPEN } from './kind-index.ts'
import { NameBook, type NameFacts } from './name-book.ts'
import { fileKind, type NameRule } from './name-kinds.ts'

const ACCESS = READ | WRITE | EXECUTE
const IS_FILE = 16

/**
 * What names, permissions and flags tell of the rows of a table, wherever the rows lie. From one snapshot to the next
 * these are mostly the same while sizes change, so that one sheet serves many tables.
 */
export class KindSheet {
  readonly names: NameBook
  /** By row: kind and basis that the name settles, OPEN where addresses may tell another. */
  kind = new Uint8Array(0)
  basis = new Uint8Array(0)
  /** Kind and basis of an open row of which no address tells another. */
  restKind = new Uint8Array(0)
  restBasis = new Uint8Array(0)
  /** Rows that are private, without a name, without any access, ascending. */
  readonly reserves: number[] = []
  /** Open rows that their flags let be stacks, ascending. */
  readonly maybeStacks: number[] = []
  hasJvm = false
  #length = 0
  #name = new Uint32Array(0)
  #vmFlags = new Uint32Array(0)
  #permissions = new Uint8Array(0)
  #inode = new Float64Array(0)

  static readonly #sheets = new WeakMap<StringTable, KindSheet>()

  /** The sheet of a table, good until that of another one with the same strings is asked for. */
  static of(table: MappingTable): KindSheet {
    let sheet = KindSheet.#sheets.get(table.strings)
    if (!sheet) {
      sheet = new KindSheet(NameBook.of(table.strings))
      KindSheet.#sheets.set(table.strings, sheet)
    }
    if (!sheet.#isOf(table)) sheet.#fill(table)
    return sheet
  }

  private constructor(names: NameBook) {
    this.names = names
  }

  #isOf({ length, name, vmFlags, permissions, inode }: MappingTable): boolean {
    return (
      length === this.#length &&
      sameBytes(name, this.#name.subarray(0, length)) &&
      sameBytes(vmFlags, this.#vmFlags.subarray(0, length)) &&
      sameBytes(permissions, this.#permissions.subarray(0, length)) &&
      sameBytes(inode, this.#inode.subarray(0, length))
    )
  }

  #fill(table: MappingTable): void {
    const { length } = table
    this.#makeRoom(length)
    this.#length = length
    this.#name.set(table.name)
    this.#vmFlags.set(table.vmFlags)
    this.#permissions.set(table.permissions)
    this.#inode.set(table.inode)
    this.reserves.length = 0
    this.maybeStacks.length = 0
    this.hasJvm = false
    for (let row = 0; row < length; row++) this.#settleByName(row)
    const executableData = this.#hasExecutableData()
    for (let row = 0; row < length; row++) if (this.kind[row] === OPEN) this.#settleRest(row, executableData)
  }

  #makeRoom(length: number): void {
    if (this.kind.length >= length) return
    const room = 2 * length
    this.kind = grown(this.kind, room)
    this.basis = grown(this.basis, room)
    this.restKind = grown(this.restKind, room)
    this.restBasis = grown(this.restBasis, room)
    this.#name = grown(this.#name, room)
    this.#vmFlags = grown(this.#vmFlags, room)
    this.#permissions = grown(this.#permissions, room)
    this.#inode = grown(this.#inode, room)
  }

  #settleByName(row: number): void {
    const name = this.#name[row]!
    const permissions = this.#permissions[row]!
    const flags = this.names.flags.of(this.#vmFlags[row]!)
    const facts = name === 0 ? null : this.names.facts(name)
    if (facts === null && (permissions & (ACCESS | SHARED)) === 0) this.reserves.push(row)
    if (facts?.isJvm) this.hasJvm = true
    this.basis[row] = 0
    if ((flags & FLAG.ht) !== 0) this.#set(row, KIND_INDEX['huge-pages'], BASIS_INDEX.name)
    else if (facts === null) this.kind[row] = OPEN
    else if (facts.rules.length === 0 && (flags & (FLAG.pf | FLAG.io)) !== 0)
      this.#set(row, KIND_INDEX.device, BASIS_INDEX.layout)
    else {
      const place = permissions | (this.#inode[row]! > 0 ? IS_FILE : 0)
      const packed = facts.kinds[place] ?? kindByName(facts, place)
      facts.kinds[place] = packed
      this.#set(row, packed & 0xff, packed >> 8)
    }
  }

  #set(row: number, kind: number, basis: number): void {
    this.kind[row] = kind
    this.basis[row] = basis
  }

  /** Old ports and personality READ_IMPLIES_EXEC make all data executable: then execution says nothing. */
  #hasExecutableData(): boolean {
    for (let row = 0; row < this.#length; row++) {
      if ((this.#permissions[row]! & EXECUTE) === 0) continue
      const kind = this.kind[row]
      if (kind === KIND_INDEX['main-heap'] || kind === KIND_INDEX['main-stack']) return true
    }
    return false
  }

  #settleRest(row: number, executableData: boolean): void {
    const permissions = this.#permissions[row]!
    const isWritable = (permissions & (READ | WRITE | SHARED)) === (READ | WRITE)
    if (isWritable && (this.names.flags.of(this.#vmFlags[row]!) & (FLAG.gu | FLAG.nh)) !== 0)
      this.maybeStacks.push(row)
    this.restBasis[row] = BASIS_INDEX.layout
    if ((permissions & SHARED) !== 0) {
      this.restKind[row] = KIND_INDEX['shared-memory']
      this.restBasis[row] = BASIS_INDEX.guess
    } else if ((permissions & ACCESS) === 0) this.restKind[row] = KIND_INDEX['anonymous-reserve']
    else if ((permissions & EXECUTE) !== 0 && !executableData) this.restKind[row] = KIND_INDEX.jit
    else this.restKind[row] = KIND_INDEX.anonymous
  }
}

/** Kind and basis (shifted by 8) of a mapping with this name, these permissions, and an inode or none. */
function kindByName(facts: NameFacts, place: number): number {
  const shared = (place & SHARED) !== 0
  const rule = facts.rules.find((candidate) => holds(candidate, shared, (place & IS_FILE) !== 0))
  if (!rule) {
    const kind = fileKind(shared, (place & WRITE) !== 0, (place & EXECUTE) !== 0)
    return KIND_INDEX[kind] | (BASIS_INDEX.name << 8)
  }
  const accessible = (place & ACCESS) !== 0
  const kind = accessible ? rule.kind : (rule.inaccessible ?? rule.kind)
  return KIND_INDEX[kind] | (BASIS_INDEX[rule.guess ? 'guess' : 'name'] << 8)
}

/** Names in brackets with an inode are files whose directory pmap left out. */
const holds = (rule: NameRule, shared: boolean, isFile: boolean): boolean =>
  (rule.only === undefined || (rule.only === 'shared') === shared) &&
  !(isFile && rule.pattern.source.startsWith('^\\['))
