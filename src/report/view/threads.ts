/** Threads: what each moved, what it was doing, thread by thread. */
import {
  formatByteRange,
  formatBytes,
  formatCount,
  formatDuration,
  formatNumber,
  formatShare,
} from '../../base/format.ts'
import { SECOND } from '../../base/units.ts'
import type { ReportThread } from '../document.ts'
import { DASH, type ViewContext } from './context.ts'
import { type EvidenceView, evidenceViews } from './evidence.ts'
import { type Fact, fact } from './finding-facts.ts'
import { type Sparkline, sparkline } from './sparkline.ts'
import { amount, cell, figures, type Table, table, words } from './table.ts'
import { threadId, threadsWithPages } from './thread-pages.ts'

interface ActivityView {
  readonly text: string
  readonly sequence: string
  readonly facts: readonly Fact[]
  readonly evidence: readonly EvidenceView[]
}

interface ThreadView {
  readonly id: string
  readonly pid: number
  readonly tid: string
  readonly heading: string
  /** What a dump of stacks shows of it, innermost frame first. */
  readonly stack: { readonly label: string; readonly frames: readonly string[] } | null
  readonly role: string
  readonly facts: readonly Fact[]
  readonly activities: readonly ActivityView[]
  readonly spark: Sparkline | null
  readonly laneTable: Table | null
}

export interface ThreadsView {
  readonly empty: boolean
  readonly summary: Table
  readonly pages: readonly ThreadView[]
}

export function threadsView(context: ViewContext): ThreadsView {
  const { threads } = context.document
  const pages = threadsWithPages(context.document)
  const paged = new Set(pages.map(threadId))
  return {
    empty: threads.length === 0,
    summary: summaryTable(context, paged),
    pages: pages.map((thread) => threadPage(thread, context)),
  }
}

function summaryTable(context: ViewContext, paged: ReadonlySet<string>): Table {
  const { table: t, section } = context.words
  const { document } = context
  const all = document.threads.reduce((sum, thread) => sum + Math.max(0, thread.memory.liveBytes), 0)
  return table(
    context,
    'threads-table',
    section.threadsTable,
    [
      words(t.thread),
      words(t.name),
      words(t.process),
      figures(t.live),
      figures(t.share),
      figures(t.mapped),
      figures(t.unmapped),
      figures(t.brk),
      figures(t.remapped),
      figures(t.calls),
      words(t.what),
    ],
    document.threads.map((thread) => {
      const { memory } = thread
      const told = (bytes: number) => (thread.traced ? amount(bytes, formatBytes(bytes)) : amount(null, DASH))
      const calls = thread.syscalls.reduce((sum, call) => sum + call.calls, 0)
      const share = all > 0 && thread.traced ? Math.max(0, memory.liveBytes) / all : null
      return {
        pid: thread.pid,
        cells: [
          cell(String(thread.tid), {
            href: paged.has(threadId(thread)) ? `#${threadId(thread)}` : null,
            sort: String(thread.tid),
          }),
          cell(thread.name ?? context.words.page.unknown, { title: thread.nameSource }),
          cell(context.process(thread.pid)),
          told(memory.liveBytes),
          amount(share, share === null ? DASH : formatShare(share)),
          told(memory.mmapBytes),
          told(memory.munmapBytes),
          told(memory.brkBytes),
          told(memory.mremapBytes),
          thread.traced ? amount(calls, formatCount(calls)) : amount(null, DASH),
          cell(thread.role),
        ],
      }
    }),
    { rows: 200, lost: document.omitted.threads ?? 0 },
  )
}

function threadPage(thread: ReportThread, context: ViewContext): ThreadView {
  const { table: t, page } = context.words
  const { memory } = thread
  return {
    id: threadId(thread),
    pid: thread.pid,
    tid: String(thread.tid),
    heading: `${context.threadName(thread.pid, thread.tid)}, ${context.process(thread.pid)}`,
    role: thread.role,
    facts: [
      fact(t.live, formatBytes(memory.liveBytes)),
      fact(t.mapped, formatBytes(memory.mmapBytes)),
      fact(t.unmapped, formatBytes(memory.munmapBytes)),
      fact(t.brk, formatBytes(memory.brkBytes)),
      fact(t.protected, formatBytes(memory.mprotectBytes)),
      fact(
        t.createdBy,
        thread.createdBy === null ? page.unknown : context.threadName(thread.pid, thread.createdBy),
      ),
    ],
    activities: thread.doing.map((activity) => activityView(activity, context)),
    stack: stackView(thread, context),
    spark: sparkline(thread, context),
    laneTable: laneTable(thread, context),
  }
}

const stackView = ({ stack }: ReportThread, context: ViewContext): ThreadView['stack'] =>
  stack && {
    label: context.fill(context.words.section.threadStack, { file: `${stack.file}:${stack.line}` }),
    frames: stack.frames,
  }

const sizeSpan = ({ smallestBytes, largestBytes }: ReportThread['doing'][number]): string =>
  formatByteRange(smallestBytes, largestBytes)

function activityView(activity: ReportThread['doing'][number], context: ViewContext): ActivityView {
  const { table: t, mechanism } = context.words
  const span = (seconds: number | null) =>
    seconds === null ? DASH : formatDuration(seconds * SECOND)[context.language]
  return {
    text: activity.text,
    sequence: activity.sequence.join(' → '),
    facts: [
      fact(t.mechanism, mechanism[activity.mechanism]),
      fact(t.mapped, `${formatCount(activity.count)} × ${sizeSpan(activity)}`),
      fact(t.released, `${formatCount(activity.released)}, ${formatBytes(activity.releasedBytes)}`),
      fact(t.never, `${formatCount(activity.never)}, ${formatBytes(activity.neverBytes)}`),
      fact(t.lifetime, span(activity.medianLifetimeSeconds)),
      fact(t.oldest, span(activity.oldestAgeSeconds)),
    ],
    evidence: evidenceViews(activity.evidence, context),
  }
}

const LANE_ROWS = 12

/** A thread's own time line, as figures: held bytes and calls in up to twelve slices of the trace. */
function laneTable(thread: ReportThread, context: ViewContext): Table | null {
  const { table: t, section } = context.words
  const slices = thread.callsOverTime
  if (slices.length === 0) return null
  const width = Math.ceil(slices.length / LANE_ROWS)
  const rows = []
  for (let index = 0; index < slices.length; index += width) {
    const group = slices.slice(index, index + width)
    const calls = group.reduce((sum, slice) => sum + slice.calls, 0)
    const held = thread.liveOverTime[Math.min(index + width, thread.liveOverTime.length) - 1]?.bytes ?? null
    rows.push({
      cells: [
        cell(context.momentOrDash(group[0]!.from)),
        amount(calls, formatNumber(calls)),
        amount(held, context.bytes(held)),
      ],
    })
  }
  return table(
    context,
    `${threadId(thread)}-lane`,
    section.liveTimeline,
    [words(t.from), figures(t.memoryCalls), figures(t.live)],
    rows,
  )
}
