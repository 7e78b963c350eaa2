import type { DiagnosticCode } from '../model/diagnostic-catalogue.ts'
import type { EvidenceFormat } from '../model/evidence.ts'
import type { RedactionCount, RedactionPolicy } from '../redaction/policy.ts'
import type { BagInfo } from './bag.ts'
import type { BundleDocuments } from './bundle-writer.ts'
import type { InputHash, LedgerEntry } from './evidence-ledger.ts'

/** What has to be known before the first byte of a bundle is written. */
export interface PackingPlan {
  /** Where the zip goes. */
  readonly path: string
  /** Newest stamp of the evidence, microseconds: the time of every entry. */
  readonly newest: number
  readonly bytes: number
  readonly policy: RedactionPolicy
  readonly key: Uint8Array
}

/** A bundle that is being made. */
export interface Packing {
  /** Whether it goes on while this thread works. */
  readonly isBeside: boolean
  /** Hashes of the evidence, when all of it is in. */
  readonly inputs: Promise<readonly InputHash[]>
  finish(documents: BundleDocuments, shown: readonly RedactionCount[], info: PackingInfo): Promise<void>
  abort(): Promise<void>
}
export type PackingInfo = Omit<BagInfo, 'payloadBytes' | 'payloadFiles' | 'date'>

/** A plain file, as it is handed to the packing thread. */
export interface PackedFile {
  readonly path: string
  readonly bytes: number
  readonly format: EvidenceFormat
  readonly diskPath: string
}

/** To the thread. */
export type Order =
  | { readonly pack: PackingPlan & { readonly files: readonly PackedFile[] } }
  | {
      readonly finish: {
        readonly documents: BundleDocuments
        readonly shown: readonly RedactionCount[]
        readonly info: PackingInfo
      }
    }

/** From the thread. */
export type Report =
  | { readonly advance: number }
  | {
      readonly entries: readonly LedgerEntry[]
      readonly diagnostics: readonly {
        readonly code: DiagnosticCode
        readonly file: string
        readonly detail: string
      }[]
    }
  | { readonly done: true }
  | { readonly failure: string; readonly code: string | undefined }
