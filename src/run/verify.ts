/** Repeats the analysis of a bundle from the evidence inside it and compares. Prints nothing. */
import { BAG_INFO, EVIDENCE_FOLDER, REDACTION_REPORT, REPORT_JSON } from '../bundle/bag.ts'
import { BagError } from '../bundle/bag-error.ts'
import { baggingDate } from '../bundle/bundle-writer.ts'
import type { CheckedBag } from '../bundle/check-bag.ts'
import { checkTexts, versionOf } from '../bundle/check-texts.ts'
import { memberText } from '../bundle/open-bag.ts'
import { inspect } from '../evidence/inspect.ts'
import type { Source } from '../evidence/source.ts'
import { DIAGNOSTIC_CATALOGUE, type DiagnosticCode } from '../model/diagnostic-catalogue.ts'
import type { DiagnosticKind } from '../model/diagnostic-kind.ts'
import { Diagnostics } from '../model/diagnostics.ts'
import type { Capture, EvidenceFile } from '../model/evidence.ts'
import { conclude, investigate, report } from '../pipeline.ts'
import { createRedactor } from '../redaction/redactor.ts'
import { type ReportDocument, reportDocument } from '../report/document.ts'
import { LIST_BUDGETS } from '../report/result/omissions.ts'
import { VERSION } from '../version.ts'
import { firstDifference } from './first-difference.ts'
import { newestStamp } from './newest-stamp.ts'
import { optionsFromRecord, recordedOptions } from './recorded-options.ts'
import { BUNDLED, RENDERERS } from './renderers.ts'
import type { RunOptions } from './run-options.ts'

/** What was compared, and what could not be. */
export interface Verified {
  /** In words for whoever asked, what the bag does not hold the means to check. */
  readonly unchecked: readonly string[]
}

/** Throws BagError with the first place where the documents and the evidence disagree. */
export async function verifyReport(members: ReadonlyMap<string, Source>, bag: CheckedBag): Promise<Verified> {
  const version = versionOf(bag)
  if (version !== VERSION)
    throw new BagError(
      `it was made by version ${version}: only that version can tell whether the report is what the evidence gives, this is ${VERSION}`,
    )
  const options = optionsFromRecord(bag.info)
  const recorded = parseReport(await memberText(members, REPORT_JSON))
  const { capture, diagnostics } = await evidenceOf(members, bag)
  const date = dateOf(bag, capture)
  await checkTexts(members, bag, { toolVersion: VERSION, date: date.day, options: recordedOptions(options) })
  checkOriginals(bag, options)
  const again = await analyseAgain(capture, bag, options, diagnostics)
  const difference = firstDifference(
    comparable(recorded),
    comparable(withRecord(again, recorded, bag)),
    REPORT_JSON,
  )
  if (difference !== null) throw new BagError(difference)
  checkCatalogue(recorded)
  const images = await compareRenderings(members, recorded)
  return {
    unchecked: [
      'gates, baseline and accepted findings',
      'what was skipped, or changed while it was read',
      ...(options.redact === 'none' ? [] : ['sizes and hashes before redaction, and how often it replaced']),
      ...(date.isKnown ? [] : ['the bagging date']),
      ...images,
    ],
  }
}

/**
 * Still images, which another build of the canvas may draw with other pixels. They begin as every WebP does, `RIFF`, and
 * end in equals signs as the page writes them.
 */
const IMAGES = /src="data:image\/webp;base64,UklGR[A-Za-z0-9+/]*(?:&#x3D;){0,2}"/g

/** Every rendering must be what report.json gives; returns which images were not compared. */
async function compareRenderings(
  members: ReadonlyMap<string, Source>,
  recorded: ReportDocument,
): Promise<string[]> {
  const unchecked: string[] = []
  for (const format of BUNDLED) {
    const { file, render } = RENDERERS[format]
    const told = await memberText(members, `data/${file}`)
    const made = [...(await render(recorded))].join('')
    if (told === made) continue
    if (told.replace(IMAGES, '') !== made.replace(IMAGES, ''))
      throw new BagError(`data/${file} is not what report.json gives`)
    unchecked.push(`the still images of ${file}, which another build of the canvas drew`)
  }
  return unchecked
}

/** The day of the newest stamp; of a run under SOURCE_DATE_EPOCH, which is not in the bag, the one that is told. */
function dateOf({ info }: CheckedBag, { files }: Capture): { day: string; isKnown: boolean } {
  const day = baggingDate(newestStamp(files))
  const told = info.get('Bagging-Date') ?? ''
  const isKnown = told === day
  const isDay = /^\d{4}-\d\d-\d\d$/.test(told) && !Number.isNaN(Date.parse(told))
  return isKnown || !isDay ? { day, isKnown: true } : { day: told, isKnown }
}

/** What was redacted by nothing was stored as it was. */
function checkOriginals({ redaction }: CheckedBag, { redact }: RunOptions): void {
  if (redaction.policy !== redact)
    throw new BagError(`${REDACTION_REPORT}: policy is ${redaction.policy}, ${BAG_INFO} says ${redact}`)
  if (redact !== 'none') return
  for (const { path, original, stored } of redaction.files)
    if (original.sha256 !== stored.sha256 || original.bytes !== stored.bytes)
      throw new BagError(`${REDACTION_REPORT}: ${path} was not stored as it was, and nothing was redacted`)
}

/** Of what the evidence inside cannot tell, the words at least are the tool's. */
function checkCatalogue({ diagnostics, language }: ReportDocument): void {
  for (const { code, severity, message, remedy } of diagnostics) {
    const kind: DiagnosticKind | undefined = DIAGNOSTIC_CATALOGUE[code as DiagnosticCode]
    const isKnown =
      kind?.severity === severity &&
      kind.remedy[language] === remedy &&
      message.startsWith(kind.message[language])
    if (!isKnown) throw new BagError(`${REPORT_JSON}: ${code} is no diagnostic that the tool writes`)
  }
}

function parseReport(text: string): ReportDocument {
  try {
    return reportDocument.parse(JSON.parse(text))
  } catch {
    throw new BagError(`${REPORT_JSON} is no report of this tool`)
  }
}

/** The evidence inside, looked at as a run does. */
async function evidenceOf(
  members: ReadonlyMap<string, Source>,
  bag: CheckedBag,
): Promise<{ capture: Capture; diagnostics: Diagnostics }> {
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
  const name = bag.info.get('External-Identifier') ?? ''
  return { capture: { name, files, skipped: [] }, diagnostics }
}

async function analyseAgain(
  capture: Capture,
  bag: CheckedBag,
  options: RunOptions,
  diagnostics: Diagnostics,
): Promise<ReportDocument> {
  const redactor = createRedactor(options.redact)
  const facts = await investigate(capture, redactor, options, diagnostics)
  const originals = new Map(bag.redaction.files.map((file) => [file.path, file.original]))
  const inputs = capture.files.map(({ path, format }) => ({ path, format, original: originals.get(path)! }))
  return report(facts, conclude(facts), capture, async () => inputs, redactor, options, diagnostics)
}

/** What changes with redaction and nothing else, as the bag has it: sizes of the files themselves, and the counts. */
function withRecord(
  document: ReportDocument,
  recorded: ReportDocument,
  { redaction }: CheckedBag,
): ReportDocument {
  const bytes = new Map(redaction.files.map((file) => [file.path, file.original.bytes]))
  // Where the list is full, those that the evidence cannot tell took some of its room.
  const isFull = recorded.diagnostics.length === LIST_BUDGETS.diagnostics
  const told = isFull ? recorded.diagnostics.filter(isOfContent).length : undefined
  return {
    ...document,
    traces: document.traces.map((trace) => ({
      ...trace,
      files: trace.files.map((file) => ({ ...file, bytes: bytes.get(file.path) ?? file.bytes })),
    })),
    diagnostics: document.diagnostics.filter(isOfContent).slice(0, told),
    redaction: { ...document.redaction, rules: redaction.shown },
  }
}

/** What was noticed while finding and opening files is known to the run alone. */
const isOfContent = ({ code }: ReportDocument['diagnostics'][number]): boolean =>
  !code.startsWith('evidence-')

/**
 * The report without what the evidence inside cannot tell: gates, baseline and acceptance (judged by options of that
 * run), and what was skipped or lost before it came into the bag.
 */
function comparable(document: ReportDocument): Partial<ReportDocument> {
  const { gates: _g, baseline: _b, accepted: _a, skipped: _s, diagnostics, omitted, ...rest } = document
  const { skipped: _o, diagnostics: _d, ...cut } = omitted
  return { ...rest, omitted: cut, diagnostics: diagnostics.filter(isOfContent) }
}
