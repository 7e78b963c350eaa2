/**
 * A small kernel: threads that call mmap, munmap, mremap, mprotect and brk at the same time, with calls that take
 * effect at any instant between entry and return. It writes the log and the maps that strace and /proc would show, and
 * knows for every page who made it.
 */
import { Script } from './support.ts'

const PAGE = 4096
const BASE = 0x7f40_0000_0000
const HEAP = 0x5555_0000_0000
/** Pages of the simulated address space: few, so that addresses are used again at once. */
const SPACE = 160

/** A number in [0, 1), from a seed. */
function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let z = Math.imul(state ^ (state >>> 15), state | 1)
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61)
    return ((z ^ (z >>> 14)) >>> 0) / 2 ** 32
  }
}

interface PageState {
  maker: number
  permissions: string
}
interface Block {
  page: number
  pages: number
}
/** A call under way: what happens at its effect, and the line it leaves. */
interface Pending {
  readonly tid: number
  readonly entry: number
  readonly exit: number
  readonly effect: number
  readonly run: () => string
}

export class KernelModel {
  readonly script = new Script()
  readonly pages: (PageState | null)[] = new Array(SPACE).fill(null)
  heapPages = 4
  readonly heapMakers: number[] = [0, 0, 0, 0]
  readonly #random: () => number
  readonly #tids: readonly number[]
  readonly #held = new Map<number, Block[]>()
  /** The C library calls brk under the main arena's lock: no two calls overlap. */
  #heapFreeAt = 0

  constructor(seed: number, tids: readonly number[]) {
    this.#random = random(seed)
    this.#tids = tids
    for (const tid of tids) this.#held.set(tid, [])
  }

  /** All threads call `calls` times each from `from` on (seconds); returns when the last call has returned. */
  round(from: number, calls: number): number {
    const next = new Map(this.#tids.map((tid) => [tid, { at: Math.round(from * 1e6), left: calls }]))
    const pending: Pending[] = []
    let end = from * 1e6
    for (;;) {
      const ready = [...next]
        .filter(([tid, state]) => state.left > 0 && !pending.some((call) => call.tid === tid))
        .sort(([, a], [, b]) => a.at - b.at)[0]
      const effect = [...pending].sort((a, b) => a.effect - b.effect)[0]
      if (ready !== undefined && (effect === undefined || ready[1].at <= effect.effect)) {
        const [tid, state] = ready
        const call = this.#begin(tid, state.at)
        state.left -= 1
        state.at = (call?.exit ?? state.at) + 1 + this.#int(30)
        if (call) pending.push(call)
      } else if (effect !== undefined) {
        pending.splice(pending.indexOf(effect), 1)
        this.script.call(effect.tid, effect.entry / 1e6, effect.run(), effect.exit - effect.entry)
        end = Math.max(end, effect.exit)
      } else return end / 1e6
    }
  }

  /** `/proc/self/maps`, in the short form of snapshotOf. */
  maps(): string {
    const lines = [`${hex(HEAP / PAGE)}-${hex(HEAP / PAGE + this.heapPages)} rw-p [heap]`]
    this.pages.forEach((page, at) => {
      if (page) lines.push(`${hex(BASE / PAGE + at)}-${hex(BASE / PAGE + at + 1)} ${page.permissions}`)
    })
    return lines.join('\n')
  }

  /** Who made the page of an address. */
  makerOf(address: number): number | null {
    if (address >= BASE) return this.pages[(address - BASE) / PAGE]?.maker ?? null
    return this.heapMakers[(address - HEAP) / PAGE] ?? null
  }

  #int(below: number): number {
    return Math.floor(this.#random() * below)
  }

  #begin(tid: number, entry: number): Pending | null {
    const held = this.#held.get(tid)!
    const effect = entry + 1 + this.#int(20)
    const call = { tid, entry, effect, exit: effect + 1 + this.#int(20) }
    const dice = this.#random()
    if (dice < 0.12) return this.#brk(call)
    if (held.length === 0 || dice < 0.5) {
      const pages = 1 + this.#int(6)
      return { ...call, run: () => this.#mmap(tid, pages) }
    }
    const block = held[this.#int(held.length)]!
    if (dice < 0.62) return { ...call, run: () => this.#mprotect(block) }
    if (dice < 0.72) {
      const pages = 1 + this.#int(8)
      return { ...call, run: () => this.#mremap(tid, block, pages) }
    }
    held.splice(held.indexOf(block), 1)
    return { ...call, run: () => this.#munmap(block) }
  }

  #mmap(tid: number, pages: number): string {
    const page = this.#free(pages)
    const start = `mmap(NULL, ${pages * PAGE - this.#int(PAGE)}, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0)`
    if (page < 0) return `${start} = -1 ENOMEM (Cannot allocate memory)`
    for (let at = page; at < page + pages; at += 1) this.pages[at] = { maker: tid, permissions: 'rw-p' }
    this.#held.get(tid)!.push({ page, pages })
    return `${start} = 0x${hex(BASE + page * PAGE)}`
  }

  #munmap({ page, pages }: Block): string {
    this.pages.fill(null, page, page + pages)
    return `munmap(0x${hex(BASE + page * PAGE)}, ${pages * PAGE}) = 0`
  }

  #mprotect({ page, pages }: Block): string {
    const [flags, permissions] =
      this.#random() < 0.5 ? ['PROT_READ', 'r--p'] : ['PROT_READ|PROT_WRITE', 'rw-p']
    const count = 1 + this.#int(pages)
    for (let at = page; at < page + count; at += 1) this.pages[at]!.permissions = permissions!
    return `mprotect(0x${hex(BASE + page * PAGE)}, ${count * PAGE}, ${flags}) = 0`
  }

  /** Only blocks of one permission can be moved or enlarged: the kernel refuses to cross mappings. */
  #mremap(tid: number, block: Block, pages: number): string {
    const from = BASE + block.page * PAGE
    const call = `mremap(0x${hex(from)}, ${block.pages * PAGE}, ${pages * PAGE}, MREMAP_MAYMOVE)`
    const states = this.pages.slice(block.page, block.page + block.pages)
    if (states.some((state) => state!.permissions !== states[0]!.permissions))
      return `${call} = -1 EFAULT (Bad address)`
    const permissions = states[0]!.permissions
    this.pages.fill(null, block.page, block.page + block.pages)
    const inPlace = this.pages.slice(block.page, block.page + pages).every((state) => state === null)
    const page = inPlace && block.page + pages <= SPACE ? block.page : this.#free(pages)
    if (page < 0) {
      states.forEach((state, at) => {
        this.pages[block.page + at] = state
      })
      return `${call} = -1 ENOMEM (Cannot allocate memory)`
    }
    for (let at = 0; at < pages; at += 1) this.pages[page + at] = states[at] ?? { maker: tid, permissions }
    block.page = page
    block.pages = pages
    return `${call} = 0x${hex(BASE + page * PAGE)}`
  }

  #brk(call: Omit<Pending, 'run'>): Pending | null {
    if (call.entry < this.#heapFreeAt) return null
    this.#heapFreeAt = call.exit + 1
    const change = this.#random() < 0.4 && this.heapPages > 6 ? -(1 + this.#int(3)) : 1 + this.#int(5)
    return {
      ...call,
      run: () => {
        for (let k = 0; k < change; k += 1) this.heapMakers.push(call.tid)
        if (change < 0) this.heapMakers.splice(change)
        this.heapPages += change
        const end = hex(HEAP + this.heapPages * PAGE)
        return `brk(0x${end}) = 0x${end}`
      },
    }
  }

  /** Topmost free place, as the kernel looks for it; -1 when there is none. */
  #free(pages: number): number {
    for (let page = SPACE - pages; page >= 0; page -= 1)
      if (this.pages.slice(page, page + pages).every((state) => state === null)) return page
    return -1
  }
}

const hex = (value: number): string => value.toString(16)
