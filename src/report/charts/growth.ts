/** What each mapping gained from the first to the last snapshot of its process: what the charts of growth are about. */
import type { MappingKind } from '../../model/mapping-kind.ts'
import type { ReportDocument } from '../document.ts'
import type { ChartSubject } from './subject.ts'

type Lineage = ReportDocument['lineages'][number]
type Region = Lineage['regions'][number]

export interface GrowthOfMappings {
  /** Whether addresses are counted, because they and not resident memory grow. */
  readonly bySize: boolean
  /** What a mapping held at one moment, bytes. */
  readonly amount: (region: Region) => number
  /** What it gained over the whole capture, bytes; 0 where it lost, and where nothing is known. */
  readonly gained: (lineage: Lineage) => number
}

/** Where the finding about this process is one of addresses, resident memory would draw a flat line beside it. */
export const growsInAddressSpace = ({ document, process }: ChartSubject): boolean =>
  document.findings.find((finding) => finding.pid === process.pid && finding.severity !== 'info')?.measures
    .quantity === 'address-space'

/**
 * From the list of changes between first and last, never from the trends: these judge the end of a series, and know
 * neither of what filled up before nor of a mapping that appeared and stayed as it was.
 */
export function growthOfMappings(subject: ChartSubject): GrowthOfMappings {
  const bySize = growsInAddressSpace(subject)
  const gained = new Map<string, number>()
  for (const pair of subject.document.firstToLast)
    if (pair.pid === subject.process.pid)
      for (const { lineage, sizeDelta, rssDelta } of pair.changes)
        gained.set(lineage, (gained.get(lineage) ?? 0) + (bySize ? sizeDelta : (rssDelta ?? sizeDelta)))
  return {
    bySize,
    amount: (region) => (bySize ? region.sizeBytes : (region.rssBytes ?? region.sizeBytes)),
    gained: ({ id, pid }) => (pid === subject.process.pid ? Math.max(0, gained.get(id) ?? 0) : 0),
  }
}

/** Reservations are gigabytes of nothing: on a scale with them the memory in use is a hair. */
const RESERVED: readonly MappingKind[] = ['malloc-arena-reserve', 'anonymous-reserve']
const NEVER_MEMORY: readonly MappingKind[] = ['stack-guard', 'kernel']

/** Whether a kind of mapping belongs in a drawing of what grows. */
export const isDrawn = (kind: MappingKind, bySize: boolean): boolean =>
  !NEVER_MEMORY.includes(kind) && (bySize || !RESERVED.includes(kind))
