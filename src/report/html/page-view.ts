/** Everything the templates read, in the order of the page. */
import { type Figure, isInSection, PROCESSES_WITH_CHARTS } from '../charts/figures.ts'
import type { Still } from '../charts/still.ts'
import { milliseconds } from '../charts/subject.ts'
import type { ReportDocument } from '../document.ts'
import { byImportance } from '../lead.ts'
import { ticketText } from '../ticket.ts'
import { createContext, type ViewContext } from '../view/context.ts'
import { figureView } from '../view/figures.ts'
import { findingsView } from '../view/findings.ts'
import { firstScreen } from '../view/first-screen.ts'
import { gatesView } from '../view/gates.ts'
import { mappingsView } from '../view/mappings.ts'
import { qualityView } from '../view/quality.ts'
import { glossaryView, methodTables, provenanceView, rulesTable } from '../view/reference.ts'
import { syscallsView } from '../view/syscalls.ts'
import { threadsView } from '../view/threads.ts'
import { timelineView } from '../view/timeline.ts'

import { DETAILS, type Detail, givenUp } from './detail.ts'

/** Sections in the order in which a reader needs them. */
export const SECTIONS = [
  'verdict',
  'quality',
  'gates',
  'findings',
  'timeline',
  'mappings',
  'threads',
  'syscalls',
  'rules',
  'method',
  'provenance',
  'glossary',
  'ticket',
] as const

/** What the time filter runs over; `null` where there are no two moments to choose between. */
function spanOf({ capture: { from, to } }: ReportDocument): { from: string; to: string } | null {
  if (from === null || to === null || from === to) return null
  return { from: String(milliseconds(from)), to: String(milliseconds(to)) }
}

/** `document` must already be visible (visible-document.ts). */
export function pageView(
  document: ReportDocument,
  figures: readonly Figure[],
  stills: readonly Still[],
  detail: Detail,
) {
  const context = createContext(document, detail.rows)
  const { words } = context
  const withStills = new Set(
    byImportance(document)
      .slice(0, detail.stills)
      .map(({ pid }) => pid),
  )
  const stillOf = new Map(stills.map((still) => [still.id, still]))
  const stillFor = (figure: Figure) => (withStills.has(figure.pid) ? (stillOf.get(figure.id) ?? null) : null)
  const views = new Map(figures.map((figure) => [figure.id, figureView(figure, stillFor(figure), context)]))
  const lead = figures.find((figure) => figure.subject === 'memory')
  const inSection = (section: Parameters<typeof isInSection>[1]) =>
    figures
      .filter((figure) => figure !== lead && isInSection(figure, section))
      .map((figure) => views.get(figure.id)!)
  return {
    w: words,
    lang: document.language === 'zh' ? 'zh-CN' : 'en',
    title: `${document.verdict.summary} · ${context.fill(words.page.title, { capture: document.capture.name })}`,
    givenUp: leftToJson(detail, context),
    downloadNote: !detail.report || detail === DETAILS[0] ? '' : words.page.downloadCut,
    hasReport: detail.report,
    madeBy: context.fill(words.page.madeBy, { version: document.tool.version }),
    contents: SECTIONS.map((id) => ({ id, title: words.section[id] })),
    processes: document.processes.map((process) => ({
      pid: String(process.pid),
      name: context.process(process.pid),
    })),
    span: spanOf(document),
    first: firstScreen(context),
    lead: lead ? [views.get(lead.id)!] : [],
    quality: qualityView(context),
    gates: gatesView(context),
    findings: findingsView(context),
    timeline: {
      ...timelineView(context),
      figures: inSection('timeline'),
      snapshotOptions: snapshotOptions(document, detail, context),
    },
    omittedCharts: omittedCharts(document, context),
    mappings: { ...mappingsView(context), figures: inSection('mappings') },
    threads: {
      ...threadsView(context),
      figures: inSection('threads'),
    },
    syscalls: syscallsView(context),
    rules: rulesTable(context),
    method: methodTables(context),
    provenance: provenanceView(context),
    glossary: glossaryView(context),
    ticket: ticketText(document),
  }
}

/** Snapshots that the reader can compare: the changes between neighbours are what is summed, so all must be there. */
const snapshotOptions = (document: ReportDocument, detail: Detail, context: ViewContext) =>
  document.timeline.length === 0 || document.omitted.timeline || !detail.report
    ? []
    : document.snapshots
        .filter((snapshot) => !snapshot.truncated)
        .map((snapshot) => ({
          value: snapshot.file,
          label: `${context.moment(snapshot.time)} ${context.process(snapshot.pid)}`,
          pid: String(snapshot.pid),
        }))

function leftToJson(detail: Detail, context: ViewContext): string {
  const what = givenUp(detail, context.words)
  return what.length > 0 ? context.fill(context.words.page.omittedPage, { what: what.join(', ') }) : ''
}

function omittedCharts(document: ReportDocument, context: ViewContext): string {
  const all = document.processes.length + (document.omitted.processes ?? 0)
  const more = all - PROCESSES_WITH_CHARTS
  return more > 0 ? context.fill(context.words.page.omittedCharts, { n: more }) : ''
}
