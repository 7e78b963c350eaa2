/** What every part of the document is written with: one language, one redaction, one spelling of times. */
import { formatTime } from '../../base/format.ts'
import { formatAddress } from '../../base/units.ts'
import type { EvidenceReference } from '../../model/evidence.ts'
import type { MappingKind } from '../../model/mapping-kind.ts'
import type { Language, Sentence } from '../../model/sentence.ts'
import type { ReportDocument, ReportEvidence } from '../document.ts'
import type { ReportRedaction } from '../input.ts'
import type { Excerpts } from './excerpts.ts'
import type { Omissions } from './omissions.ts'

interface Range {
  readonly start: number
  readonly end: number
}

type ReportRegion = ReportDocument['findings'][number]['regions'][number]

export interface Writer {
  readonly language: Language
  readonly redaction: ReportRedaction
  readonly omissions: Omissions
  say(sentence: Sentence): string
  sayOrNull(sentence: Sentence | null): string | null
  name(name: string): string
  nameOrNull(name: string | null): string | null
  path(path: string): string
  time(at: number): string
  timeOrNull(at: number | null): string | null
  address(address: number): string
  range(range: Range): { start: string; end: string }
  /** A range with what it is and its name, which is a path or a label of the kernel. */
  region(region: Range & { readonly name: string }, kind: MappingKind): ReportRegion
  evidence(references: readonly EvidenceReference[]): ReportEvidence[]
}

export function createWriter(
  language: Language,
  redaction: ReportRedaction,
  excerpts: Excerpts,
  omissions: Omissions,
): Writer {
  const say = (sentence: Sentence) => redaction.text(sentence[language])
  return {
    language,
    redaction,
    omissions,
    say,
    sayOrNull: (sentence) => (sentence === null ? null : say(sentence)),
    name: (name) => redaction.name(name),
    nameOrNull: (name) => (name === null ? null : redaction.name(name)),
    path: (path) => redaction.path(path),
    time: formatTime,
    timeOrNull: (at) => (at === null || !Number.isFinite(at) ? null : formatTime(at)),
    address: formatAddress,
    range: ({ start, end }) => ({ start: formatAddress(start), end: formatAddress(end) }),
    region: ({ start, end, name }, kind) => ({
      start: formatAddress(start),
      end: formatAddress(end),
      kind,
      name: redaction.path(name),
    }),
    evidence: (references) =>
      references.map((reference) => ({
        file: redaction.path(reference.file),
        firstLine: reference.firstLine,
        lastLine: reference.lastLine,
        lines: excerpts.of(reference),
      })),
  }
}

/** A whole number of bytes or `null`: NaN and infinities are unknown, never a number in the document. */
export const whole = (value: number | null | undefined): number | null =>
  value === null || value === undefined || !Number.isFinite(value) ? null : Math.round(value)

/** As `whole` where the model promises a number. */
export const wholeOrZero = (value: number): number => whole(value) ?? 0

/** A finite number or `null`. */
export const finite = (value: number | null | undefined): number | null =>
  value === null || value === undefined || !Number.isFinite(value) ? null : value

/** Microseconds to seconds. */
export const seconds = (value: number | null): number | null =>
  value === null || !Number.isFinite(value) ? null : value / 1_000_000
