import { join, relative } from 'node:path'
import pico from 'picocolors'
import type { ReportDocument } from '../report/document.ts'
import { shown } from './terminal.ts'

/** Findings printed at most; the rest is in the report. */
const MOST_FINDINGS = 5

const WORDS = {
  en: {
    confidence: (value: number) => `confidence ${value} of 100`,
    more: (count: number) => `… and ${count} more in the report`,
    culprit: 'thread',
    open: 'thread open',
    gate: 'Gate failed',
    skipped: (count: number, damaged: number) => `Data: ${count} skipped, ${damaged} damaged; see the report`,
    next: 'Next',
    certainty: { certain: 'certain', likely: 'likely' },
    severity: { problem: 'problem', warning: 'warning', info: 'info' },
    written: 'Written',
  },
  zh: {
    confidence: (value: number) => `置信度 ${value}/100`,
    more: (count: number) => `……报告中还有 ${count} 项`,
    culprit: '线程',
    open: '线程未定',
    gate: '门限未通过',
    skipped: (count: number, damaged: number) => `数据：跳过 ${count} 个，受损 ${damaged} 处；详见报告`,
    next: '下一步',
    certainty: { certain: '确定', likely: '很可能' },
    severity: { problem: '问题', warning: '警告', info: '信息' },
    written: '已写入',
  },
} as const

/** What stdout says after a run: the verdict, what was found, what failed, where the files are, what to do next. */
export function summaryLines(
  document: ReportDocument,
  out: string,
  names: readonly string[],
  color: boolean,
): string[] {
  const words = WORDS[document.language]
  const paint = pico.createColors(color)
  const { verdict } = document
  const tone = { leak: paint.red, growth: paint.yellow, healthy: paint.green, inconclusive: paint.yellow }
  const lines = [
    `${paint.bold(tone[verdict.status](shown(verdict.summary)))}  (${words.confidence(verdict.confidence)})`,
    shown(verdict.reason),
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
      ? `${words.culprit} ${finding.culprit.tid}${finding.culprit.name ? ` ${finding.culprit.name}` : ''}, ${words.certainty[finding.culprit.certainty]}`
      : words.open
    lines.push(
      `${words.severity[finding.severity].padEnd(7)}  ${finding.ruleId}  ${shown(finding.program ?? '')} ${finding.pid}  ${shown(who)}`,
    )
  }
  if (findings.length > MOST_FINDINGS) lines.push(words.more(findings.length - MOST_FINDINGS))
  for (const gate of document.gates.filter((one) => !one.passed))
    lines.push(
      `${paint.red(words.gate)}: ${shown(gate.name)}: ${shown(gate.found)} (${shown(gate.expected)})`,
    )
  const damaged = document.diagnostics.filter((entry) => entry.severity !== 'info').length
  if (document.skipped.length + damaged > 0) lines.push('', words.skipped(document.skipped.length, damaged))
  if (verdict.next)
    lines.push(
      '',
      `${words.next}: ${shown(verdict.next.text)}`,
      ...(verdict.next.command ? [`  ${shown(verdict.next.command)}`] : []),
    )
  lines.push('', `${words.written}: ${names.map((name) => place(out, name)).join('  ')}`)
  return lines
}

const place = (out: string, name: string): string => {
  const path = join(out, name)
  const near = relative('.', path)
  return shown(near.startsWith('..') ? path : near)
}
