/** Mappings: the history of each, and who made what is still there. */
import { formatBytes, formatCount, formatSignedBytes } from '../../base/format.ts'
import { regionLabel } from '../charts/region-label.ts'
import { shapeLabel } from '../charts/subject.ts'
import type { ReportDocument } from '../document.ts'
import { DASH, rateText, type ViewContext } from './context.ts'
import { amount, cell, code, figures, type Table, table, words } from './table.ts'
import { threadLinks } from './thread-pages.ts'

export interface MappingsView {
  readonly empty: boolean
  readonly lineages: Table
  /** Those that were the same all the time, behind a fold; `null` where none was, or where none was not. */
  readonly still: Table | null
  readonly owners: Table | null
}

type ReportLineage = ReportDocument['lineages'][number]

/**
 * What a mapping held when it was last seen less what it held when it was first seen, bytes; `null` when not known. The
 * trend is of the judged end alone: a mapping that filled up before it is called level, and did grow.
 */
export function seenChange({ regions }: ReportLineage, key: 'rssBytes' | 'sizeBytes'): number | null {
  const first = regions[0]?.[key] ?? null
  const last = regions.at(-1)?.[key] ?? null
  return first === null || last === null ? null : last - first
}

/** The trend that tells most: of resident memory, or of size where only the size grows and no page is touched. */
export function tellingTrend({ trend, sizeTrend }: ReportLineage): {
  readonly trend: ReportLineage['trend']
  readonly ofSize: boolean
} {
  const ofSize = sizeTrend.shape === 'growing' && trend.shape !== 'growing'
  return { trend: ofSize ? sizeTrend : trend, ofSize }
}

/** The rate of that trend, which names the size where it is of that. */
export function tellingRate(lineage: ReportLineage, context: ViewContext): string {
  const { trend, ofSize } = tellingTrend(lineage)
  const rate = rateText(trend)
  return ofSize ? context.fill(context.words.table.rateOfSize, { rate }) : rate
}

export function mappingsView(context: ViewContext): MappingsView {
  const { document } = context
  const { section } = context.words
  const lost = document.omitted.lineages ?? 0
  const same = unchanged(document.lineages)
  const still = document.lineages.filter((lineage) => same.has(lineage))
  const changed = document.lineages.filter((lineage) => !same.has(lineage))
  // Where nothing changed there is nothing to set apart: the table then says what the process holds.
  const apart = changed.length > 0 && still.length > 0
  return {
    empty: document.lineages.length === 0,
    lineages: lineagesTable(context, {
      id: 'lineages',
      caption: section.lineages,
      lineages: apart ? changed : document.lineages,
      lost: apart ? 0 : lost,
    }),
    still: apart
      ? lineagesTable(context, {
          id: 'lineages-still',
          caption: context.fill(section.lineagesStill, { n: formatCount(still.length + lost) }),
          lineages: still,
          lost,
        })
      : null,
    owners: document.owners.length > 0 ? ownersTable(context) : null,
  }
}

/** The lineages that were there, and the same, from the first to the last snapshot of their segment. */
function unchanged(lineages: readonly ReportLineage[]): ReadonlySet<ReportLineage> {
  const spans = new Map<string, { from: string; to: string }>()
  const keyOf = ({ pid, segment }: ReportLineage) => `${pid} ${segment}`
  for (const lineage of lineages)
    for (const { time } of lineage.regions) {
      const span = spans.get(keyOf(lineage))
      if (!span) spans.set(keyOf(lineage), { from: time, to: time })
      else if (time < span.from) span.from = time
      else if (time > span.to) span.to = time
    }
  return new Set(
    lineages.filter((lineage) => {
      const { regions } = lineage
      const first = regions[0]
      const span = spans.get(keyOf(lineage))
      return (
        first?.time === span?.from &&
        regions.at(-1)?.time === span?.to &&
        regions.every(
          (region) =>
            region.start === first?.start &&
            region.end === first.end &&
            region.sizeBytes === first.sizeBytes &&
            region.rssBytes === first.rssBytes,
        )
      )
    }),
  )
}

interface LineageRows {
  readonly id: string
  readonly caption: string
  readonly lineages: readonly ReportLineage[]
  /** Rows that report.json left out. */
  readonly lost: number
}

function lineagesTable(context: ViewContext, { id, caption, lineages, lost }: LineageRows): Table {
  const { table: t, kind } = context.words
  return table(
    context,
    id,
    caption,
    [
      words(t.mapping),
      words(t.kind),
      words(t.process),
      figures(t.seenChange),
      figures(t.rate),
      words(t.shape),
      figures(t.rss),
      figures(t.size),
      words(t.addresses),
    ],
    lineages.map((lineage) => {
      const last = lineage.regions.at(-1)
      const { trend } = tellingTrend(lineage)
      const change = seenChange(lineage, 'rssBytes')
      return {
        pid: lineage.pid,
        cells: [
          cell(`${lineage.id} ${regionLabel({ ...lineage, start: last?.start ?? '' }, context.words)}`, {
            title: lineage.name || null,
          }),
          cell(kind[lineage.kind], { title: `${t.basis}: ${lineage.kindBasis}` }),
          cell(context.process(lineage.pid)),
          amount(change, change === null ? DASH : formatSignedBytes(change)),
          amount(trend.bytesPerHour, tellingRate(lineage, context)),
          cell(shapeLabel(trend, context.words), { title: trend.reason }),
          amount(last?.rssBytes ?? null, context.bytes(last?.rssBytes ?? null)),
          amount(last?.sizeBytes ?? null, context.bytes(last?.sizeBytes ?? null)),
          last ? code(`${last.start}–${last.end}`) : cell(DASH),
        ],
      }
    }),
    { rows: 150, lost },
  )
}

function ownersTable(context: ViewContext): Table {
  const { table: t, section, mechanism } = context.words
  const { document } = context
  const linkTo = threadLinks(document)
  const sizeOf = (owner: (typeof document.owners)[number]) => Number(owner.end) - Number(owner.start)
  return table(
    context,
    'owners',
    section.owners,
    [
      words(t.addresses),
      figures(t.size),
      words(t.maker),
      words(t.mechanism),
      words(t.time),
      words(t.file),
      figures(t.line),
    ],
    document.owners.map((owner) => ({
      pid: owner.pid,
      cells: [
        code(`${owner.start}–${owner.end}`, { title: owner.stack }),
        amount(sizeOf(owner), formatBytes(sizeOf(owner))),
        cell(context.threadName(owner.pid, owner.tid), { href: linkTo(owner.pid, owner.tid) }),
        cell(mechanism[owner.mechanism]),
        cell(context.momentOrDash(owner.at), { sort: owner.at }),
        code(owner.file),
        amount(owner.line, String(owner.line)),
      ],
    })),
    { rows: 100, lost: document.omitted.owners ?? 0 },
  )
}
