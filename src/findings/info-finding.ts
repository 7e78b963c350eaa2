/** Findings that explain: they carry numbers and lines, never an accusation. */
import type { Mechanism } from '../model/attribution.ts'
import type { EvidenceReference } from '../model/evidence.ts'
import type { Measures } from '../model/finding.ts'
import type { MappingKind } from '../model/mapping-kind.ts'
import type { Sentence } from '../model/sentence.ts'
import type { Lineage, ProcessTimeline, Segment, Trend } from '../model/timeline.ts'
import { captureHint, type QuestionName } from './capture-questions.ts'
import { regionsOf, snapshotEvidence } from './evidence.ts'
import { askedAs, type LastSeen, lastSeenMeasures, lastSeenWords } from './last-seen.ts'
import { measured, rounded } from './measures.ts'
import { programIn, targetIn } from './other-program.ts'
import type { FindingDraft } from './rule.ts'
import { paragraph, say } from './words/say.ts'

/** How growth of a kind would get in. */
export const KIND_MECHANISM: Readonly<Record<MappingKind, Mechanism>> = {
  'main-heap': 'main-heap-brk',
  'malloc-arena': 'malloc-arena',
  'malloc-arena-reserve': 'malloc-arena',
  'thread-stack': 'thread-stack',
  'stack-guard': 'thread-stack',
  'main-stack': 'other',
  anonymous: 'mmap-anon',
  'anonymous-reserve': 'other',
  'named-anonymous': 'mmap-anon',
  'file-text': 'file-mapping',
  'file-data': 'file-mapping',
  'file-private-dirty': 'file-mapping',
  'file-shared': 'file-mapping',
  'shared-memory': 'shared-memory',
  'huge-pages': 'mmap-anon',
  jit: 'managed-heap',
  'managed-heap': 'managed-heap',
  device: 'other',
  kernel: 'other',
  rollup: 'other',
}

export interface InfoInput {
  readonly process: ProcessTimeline
  readonly segment: Segment
  readonly mechanism: Mechanism
  readonly subject: string
  readonly summary: Sentence
  readonly confidence: number
  readonly cap?: Sentence | null
  readonly quantity?: Measures['quantity']
  readonly grownBytes?: number | null
  readonly rate?: Pick<Trend, 'perHour' | 'low' | 'high'>
  readonly culpritReason?: Sentence
  readonly onset?: number | null
  readonly lineages?: readonly Lineage[]
  readonly more?: Measures['more']
  readonly question?: QuestionName
  readonly evidence?: readonly EvidenceReference[]
  readonly severity?: 'info' | 'warning'
  /** Where the process is not seen any more. */
  readonly lastSeen?: LastSeen | null
}

const NOBODY = say(
  'This describes the state of the process and accuses no thread.',
  '这里描述的是进程的状态，不指认任何线程。',
)

/** A draft finding that accuses nobody. */
export function infoFinding(input: InfoInput): FindingDraft {
  const { process, segment } = input
  const lineages = input.lineages ?? []
  const lastSeen = input.lastSeen ?? null
  return {
    program: programIn(process, segment),
    subject: input.subject,
    severity: input.severity ?? 'info',
    confidence: input.confidence,
    cap: input.cap ?? null,
    pid: process.pid,
    mechanism: input.mechanism,
    summary: paragraph(input.summary, lastSeen && lastSeenWords(lastSeen)),
    sharperAction: null,
    capture: input.question
      ? captureHint(input.question, askedAs(targetIn(process, segment), lastSeen))
      : null,
    measures: measured({
      quantity: input.quantity ?? 'resident',
      grownBytes: rounded(input.grownBytes ?? null),
      ...(input.rate
        ? {
            bytesPerHour: rounded(input.rate.perHour),
            bytesPerHourLow: rounded(input.rate.low),
            bytesPerHourHigh: rounded(input.rate.high),
          }
        : {}),
      onset: input.onset ?? null,
      from: segment.from,
      to: segment.to,
      more: { ...input.more, ...(lastSeen ? lastSeenMeasures(lastSeen) : {}) },
    }),
    threads: [],
    culprit: null,
    culpritReason: input.culpritReason ?? NOBODY,
    ...regionsOf(lineages),
    lineages: lineages.map((lineage) => lineage.id),
    evidence: input.evidence?.length ? input.evidence : snapshotEvidence({ process, segment, lineages }),
  }
}
