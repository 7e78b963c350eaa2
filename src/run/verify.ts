/** Repeats the analysis of a bundle from the evidence inside it and compares. Prints nothing. */
import { EVIDENCE_FOLDER, REPORT_JSON } from '../bundle/bag.ts'
import { BagError } from '../bundle/bag-error.ts'
import type { CheckedBag } from '../bundle/check-bag.ts'
import { memberText } from '../bundle/open-bag.ts'
import { inspect } from '../evidence/inspect.ts'
import type { Source } from '../evidence/source.ts'
import { NO_GATES } from '../gates/gate-options.ts'
import { Diagnostics } from '../model/diagnostics.ts'
import type { Capture, EvidenceFile } from '../model/evidence.ts'
import { conclude, investigate, report } from '../pipeline.ts'
import { createRedactor } from '../redaction/redactor.ts'
import { type ReportDocument, reportDocument } from '../report/document.ts'
import { VERSION } from '../version.ts'
import { firstDifference } from './first-difference.ts'
import { optionsFromRecord } from './recorded-options.ts'
import { BUNDLED, RENDERERS } from './renderers.ts'

/** What could be compared; in words, for whoever asked. */
export interface Verified {
  /** `null` when every rendering is what report.json gives, else what was left out and why. */
  readonly remark: string | null
}

/** Throws BagError with the first place where the documents and the evidence disagree. */
export async function verifyReport(members: ReadonlyMap<string, Source>, bag: CheckedBag): Promise<Verified> {
  const recorded = parseReport(await memberText(members, REPORT_JSON))
  const again = await analyseAgain(members, bag)
  const difference = firstDifference(
    comparable(recorded, bag),
    comparable(asOriginal(again, bag), bag),
    REPORT_JSON,
  )
  if (difference !== null) throw new BagError(difference)
  return { remark: await compareRenderings(members, recorded) }
}

/** Still images, which another build of the canvas may draw with other pixels. */
const IMAGES = /src="data:image\/[^"]*"/g

async function compareRenderings(
  members: ReadonlyMap<string, Source>,
  recorded: ReportDocument,
): Promise<string | null> {
  if (recorded.tool.version !== VERSION)
    return `the renderings were made by version ${recorded.tool.version} and not compared by ${VERSION}`
  let remark: string | null = null
  for (const format of BUNDLED) {
    const { file, render } = RENDERERS[format]
    const told = await memberText(members, `data/${file}`)
    const made = [...(await render(recorded))].join('')
    if (told === made) continue
    if (told.replace(IMAGES, '') !== made.replace(IMAGES, ''))
      throw new BagError(`data/${file} is not what report.json gives`)
    remark = `the still images of ${file} were drawn by another build of the canvas and not compared`
  }
  return remark
}

function parseReport(text: string): ReportDocument {
  try {
    return reportDocument.parse(JSON.parse(text))
  } catch {
    throw new BagError(`${REPORT_JSON} is no report of this tool`)
  }
}

async function analyseAgain(members: ReadonlyMap<string, Source>, bag: CheckedBag): Promise<ReportDocument> {
  const options = optionsFromRecord(bag.info)
  const diagnostics = new Diagnostics()
  const files: EvidenceFile[] = []
  for (const [name, source] of members) {
    if (!name.startsWith(EVIDENCE_FOLDER)) continue
    const looked = await inspect({ ...source, path: name.slice(EVIDENCE_FOLDER.length) }, diagnostics)
    if ('skipped' in looked)
      throw new BagError(`${name} is not readable as evidence: ${looked.skipped.reason}`)
    files.push(looked.file)
  }
  files.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
  const capture: Capture = { name: bag.info.get('External-Identifier') ?? '', files, skipped: [] }
  const redactor = createRedactor(options.redact)
  const facts = await investigate(capture, redactor, options, diagnostics)
  const inputs = files.map((file) => ({
    path: file.path,
    format: file.format,
    original: { bytes: file.bytes, sha256: '0'.repeat(64) },
  }))
  return report(
    facts,
    conclude(facts),
    capture,
    inputs,
    redactor,
    { ...options, gates: NO_GATES },
    diagnostics,
  )
}

/** What changes with redaction and nothing else: sizes and hashes of the files themselves. */
function asOriginal(document: ReportDocument, bag: CheckedBag): ReportDocument {
  const originals = new Map(bag.redaction.files.map((file) => [file.path, file.original]))
  const bytesOf = (path: string, bytes: number) => originals.get(path)?.bytes ?? bytes
  return {
    ...document,
    inputs: document.inputs.map((input) => ({ ...input, ...originals.get(input.path) })),
    traces: document.traces.map((trace) => ({
      ...trace,
      files: trace.files.map((file) => ({ ...file, bytes: bytesOf(file.path, file.bytes) })),
    })),
  }
}

/**
 * The report without what the evidence inside cannot tell: gates, baseline and acceptance (judged by options of that run), what
 * was skipped or lost before it came into the bag, and how often something was redacted (redaction-report.json).
 */
function comparable(document: ReportDocument, bag: CheckedBag): Partial<ReportDocument> {
  const {
    gates: _g,
    baseline: _b,
    accepted: _a,
    skipped: _s,
    redaction,
    diagnostics,
    omitted,
    tool: _t,
    ...rest
  } = document
  const inside = new Set(bag.redaction.files.map((file) => file.path))
  const { skipped: _o, diagnostics: _d, ...cut } = omitted
  return {
    ...rest,
    omitted: cut,
    redaction: { policy: redaction.policy, rules: [] },
    diagnostics: diagnostics.filter((entry) => inside.has(entry.file) && !entry.code.startsWith('evidence-')),
  }
}
