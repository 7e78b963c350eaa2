/** Mappings: the history of each, and who made what is still there. */
import { formatBytes, formatSignedBytes } from '../../base/format.ts'
import { regionLabel } from '../charts/region-label.ts'
import { shapeLabel } from '../charts/subject.ts'
import type { ReportDocument } from '../document.ts'
import { DASH, rateText, type ViewContext } from './context.ts'
import { amount, cell, code, figures, type Table, table, words } from './table.ts'

export interface MappingsView {
  readonly empty: boolean
  readonly lineages: Table
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
  return {
    empty: document.lineages.length === 0,
    lineages: lineagesTable(context),
    owners: document.owners.length > 0 ? ownersTable(context) : null,
  }
}

function lineagesTable(context: ViewContext): Table {
  const { table: t, section, kind } = context.words
  return table(
    context,
    'lineages',
    section.lineages,
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
    context.document.lineages.map((lineage) => {
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
          cell(shapeLabel(trend.shape, context.words), { title: trend.reason }),
          amount(last?.rssBytes ?? null, context.bytes(last?.rssBytes ?? null)),
          amount(last?.sizeBytes ?? null, context.bytes(last?.sizeBytes ?? null)),
          last ? code(`${last.start}–${last.end}`) : cell(DASH),
        ],
      }
    }),
    { rows: 150, more: context.document.omitted.lineages ?? 0 },
  )
}

function ownersTable(context: ViewContext): Table {
  const { table: t, section, mechanism } = context.words
  const { document } = context
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
        cell(context.threadName(owner.pid, owner.tid), { href: `#thread-${owner.pid}-${owner.tid}` }),
        cell(mechanism[owner.mechanism]),
        cell(context.momentOrDash(owner.at), { sort: owner.at }),
        code(owner.file),
        amount(owner.line, String(owner.line)),
      ],
    })),
    { rows: 100, more: document.omitted.owners ?? 0 },
  )
}
