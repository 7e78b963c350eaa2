import { alignedMemory } from '../base/aligned-memory.ts'
import { formatDay } from '../base/format.ts'
import { SECOND } from '../base/units.ts'
import type { EvidenceFile } from '../model/evidence.ts'
import type { RedactionCount } from '../redaction/policy.ts'
import type { Redactor } from '../redaction/redactor.ts'
import { redactStream } from '../redaction/stream.ts'
import {
  BAG_INFO,
  BAGIT,
  BAGIT_TXT,
  type BagInfo,
  bagInfoText,
  EVIDENCE_FOLDER,
  MANIFEST,
  manifestText,
  README,
  REDACTION_REPORT,
  TAG_MANIFEST,
} from './bag.ts'
import { hashingPass, hashPieces, type LedgerEntry, type StoredHashes } from './evidence-ledger.ts'
import { bundleReadme } from './readme-text.ts'
import { redactionReportText } from './redaction-report.ts'
import { SmallFiles } from './small-files.ts'
import { ZipWriter } from './zip-writer.ts'

/** Evidence above this is packed with the fastest level: packing would take longer than the analysis. */
const FAST_ABOVE = 64 * 1024 * 1024
const LEVEL = 6
const FAST_LEVEL = 1
const CHUNK = 256 * 1024
/** Zip cannot tell of times before 1980. */
const EARLIEST = Date.UTC(1980, 0, 1)

/** Hears of bytes of evidence that were read. */
type OnBytes = (bytes: number) => void

/** The rendered documents in pieces, by their name in `data/`: report.html, report.json, report.md. */
export type BundleDocuments = Readonly<Record<string, readonly Uint8Array[]>>

/** Writes evidence.zip: the evidence first, while it is being analysed, then what was made of it. */
export class BundleWriter {
  readonly #zip: ZipWriter
  readonly #payload = new Map<string, string>()
  readonly #ledger: LedgerEntry[] = []
  readonly #newest: number
  #bytes = 0
  readonly #small = new SmallFiles()
  /** For the bytes of files of which redacted copies are stored. */
  readonly #lent = new Uint8Array(alignedMemory(CHUNK), 0, CHUNK)

  /** `newest` in microseconds, the time every entry carries. */
  constructor(path: string, newest: number, evidenceBytes: number) {
    this.#newest = newest
    this.#zip = new ZipWriter(
      path,
      new Date(entryTime(newest)),
      evidenceBytes > FAST_ABOVE ? FAST_LEVEL : LEVEL,
    )
  }

  /** Stores the files in the order given, redacted; returns what each was and became. */
  async addEvidence(
    files: Iterable<EvidenceFile>,
    redactor: Redactor,
    onBytes: OnBytes,
  ): Promise<readonly LedgerEntry[]> {
    await this.#zip.add(BAGIT, bytesOfText(BAGIT_TXT))
    for (const file of files) {
      const before = redactor.counts()
      const { original, stored } =
        (await this.#addSmall(file, redactor, onBytes)) ?? (await this.#addStream(file, redactor, onBytes))
      const { path, format } = file
      const entry = { path, format, original, stored, rules: countsSince(before, redactor.counts()) }
      this.#ledger.push(entry)
      this.#payload.set(EVIDENCE_FOLDER + file.path, entry.stored.sha256)
      this.#bytes += entry.stored.bytes
    }
    return this.#ledger
  }

  async #addSmall(file: EvidenceFile, redactor: Redactor, onBytes: OnBytes): Promise<StoredHashes | null> {
    const whole = this.#small.take(file, redactor)
    if (whole === null) return null
    onBytes(file.bytes)
    await this.#zip.addWhole(EVIDENCE_FOLDER + file.path, whole.content)
    return whole
  }

  async #addStream(file: EvidenceFile, redactor: Redactor, onBytes: OnBytes): Promise<StoredHashes> {
    const isCopied = redactor.policy !== 'none'
    const original = hashingPass(counting(file.read(isCopied ? this.#lent : undefined), onBytes))
    const stored = hashingPass(redactStream(original.chunks, file.format, redactor, file.path))
    await this.#zip.add(EVIDENCE_FOLDER + file.path, stored.chunks)
    return { original: original.result(), stored: stored.result() }
  }

  /** Adds the documents and the bag's own files, and closes the zip. */
  async finish(
    documents: BundleDocuments,
    redaction: { readonly policy: string; readonly shown: readonly RedactionCount[] },
    info: Omit<BagInfo, 'payloadBytes' | 'payloadFiles' | 'date'>,
  ): Promise<void> {
    const contents: Record<string, readonly Uint8Array[]> = {
      [README]: bytesOfText(bundleReadme(info.toolVersion)),
      [REDACTION_REPORT]: bytesOfText(redactionReportText(redaction.policy, this.#ledger, redaction.shown)),
    }
    for (const [name, pieces] of Object.entries(documents)) contents[`data/${name}`] = pieces
    for (const name of Object.keys(contents).sort()) {
      const { bytes, sha256 } = hashPieces(contents[name]!)
      this.#payload.set(name, sha256)
      this.#bytes += bytes
      await this.#zip.add(name, contents[name]!)
    }
    const tags = {
      [BAGIT]: bytesOfText(BAGIT_TXT),
      [BAG_INFO]: bytesOfText(
        bagInfoText({
          ...info,
          payloadBytes: this.#bytes,
          payloadFiles: this.#payload.size,
          date: baggingDate(this.#newest),
        }),
      ),
      [MANIFEST]: bytesOfText(manifestText(this.#payload)),
    }
    await this.#zip.add(BAG_INFO, tags[BAG_INFO]!)
    await this.#zip.add(MANIFEST, tags[MANIFEST]!)
    const hashes = new Map(Object.entries(tags).map(([name, pieces]) => [name, hashPieces(pieces).sha256]))
    await this.#zip.add(TAG_MANIFEST, bytesOfText(manifestText(hashes)))
    await this.#zip.close()
  }

  abort(): Promise<void> {
    return this.#zip.abort()
  }
}

/** The time that every entry carries, in milliseconds, by the newest stamp in microseconds. */
const entryTime = (newest: number): number => Math.max(EARLIEST, Math.floor(newest / 1000))

/** Its day, as bag-info.txt has it. */
export const baggingDate = (newest: number): string => formatDay((entryTime(newest) / 1000) * SECOND)

const bytesOfText = (text: string): readonly Uint8Array[] => [Buffer.from(text)]

function countsSince(before: readonly RedactionCount[], now: readonly RedactionCount[]): RedactionCount[] {
  const old = new Map(before.map(({ rule, count }) => [rule, count]))
  return now
    .map(({ rule, count }) => ({ rule, count: count - (old.get(rule) ?? 0) }))
    .filter(({ count }) => count > 0)
}

async function* counting(chunks: AsyncIterable<Uint8Array>, onBytes: OnBytes): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    onBytes(chunk.length)
    yield chunk
  }
}
