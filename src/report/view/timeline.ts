/** Time line: charts, events, what changed between first and last, and every snapshot. */
import { formatBytes, formatCount, formatSignedBytes } from '../../base/format.ts'
import { PROCESSES_WITH_CHARTS } from '../charts/figures.ts'
import { regionLabel } from '../charts/region-label.ts'
import { milliseconds } from '../charts/subject.ts'
import type { ReportDocument } from '../document.ts'
import { byImportance } from '../lead.ts'
import { spread } from '../sampling.ts'
import { DASH, type ViewContext } from './context.ts'
import { amount, cell, code, figures, type RowSource, type Table, table, words } from './table.ts'

export interface TimelineView {
  readonly empty: boolean
  readonly tables: readonly Table[]
  readonly snapshots: Table | null
}

type Change = ReportDocument['timeline'][number]['changes'][number]

export function timelineView(context: ViewContext): TimelineView {
  const { document } = context
  const events = eventsTable(context)
  return {
    empty: document.snapshots.length === 0,
    tables: [...(events.rows.length > 0 ? [events] : []), ...firstToLast(context)],
    snapshots: document.snapshots.length > 0 ? snapshotsTable(context) : null,
  }
}

function eventsTable(context: ViewContext): Table {
  const { table: t, section } = context.words
  return table(
    context,
    'events',
    section.events,
    [words(t.time), words(t.event), words(t.process), words(t.what)],
    context.document.events.map((event) => ({
      pid: event.pid,
      at: event.from === null ? null : milliseconds(event.from),
      cells: [
        cell(context.momentOrDash(event.from), { sort: event.from }),
        cell(eventWord(event.kind, context)),
        cell(event.pid === null ? '–' : context.process(event.pid)),
        cell(event.text),
      ],
    })),
    { rows: 100, lost: context.document.omitted.events ?? 0 },
  )
}

/** A report of another version may know more kinds: those keep their code. */
const eventWord = (kind: string, { words }: ViewContext): string =>
  kind in words.eventKind ? words.eventKind[kind as keyof typeof words.eventKind] : kind

const changeColumns = (context: ViewContext) => {
  const { table: t } = context.words
  return [words(t.mapping), words(t.change), figures(t.sizeDelta), figures(t.rssDelta), words(t.addresses)]
}

function changeRow(change: Change, context: ViewContext): RowSource {
  return {
    cells: [
      cell(regionLabel(change.region, context.words), { title: change.region.name || change.lineage }),
      cell(context.words.changeKind[change.kind]),
      amount(change.sizeDelta, formatSignedBytes(change.sizeDelta)),
      amount(change.rssDelta, change.rssDelta === null ? '–' : formatSignedBytes(change.rssDelta)),
      code(`${change.region.start}–${change.region.end}`),
    ],
  }
}

/** Of the processes that have charts; those of the others are in report.json. */
function firstToLast(context: ViewContext): Table[] {
  const shown = byImportance(context.document)
    .slice(0, PROCESSES_WITH_CHARTS)
    .map(({ pid }) => pid)
  return context.document.firstToLast
    .filter((pair) => shown.includes(pair.pid))
    .map((pair) => pairTable(pair, context))
}

function pairTable(pair: ReportDocument['firstToLast'][number], context: ViewContext): Table {
  return table(
    context,
    `first-to-last-${pair.pid}`,
    `${context.fill(context.words.section.firstToLast, { process: context.process(pair.pid) })}, ${context.moment(pair.from)}–${context.moment(pair.to)}`,
    changeColumns(context),
    pair.changes.map((change) => ({ ...changeRow(change, context), pid: pair.pid })),
    { rows: 60, lost: pair.omitted },
  )
}

const SNAPSHOT_ROWS = 200

/** Evenly fewer where they are many: the newest is what a reader looks for. */
function snapshotsTable(context: ViewContext): Table {
  const { table: t, section } = context.words
  const { document } = context
  const { kept, omitted } = spread(document.snapshots, Math.min(SNAPSHOT_ROWS, context.maxRows))
  return table(
    context,
    'snapshots',
    section.snapshots,
    [
      words(t.time),
      words(t.process),
      figures(t.ranges),
      figures(t.anonymousRanges),
      figures(t.size),
      figures(t.rss),
      figures(t.pss),
      figures(t.swap),
      figures(t.heap),
      words(t.file),
    ],
    kept.map((snapshot) => snapshotRow(snapshot, context)),
    { rows: SNAPSHOT_ROWS, more: omitted, lost: document.omitted.snapshots ?? 0 },
  )
}

function snapshotRow(snapshot: ReportDocument['snapshots'][number], context: ViewContext) {
  // smaps_rollup carries sums and no mappings: their number and size are not known, and not zero.
  const ofMappings = (value: number, format: (value: number) => string) =>
    snapshot.vmaCount > 0 ? amount(value, format(value)) : amount(null, DASH)
  return {
    pid: snapshot.pid,
    at: milliseconds(snapshot.time),
    cells: [
      cell(context.moment(snapshot.time), { sort: snapshot.time }),
      cell(context.process(snapshot.pid)),
      ofMappings(snapshot.vmaCount, formatCount),
      ofMappings(snapshot.anonymousVmaCount, formatCount),
      ofMappings(snapshot.sizeBytes, formatBytes),
      amount(snapshot.rssBytes, context.bytes(snapshot.rssBytes)),
      amount(snapshot.pssBytes, context.bytes(snapshot.pssBytes)),
      amount(snapshot.swapBytes, context.bytes(snapshot.swapBytes)),
      ofMappings(snapshot.heapBytes, formatBytes),
      code(snapshot.file),
    ],
  }
}
