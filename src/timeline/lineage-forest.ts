import { grown } from '../base/growable.ts'
import type { Layout } from './layout.ts'

/** Its largest range when it was last seen: indexes into KINDS and BASES, id of the name. */
export interface Description {
  readonly kind: number
  readonly basis: number
  readonly name: number
}

const FEWEST = 16

/** The ids of a segment's lineages: which turned out to be one, and what each is. */
export class LineageForest {
  /** Ids that were given out, from 0 on. */
  size = 0
  #parent: Int32Array
  #kind: Uint8Array
  #basis: Uint8Array
  #name: Uint32Array

  /** With room for twice so many ids: others come later. */
  constructor(ids = 0) {
    const room = Math.max(FEWEST, 2 * ids)
    this.#parent = new Int32Array(room)
    this.#kind = new Uint8Array(room)
    this.#basis = new Uint8Array(room)
    this.#name = new Uint32Array(room)
  }

  create(): number {
    if (this.size === this.#parent.length) this.#grow()
    this.#parent[this.size] = this.size
    return this.size++
  }

  /** Lineage that an id belongs to by now. */
  root(id: number): number {
    const parent = this.#parent
    let root = id
    while (parent[root] !== root) root = parent[root]!
    for (let at = id; at !== root; ) {
      const up = parent[at]!
      parent[at] = root
      at = up
    }
    return root
  }

  /** From here on `other`, the root of a lineage, is part of the lineage `id`. */
  join(other: number, id: number): void {
    this.#parent[other] = id
  }

  /** What a lineage is, as one of its rows says. */
  describe(id: number, layout: Layout, row: number): void {
    this.#kind[id] = layout.kind[row]!
    this.#basis[id] = layout.basis[row]!
    this.#name[id] = layout.name[row]!
  }

  description(id: number): Description {
    return { kind: this.#kind[id]!, basis: this.#basis[id]!, name: this.#name[id]! }
  }

  /** By lineage of several ids, those ids in ascending order. */
  joined(): ReadonlyMap<number, readonly number[]> {
    const members = new Map<number, number[]>()
    for (let id = 0; id < this.size; id++) {
      if (this.#parent[id] === id) continue
      const root = this.root(id)
      const list = members.get(root)
      if (list) list.push(id)
      else members.set(root, [root, id])
    }
    for (const list of members.values()) list.sort((a, b) => a - b)
    return members
  }

  #grow(): void {
    const room = 2 * this.#parent.length
    this.#parent = grown(this.#parent, room)
    this.#kind = grown(this.#kind, room)
    this.#basis = grown(this.#basis, room)
    this.#name = grown(this.#name, room)
  }
}
