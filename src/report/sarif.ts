/** SARIF 2.1.0 (OASIS): findings for code-scanning views, with the lines of evidence as their places. */

import { configure } from 'safe-stable-stringify'
import type { Log, ReportingDescriptor, Result, Suppression } from 'sarif'
import { groupedBy } from '../base/grouped.ts'
import { visibleText } from '../base/visible-text.ts'
import type { ReportDocument, ReportFinding } from './document.ts'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
const LEVEL = { problem: 'error', warning: 'warning', info: 'note' } as const
const NOTIFICATION_LEVEL = { error: 'error', 'data-loss': 'warning', info: 'note' } as const
const stringify = configure({ circularValue: Error, bigint: false })

/** The text of report.sarif. */
export function renderSarif(document: ReportDocument): string {
  return `${stringify(sarifLog(document), null, 1)}\n`
}

function sarifLog(document: ReportDocument): Log {
  const ruleIndex = new Map(document.rules.map((rule, index) => [rule.id, index]))
  const accepted = document.accepted && groupedBy(document.accepted, ({ fingerprint }) => fingerprint)
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: document.tool.name,
            semanticVersion: document.tool.version,
            rules: document.rules.map(descriptor),
          },
        },
        language: document.language === 'zh' ? 'zh-CN' : 'en',
        columnKind: 'utf16CodeUnits',
        results: document.findings.map((finding) => ({
          ...result(finding, document, ruleIndex),
          // Either every result says whether it is suppressed, or none does.
          ...(accepted ? { suppressions: (accepted.get(finding.fingerprint) ?? []).map(suppression) } : {}),
        })),
        invocations: [
          {
            executionSuccessful: document.rules.every((rule) => rule.outcome !== 'failed'),
            toolExecutionNotifications: document.diagnostics.map((entry) => ({
              level: NOTIFICATION_LEVEL[entry.severity],
              descriptor: { id: entry.code },
              message: { text: visibleText(entry.message) },
              locations: [place(entry.file, entry.line ?? 1, entry.line ?? 1)],
            })),
          },
        ],
        properties: { verdict: document.verdict.status, confidence: document.verdict.confidence },
      },
    ],
  }
}

const descriptor = (rule: ReportDocument['rules'][number]): ReportingDescriptor => ({
  id: rule.id,
  shortDescription: { text: visibleText(rule.title) },
  properties: { outcome: rule.outcome, reason: rule.reason },
})

function result(
  finding: ReportFinding,
  document: ReportDocument,
  ruleIndex: ReadonlyMap<string, number>,
): Result {
  const index = ruleIndex.get(finding.ruleId)
  return {
    ruleId: finding.ruleId,
    ...(index === undefined ? {} : { ruleIndex: index }),
    level: LEVEL[finding.severity],
    message: { text: messageOf(finding) },
    partialFingerprints: { 'memdossierFinding/v1': finding.fingerprint },
    rank: finding.confidence,
    locations: finding.evidence.slice(0, 1).map(({ file, firstLine, lastLine }) => ({
      ...place(file, firstLine, lastLine),
      logicalLocations: who(finding),
    })),
    relatedLocations: finding.evidence
      .slice(1)
      .map(({ file, firstLine, lastLine }, at) => ({ id: at + 1, ...place(file, firstLine, lastLine) })),
    ...(document.baseline
      ? { baselineState: isNew(finding, document.baseline) ? ('new' as const) : ('unchanged' as const) }
      : {}),
    properties: { ...finding.measures, mechanism: finding.mechanism, pid: finding.pid },
  }
}

/** What it is, what to do, and on a line of its own the command that is meant by it. */
const messageOf = ({ summary, action, captureHint }: ReportFinding): string =>
  [`${summary} ${action}`, ...(captureHint === null ? [] : [captureHint])].map(visibleText).join('\n')

/** Whether the earlier report has no such finding; of one that claims growth, none that claims it. */
function isNew({ fingerprint, severity }: ReportFinding, baseline: NonNullable<ReportDocument['baseline']>) {
  const added = severity === 'info' ? baseline.addedInfo : baseline.added
  return added?.includes(fingerprint) ?? false
}

type Accepted = NonNullable<ReportDocument['accepted']>[number]

const suppression = ({ reason }: Accepted): Suppression => ({
  kind: 'external',
  status: 'accepted',
  justification: visibleText(reason),
})

const place = (file: string, firstLine: number, lastLine: number) => ({
  physicalLocation: {
    artifactLocation: { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: 'EVIDENCE' },
    region: { startLine: Math.max(1, firstLine), endLine: Math.max(1, firstLine, lastLine) },
  },
})

/** The process, and the accused thread when there is one. */
function who(finding: ReportFinding): { name: string; kind: string; fullyQualifiedName: string }[] {
  const process = `${finding.program ?? 'process'}[${finding.pid}]`
  const rows = [{ name: visibleText(process), kind: 'process', fullyQualifiedName: visibleText(process) }]
  const { culprit } = finding
  if (culprit) {
    const thread = `${culprit.name ?? 'thread'}[${culprit.tid}]`
    rows.push({
      name: visibleText(thread),
      kind: 'thread',
      fullyQualifiedName: visibleText(`${process}/${thread}`),
    })
  }
  return rows
}
