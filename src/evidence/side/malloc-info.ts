import { bytes } from '../../base/units.ts'
import { anyLine, type SideFile, type SideLines, type SideLists, type SideReader } from './reader.ts'

/**
 * malloc_info(3) of glibc (malloc/malloc.c, __malloc_info): one <heap> an arena, then the sums of all.
 *
 *     <total type="fast" count="2" size="128"/>
 *     <total type="rest" count="40" size="1048576"/>
 *     <total type="mmap" count="1" size="4198400"/>
 *     <system type="current" size="12582912"/>
 *
 * "fast" and "rest" are free chunks; what thread caches hold counts as used, so free bytes are a lower bound.
 */
const TAG = /<(\/?)(malloc|heap|total|system)\b([^>]*)>/g

export const mallocInfo: SideReader = {
  id: 'malloc-info',
  sniff: anyLine(/^\s*<malloc version="/, 'the XML of malloc_info'),
  open: (into, file) => new MallocInfoLines(into, file),
}

interface Sums {
  arenas: number
  system: number | null
  free: number
  mmap: number | null
  line: number
}

class MallocInfoLines implements SideLines {
  readonly #into: SideLists
  readonly #file: SideFile
  #sums: Sums | null = null
  #inHeap = false

  constructor(into: SideLists, file: SideFile) {
    this.#into = into
    this.#file = file
  }

  line(text: string, number: number, { pid }: { pid: number | null }): void {
    for (const [, slash, tag, attributes] of text.matchAll(TAG)) {
      if (tag === 'malloc') this.#document(slash === '/', number, pid)
      else if (tag === 'heap') this.#heap(slash === '/')
      else if (this.#sums && !this.#inHeap) this.#sum(this.#sums, tag!, attributes!)
    }
  }

  /** Without its closing tag a document was cut: the sums stand at its end and are missing or wrong. */
  #document(isEnd: boolean, line: number, pid: number | null): void {
    if (isEnd && this.#sums && this.#sums.system !== null) {
      const { arenas, system, free, mmap } = this.#sums
      this.#into.heaps.push({
        pid,
        time: this.#file.time,
        arenas,
        systemBytes: bytes(system),
        freeBytes: bytes(free),
        mmapBytes: mmap === null ? null : bytes(mmap),
        reference: { ...this.#file.reference(this.#sums.line), lastLine: line },
      })
    }
    this.#sums = isEnd ? null : { arenas: 0, system: null, free: 0, mmap: null, line }
    this.#inHeap = false
  }

  #heap(isEnd: boolean): void {
    if (!isEnd && this.#sums) this.#sums.arenas++
    this.#inHeap = !isEnd
  }

  #sum(sums: Sums, tag: string, attributes: string): void {
    const type = /type="(\w+)"/.exec(attributes)?.[1]
    const size = Number(/size="(\d+)"/.exec(attributes)?.[1] ?? Number.NaN)
    if (Number.isNaN(size)) return
    if (tag === 'system' && type === 'current') sums.system = size
    if (tag === 'total' && (type === 'fast' || type === 'rest')) sums.free += size
    if (tag === 'total' && type === 'mmap') sums.mmap = size
  }
}
