/** One run of the main job: finds the evidence, investigates it, drafts the outputs. Prints nothing. */
import { relative, resolve, sep } from 'node:path'
import { encoded } from '../base/encoded.ts'
import { turn } from '../base/turn.ts'
import type { BundleDocuments } from '../bundle/bundle-writer.ts'
import type { HashingAhead } from '../bundle/hashing-ahead.ts'
import { discover } from '../evidence/discover.ts'
import { Diagnostics } from '../model/diagnostics.ts'
import type { Capture } from '../model/evidence.ts'
import { conclude, investigate, report } from '../pipeline.ts'
import { keyOf } from '../redaction/key.ts'
import { showCapture } from '../redaction/names.ts'
import { createRedactor } from '../redaction/redactor.ts'
import type { ReportDocument } from '../report/document.ts'
import { VERSION } from '../version.ts'
import { takeCustody } from './custody.ts'
import { newestStamp } from './newest-stamp.ts'
import { NothingToRead } from './nothing-to-read.ts'
import { type RunPorts, UNHEARD } from './ports.ts'
import { recordedOptions } from './recorded-options.ts'
import { BUNDLED, OUTPUTS, RENDERERS } from './renderers.ts'
import type { RunOptions } from './run-options.ts'

export interface Found {
  readonly capture: Capture
  readonly diagnostics: Diagnostics
  readonly hashing: HashingAhead | null
}

/** Diagnostics that hear nothing of some files. */
class DiagnosticsBut extends Diagnostics {
  readonly #isLeftOut: (path: string) => boolean

  constructor(isLeftOut: (path: string) => boolean) {
    super()
    this.#isLeftOut = isLeftOut
  }

  override report(...[code, file, ...rest]: Parameters<Diagnostics['report']>): void {
    if (!this.#isLeftOut(file)) super.report(code, file, ...rest)
  }
}

/** What a run writes into its folder, or into one of `out/`; whatever else lies there is evidence. */
const OUTPUT = new RegExp(
  String.raw`^(?:[^/]+/)?(?:${OUTPUTS.join('|').replaceAll('.', String.raw`\.`)}|evidence\.zip/.*|\.memdossier-\d+/.*)$`,
  's',
)

/** Finds the evidence, for a run that hashes with `hashing`. Outputs of earlier runs that lie inside it are no evidence. */
export async function find({ evidence, out }: RunOptions, hashing: HashingAhead | null): Promise<Found> {
  const inside = pathInside(evidence, out ?? 'out')
  const isOutput = (path: string) =>
    inside !== null && path.startsWith(inside) && OUTPUT.test(path.slice(inside.length))
  const diagnostics = new DiagnosticsBut(isOutput)
  const capture = await discover(evidence, diagnostics, (bytes) => hashing?.found(bytes))
  const isEvidence = ({ path }: { path: string }) => !isOutput(path)
  const files = capture.files.filter(isEvidence)
  const skipped = capture.skipped.filter(isEvidence)
  if (files.length === 0) throw new NothingToRead(whyNothing(evidence, skipped))
  return { capture: { name: capture.name, files, skipped, roots: capture.roots ?? [] }, diagnostics, hashing }
}

/** Reads, judges and renders; every output is a complete draft when it returns. */
export async function run(
  found: Found,
  options: RunOptions,
  ports: RunPorts,
): Promise<{ document: ReportDocument; map: ReadonlyMap<string, string> }> {
  const given = options.redactionKey
  const key = given ? () => given : await keyOf(found.capture.files)
  const remember = options.redactionMap !== null
  const shown = createRedactor(options.redact, key, remember)
  const stored = createRedactor(options.redact, key, remember)
  const capture = showCapture(found.capture, shown)
  const custody = await takeCustody({
    capture,
    options,
    key,
    shown,
    stored,
    diagnostics: found.diagnostics,
    hashing: found.hashing,
    path: () => ports.draft('evidence.zip'),
    newest:
      options.sourceDateEpoch === null ? newestStamp(capture.files) : options.sourceDateEpoch * 1_000_000,
    progress: ports,
  })
  try {
    const { files, threads } = custody
    const ownProgress = custody.tellsToTheEnd ? UNHEARD : ports
    const reading = { threads, leaveProcessor: () => custody.leaveProcessor() }
    const facts = await investigate(
      { ...capture, files },
      shown,
      options,
      found.diagnostics,
      reading,
      ownProgress,
    )
    // Before the hashes are waited for, which are made beside it.
    const conclusions = conclude(facts)
    const { document, bundled } = await custody.draft(async (inputs) => {
      const document = await report(facts, conclusions, capture, inputs, shown, options, found.diagnostics)
      ownProgress.stage('rendering', 0)
      await turn()
      return { document, bundled: await render(document, options, ports) }
    })
    await custody.finish(bundled, {
      captureName: capture.name,
      toolVersion: VERSION,
      options: recordedOptions(options),
    })
    // The last one: what is complete is published when this returns.
    await turn()
    return { document, map: new Map([...stored.map(), ...shown.map()]) }
  } catch (error) {
    await custody.abort()
    throw error
  } finally {
    await found.hashing?.stop()
  }
}

/** Drafts the text outputs; returns those that the bundle holds, which it does whether or not they were asked for. */
async function render(
  document: ReportDocument,
  options: RunOptions,
  ports: RunPorts,
): Promise<BundleDocuments> {
  const bundled: Record<string, readonly Uint8Array[]> = {}
  for (const [format, { file, render }] of Object.entries(RENDERERS)) {
    const asked = options.formats.some((wanted) => wanted === format)
    const packed = options.formats.includes('zip') && BUNDLED.some((name) => name === format)
    if (!asked && !packed) continue
    const pieces = encoded(await render(document))
    if (!packed) {
      ports.write(file, pieces)
      continue
    }
    const kept = Array.from(pieces, (piece) => Uint8Array.from(piece))
    if (asked) ports.write(file, kept)
    bundled[file] = kept
  }
  return bundled
}

/** Prefix of the capture's paths that lie in the output folder; `null` when none can. */
function pathInside(evidence: readonly string[], outputs: string): string | null {
  if (evidence.length !== 1) return null
  const path = relative(resolve(evidence[0]!), resolve(outputs))
  return path === '' || path === '..' || path.startsWith(`..${sep}`) ? null : `${path.split(sep).join('/')}/`
}

function whyNothing(evidence: readonly string[], skipped: Capture['skipped']): string {
  const where = evidence.join(', ')
  const first = skipped[0]
  if (!first) return `nothing to read in ${where}: it holds no file`
  const more = skipped.length > 1 ? `, and ${skipped.length - 1} more` : ''
  return `nothing to read in ${where}: ${first.path === where ? '' : `${first.path}: `}${first.reason}${more}`
}
