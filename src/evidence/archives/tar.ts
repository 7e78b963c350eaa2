import { ARCHIVE_REASONS } from '../../model/archive-reasons.ts'
import { EvidenceError } from '../evidence-error.ts'
import { type Found, rangeSource, refuse, type Source } from '../source.ts'
import { store } from './block-store.ts'
import { ByteQueue } from './byte-queue.ts'
import type { UnpackBudget } from './limits.ts'
import { MemberNames, memberNameOf } from './member-names.ts'
import {
  isTarHeader,
  readPax,
  readTarHeader,
  TAR_BLOCK,
  type TarHeader,
  type TarType,
  untilNul,
} from './tar-header.ts'

/** Longest name or pax header that is believed. */
const MOST_HEADER_BYTES = 1 << 20

const REFUSED: Partial<Record<TarType, Parameters<typeof refuse>[2]>> = {
  symlink: 'link',
  'hard-link': 'link',
  device: 'not-regular',
  other: 'archive-refused',
}

const REASONS: Partial<Record<TarType, string>> = {
  symlink: ARCHIVE_REASONS.link.en,
  'hard-link': ARCHIVE_REASONS.hardLink.en,
  device: ARCHIVE_REASONS.special.en,
  other: ARCHIVE_REASONS.tarKind.en,
}

/**
 * The members of a tar. An uncompressed one is read in place by offset; what comes out of a decompressor is kept,
 * deflated, in memory. Damage ends the list: what was found before it stands, also the beginning of a member that is
 * cut; then an EvidenceError is thrown.
 */
export async function* tarMembers(tar: Source, budget: UnpackBudget): AsyncGenerator<Found> {
  const queue = new ByteQueue(tar.read())
  try {
    yield* new TarReader(tar, queue, budget).members()
  } finally {
    await queue.close()
  }
}

class TarReader {
  readonly #tar: Source
  readonly #queue: ByteQueue
  readonly #budget: UnpackBudget
  readonly #names = new MemberNames()
  /** What headers in front of the next member say about it. */
  #longName: string | null = null
  #pax = new Map<string, string>()
  #paxGlobal = new Map<string, string>()

  constructor(tar: Source, queue: ByteQueue, budget: UnpackBudget) {
    this.#tar = tar
    this.#queue = queue
    this.#budget = budget
  }

  async *members(): AsyncGenerator<Found> {
    for (;;) {
      const block = await this.#queue.take(TAR_BLOCK)
      if (block.length === 0) return
      if (block.length < TAR_BLOCK) throw cut()
      // Two blocks of zeros end an archive; `tar -A` puts another one behind them.
      if (block.every((byte) => byte === 0)) continue
      if (!isTarHeader(block)) throw new EvidenceError('archive-damaged', ARCHIVE_REASONS.tarHeader.en)
      const header = readTarHeader(block)
      if (!(header.size >= 0)) throw new EvidenceError('archive-damaged', ARCHIVE_REASONS.tarSize.en)
      if (await this.#isExtension(header)) continue
      this.#budget.addMember()
      yield* this.#member(header)
      this.#longName = null
      this.#pax = new Map()
    }
  }

  /** Reads a header about the next header. */
  async #isExtension({ type, size }: TarHeader): Promise<boolean> {
    if (type !== 'long-name' && type !== 'long-link' && type !== 'pax' && type !== 'pax-global') return false
    if (size > MOST_HEADER_BYTES) throw new EvidenceError('archive-refused', ARCHIVE_REASONS.tarLongHeader.en)
    const bytes = await this.#queue.take(size)
    if (bytes.length < size) throw cut()
    await this.#skip(padding(size))
    if (type === 'long-name') this.#longName = memberNameOf(untilNul(bytes, 0, bytes.length))
    if (type === 'pax') this.#pax = readPax(bytes)
    if (type === 'pax-global') this.#paxGlobal = readPax(bytes)
    return true
  }

  async *#member(header: TarHeader): AsyncGenerator<Found> {
    const size = this.#size(header)
    if (header.type === 'directory') return this.#skip(size + padding(size))
    const refused = this.#refusal(header, size)
    if (refused) {
      yield refused
      return this.#skip(size + padding(size))
    }
    const judged = this.#names.judge(this.#name(header))
    if ('reason' in judged) {
      yield refuse(judged.path, size, 'archive-refused', judged.reason)
      return this.#skip(size + padding(size))
    }
    yield* this.#file(judged.path, size)
  }

  async *#file(path: string, size: number): AsyncGenerator<Found> {
    const { range } = this.#tar
    if (range) {
      const start = this.#queue.offset
      this.#budget.addBytes(size)
      const whole = Math.min(size, Math.max(0, (this.#tar.size ?? Number.POSITIVE_INFINITY) - start))
      yield { source: rangeSource(path, whole, (from, to) => range(start + from, start + to)) }
      return this.#skip(size + padding(size))
    }
    const stored = await store(this.#queue.part(size), this.#budget)
    if (stored.bytes > 0 || size === 0) yield { source: rangeSource(path, stored.bytes, stored.range) }
    if (stored.failure) throw stored.failure
    if (stored.bytes < size) throw cut()
    await this.#skip(padding(size))
  }

  #name(header: TarHeader): string {
    const pax = this.#pax.get('path') ?? this.#paxGlobal.get('path')
    return pax !== undefined ? memberNameOf(Buffer.from(pax, 'latin1')) : (this.#longName ?? header.name)
  }

  #size(header: TarHeader): number {
    const pax = Number(this.#pax.get('size') ?? this.#paxGlobal.get('size') ?? header.size)
    return Number.isSafeInteger(pax) && pax >= 0 ? pax : header.size
  }

  #refusal(header: TarHeader, size: number): Found | null {
    const isSparse = [...this.#pax.keys()].some((key) => key.startsWith('GNU.sparse'))
    const type = isSparse ? 'other' : header.type
    const kind = REFUSED[type]
    if (!kind) return null
    const path = this.#name(header).replace(/^\/+/, '')
    return refuse(path === '' ? '(no name)' : path, kind === 'link' ? 0 : size, kind, REASONS[type] ?? type)
  }

  async #skip(length: number): Promise<void> {
    const end = this.#queue.offset + length
    for await (const _ of this.#queue.part(length));
    // The padding of the last member may be missing; data may not.
    if (end - this.#queue.offset >= TAR_BLOCK) throw cut()
  }
}

const padding = (size: number): number => (TAR_BLOCK - (size % TAR_BLOCK)) % TAR_BLOCK

const cut = (): EvidenceError => new EvidenceError('archive-damaged', ARCHIVE_REASONS.tarCut.en)
