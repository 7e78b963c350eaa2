import { join, relative } from 'node:path'
import pico from 'picocolors'
import wrapAnsi from 'wrap-ansi'
import { formatThread } from '../base/format.ts'
import { verdictConfidence } from '../report/confidence-text.ts'
import type { ReportDocument } from '../report/document.ts'
import { gateName, gateWhy } from '../report/gate-name.ts'
import { shown } from './terminal.ts'

/** Findings printed at most; the rest is in the report. */
const MOST_FINDINGS = 5

const WORDS = {
  en: {
    more: (count: number) => `… and ${count} more in the report`,
    confidence: (words: string) => ` (${words})`,
    culprit: (thread: string, certainty: string) => `thread ${thread}, ${certainty}`,
    open: 'thread open',
    gate: 'Gate failed:',
    failed: (gate: string, why: string) => `${gate} failed: ${why}`,
    because: (gate: string, why: string) => ` ${gate}: ${why}`,
    data: (skipped: number, damaged: number) =>
      `Data: ${[
        ...(skipped > 0 ? [`${skipped} ${skipped === 1 ? 'file' : 'files'} skipped`] : []),
        ...(damaged > 0 ? [`${damaged} ${damaged === 1 ? 'sign' : 'signs'} of damage`] : []),
      ].join(', ')}; see Data quality in the report`,
    next: 'Next: ',
    certainty: { certain: 'certain', likely: 'likely' },
    severity: { problem: 'problem', warning: 'warning', info: 'info' },
    written: 'Written:',
    beside: ' ',
  },
  zh: {
    more: (count: number) => `……报告中还有 ${count} 项`,
    confidence: (words: string) => `（${words}）`,
    culprit: (thread: string, certainty: string) => `线程 ${thread}，${certainty}`,
    open: '线程未定',
    gate: '门禁未通过：',
    failed: (gate: string, why: string) => `门禁未通过：${gate}：${why}`,
    because: (gate: string, why: string) => `${gate}：${why}`,
    data: (skipped: number, damaged: number) =>
      `数据：${[
        ...(skipped > 0 ? [`跳过 ${skipped} 个文件`] : []),
        ...(damaged > 0 ? [`损坏 ${damaged} 处`] : []),
      ].join('，')}；详见报告中的数据质量`,
    next: '下一步：',
    certainty: { certain: '确定', likely: '很可能' },
    severity: { problem: '问题', warning: '警告', info: '信息' },
    written: '已写入：',
    beside: '',
  },
} as const

/** Longer lines are hard to read, however wide the window. */
const WIDEST = 100

/**
 * What stdout says after a run: the verdict, what was found, what failed, where the files are, what to do next.
 * `columns` is the width of the terminal, within which sentences are broken between words; `undefined` where there is
 * none: a log keeps a sentence on one line. Commands and paths stay whole, for they are copied.
 */
export function summaryLines(
  document: ReportDocument,
  out: string,
  names: readonly string[],
  { color, columns }: { readonly color: boolean; readonly columns: number | undefined },
): string[] {
  const words = WORDS[document.language]
  const paint = pico.createColors(color)
  const { verdict } = document
  const told = (text: string): string[] =>
    columns === undefined ? [text] : wrapAnsi(text, Math.min(columns, WIDEST), { hard: true }).split('\n')
  const tone = { leak: paint.red, growth: paint.yellow, healthy: paint.green, inconclusive: paint.yellow }
  const lines = [
    ...told(
      `${paint.bold(tone[verdict.status](shown(verdict.summary)))}${words.confidence(verdictConfidence(document))}`,
    ),
    ...told(shown(verdict.reason)),
  ]
  if (verdict.numbers.length > 0)
    lines.push(
      '',
      ...verdict.numbers.map(({ value, label }) => `  ${paint.bold(shown(value))}  ${shown(label)}`),
    )
  const findings = document.findings.filter((finding) => finding.severity !== 'info')
  if (findings.length > 0) lines.push('')
  for (const finding of findings.slice(0, MOST_FINDINGS)) {
    const who = finding.culprit
      ? words.culprit(
          formatThread(finding.culprit.tid, finding.culprit.name),
          words.certainty[finding.culprit.certainty],
        )
      : words.open
    lines.push(
      ...told(
        `${words.severity[finding.severity].padEnd(7)}  ${finding.ruleId}  ${shown(finding.program ?? 'pid')} ${finding.pid}  ${shown(who)}`,
      ),
    )
  }
  if (findings.length > MOST_FINDINGS) lines.push(words.more(findings.length - MOST_FINDINGS))
  for (const { name, why } of failuresOf(document))
    lines.push(...told(`${paint.red(words.gate)}${words.because(name, why)}`))
  const damaged = document.diagnostics.filter((entry) => entry.severity !== 'info').length
  const skipped = document.skipped.length + (document.omitted.skipped ?? 0)
  if (skipped + damaged > 0) lines.push('', ...told(words.data(skipped, damaged)))
  if (verdict.next)
    lines.push(
      '',
      ...told(`${words.next}${shown(verdict.next.text)}`),
      ...(verdict.next.command ? [`  ${shown(verdict.next.command)}`] : []),
    )
  const places = names.map((name) => place(out, name))
  lines.push(
    '',
    ...(columns === undefined
      ? [`${words.written}${words.beside}${places.join('  ')}`]
      : [words.written, ...places.map((path) => `  ${path}`)]),
  )
  return lines
}

/** The gates that failed, a line each, for where nothing else is printed. */
export const failedGates = (document: ReportDocument): string[] =>
  failuresOf(document).map(({ name, why }) => WORDS[document.language].failed(name, why))

const failuresOf = ({ gates, language }: ReportDocument): { name: string; why: string }[] =>
  gates
    .filter((gate) => !gate.passed)
    .map((gate) => ({ name: shown(gateName(gate.name, language)), why: shown(gateWhy(gate, language)) }))

const place = (out: string, name: string): string => {
  const path = join(out, name)
  const near = relative('.', path)
  return shown(near.startsWith('..') ? path : near)
}
