/** System calls: per thread and name from the logs, the tables of strace -c, and what descriptors stand for. */
import { formatCount, formatDuration, formatNumber } from '../../base/format.ts'
import { SECOND } from '../../base/units.ts'
import { DASH, type ViewContext } from './context.ts'
import { amount, cell, code, figures, type Table, table, words } from './table.ts'

export interface SyscallsView {
  readonly tables: readonly Table[]
}

export function syscallsView(context: ViewContext): SyscallsView {
  return {
    tables: [byThread(context), ...profiles(context), descriptors(context)].filter(
      (entry) => entry.rows.length > 0,
    ),
  }
}

function byThread(context: ViewContext): Table {
  const { table: t, section } = context.words
  const rows = context.document.threads
    .flatMap((thread) => thread.syscalls.map((call) => ({ thread, call })))
    .sort((a, b) => (b.call.seconds ?? 0) - (a.call.seconds ?? 0) || b.call.calls - a.call.calls)
  return table(
    context,
    'syscalls-table',
    section.syscallsByThread,
    [
      words(t.call),
      words(t.thread),
      figures(t.calls),
      figures(t.errors),
      figures(t.timeInCall),
      words(t.process),
    ],
    rows.map(({ thread, call }) => ({
      pid: thread.pid,
      cells: [
        code(call.name),
        cell(context.threadName(thread.pid, thread.tid), { sort: String(thread.tid) }),
        amount(call.calls, formatCount(call.calls)),
        amount(call.errors, formatCount(call.errors)),
        amount(
          call.seconds,
          call.seconds === null ? DASH : formatDuration(call.seconds * SECOND)[context.language],
        ),
        cell(context.process(thread.pid)),
      ],
    })),
    { rows: 150, lost: context.document.omitted['threads.syscalls'] ?? 0 },
  )
}

const optional = (value: number | null, format: (value: number) => string) =>
  amount(value, value === null ? DASH : format(value))

function profiles(context: ViewContext): Table[] {
  const { table: t, section } = context.words
  return context.document.summaries.slice(0, 8).map((profile, index) =>
    table(
      context,
      `profile-${index + 1}`,
      context.fill(section.profile, { file: profile.title ?? profile.file }),
      [words(t.call), figures(t.percent), figures(t.seconds), figures(t.calls), figures(t.errors)],
      profile.rows.map((row) => ({
        cells: [
          code(row.name),
          optional(row.percent, formatNumber),
          optional(row.seconds, formatNumber),
          optional(row.calls, formatCount),
          optional(row.errors, formatCount),
        ],
      })),
      { rows: 100 },
    ),
  )
}

function descriptors(context: ViewContext): Table {
  const { table: t, section } = context.words
  return table(
    context,
    'descriptors',
    section.descriptors,
    [words(t.descriptor), words(t.meaning), words(t.source), words(t.process)],
    context.document.descriptors.map((entry) => ({
      pid: entry.pid,
      cells: [
        cell(String(entry.fd), { sort: String(entry.fd) }),
        code(entry.meaning),
        cell(entry.source),
        cell(context.process(entry.pid)),
      ],
    })),
    { rows: 100, lost: context.document.omitted.descriptors ?? 0 },
  )
}
