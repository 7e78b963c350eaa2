/**
 * How much of the document a page carries. A page that would be too large gives up, in this order: quoted lines,
 * points of series, rows of tables; then the copy of report.json instead of these; then all of it and the lesser
 * stills. What it gave up it says.
 */
import type { Words } from '../../language/words.ts'
import type { ReportDocument } from '../document.ts'
import { POINTS_PER_SERIES } from '../sampling.ts'

export interface Detail {
  /** Whether cited lines are quoted. */
  readonly excerpts: boolean
  /** Most points of a series, of a mapping's history, and changes kept of a pair of snapshots. */
  readonly points: number
  readonly changes: number
  readonly rows: number
  /** Whether the page carries report.json for download and comparison. */
  readonly report: boolean
  /** Processes whose charts have a still image. */
  readonly stills: number
  /** The page must fit into this many bytes, or the next step down is taken. */
  readonly bytes: number
}

/** What a page should weigh, so that mail and ticket systems take it without a thought. */
const WISHED = 2_000_000
/** What it may weigh at most. */
const ALLOWED = 8_000_000

const ALL: Detail = {
  excerpts: true,
  points: POINTS_PER_SERIES,
  changes: Number.POSITIVE_INFINITY,
  rows: 300,
  report: true,
  stills: 4,
  bytes: WISHED,
}

export const DETAILS: readonly Detail[] = [
  ALL,
  { ...ALL, excerpts: false },
  { ...ALL, excerpts: false, points: 120, changes: 12 },
  { ...ALL, excerpts: false, points: 120, changes: 6, rows: 100 },
  { ...ALL, excerpts: false, points: 120, changes: 3, rows: 50, bytes: ALLOWED },
  // Where even that is too much, the copy is what weighs: without it there is room for the rest again.
  { ...ALL, changes: 0, report: false },
  { ...ALL, excerpts: false, points: 120, changes: 0, rows: 100, report: false, bytes: ALLOWED },
  {
    excerpts: false,
    points: 60,
    changes: 0,
    rows: 20,
    report: false,
    stills: 1,
    bytes: Number.POSITIVE_INFINITY,
  },
]

/** What this page leaves to report.json, in words; empty when nothing. */
export const givenUp = (detail: Detail, words: Words): string[] => [
  ...(detail.excerpts ? [] : [words.page.omittedExcerpts]),
  ...(detail.points < ALL.points ? [words.page.omittedPoints] : []),
  ...(detail.report && detail.changes < ALL.changes ? [words.page.omittedChanges] : []),
  ...(detail.rows < ALL.rows ? [words.page.omittedRowsOfTables] : []),
  ...(detail.report ? [] : [words.page.omittedIsland]),
  ...(detail.stills < ALL.stills ? [words.page.omittedStills] : []),
]

/** The document with what `detail` gives up taken out; the same document when it gives up nothing. */
export function atDetail(document: ReportDocument, detail: Detail): ReportDocument {
  if (detail === ALL) return document
  const unquoted = <T extends { evidence: ReportDocument['events'][number]['evidence'] }>(entry: T): T =>
    detail.excerpts
      ? entry
      : { ...entry, evidence: entry.evidence.map((reference) => ({ ...reference, lines: null })) }
  return {
    ...document,
    findings: document.findings.map(unquoted),
    events: document.events.map(unquoted),
    accounts: document.accounts.map(unquoted),
    threads: document.threads.map((thread) => ({ ...thread, doing: thread.doing.map(unquoted) })),
    lineages: document.lineages.map((lineage) => ({
      ...lineage,
      regions: thinned(lineage.regions, detail.points),
    })),
    timeline: document.timeline.map((pair) => ({
      ...pair,
      changes: pair.changes.slice(0, detail.changes),
      omitted: pair.omitted + Math.max(0, pair.changes.length - detail.changes),
    })),
  }
}

/** Whether the copy of report.json alone would already be too much: then rendering the page is not worth a try. */
export function isTooMuch(document: ReportDocument, detail: Detail): boolean {
  if (!detail.report) return false
  let length = 0
  for (const entry of Object.values(document))
    for (const part of Array.isArray(entry) ? entry : [entry]) {
      length += JSON.stringify(part)?.length ?? 0
      if (length > detail.bytes) return true
    }
  return false
}

/** Evenly fewer, the last one kept: what a mapping holds now matters most. */
function thinned<T>(entries: readonly T[], most: number): T[] {
  if (entries.length <= most) return [...entries]
  const step = (entries.length - 1) / (most - 1)
  return Array.from({ length: most }, (_, index) => entries[Math.round(index * step)]!)
}
