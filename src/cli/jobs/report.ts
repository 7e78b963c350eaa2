import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { EVIDENCE_GATE, VERDICT_GATE } from '../../gates/apply-gates.ts'
import type { Capture } from '../../model/evidence.ts'
import { keyOf } from '../../redaction/key.ts'
import { showCapture } from '../../redaction/names.ts'
import { createRedactor } from '../../redaction/redactor.ts'
import type { ReportDocument } from '../../report/document.ts'
import { hashingAheadOf } from '../../run/custody.ts'
import { NothingToRead } from '../../run/nothing-to-read.ts'
import { OUTPUTS } from '../../run/renderers.ts'
import { find, run } from '../../run/run.ts'
import { type Arguments, COMMAND_NAMES, type Surroundings } from '../commands/command.ts'
import { EXIT, type ExitStatus, UsageError } from '../exit-status.ts'
import { tellGitHub } from '../github.ts'
import { listEvidence } from '../list-evidence.ts'
import { nearest } from '../nearest.ts'
import { cannotWrite, OutputFolder, writePrivate } from '../output-folder.ts'
import { chooseProgress } from '../progress.ts'
import { readOptions, type Told } from '../read-options.ts'
import { isDiskError } from '../refusals.ts'
import { undoOnSignal } from '../signals.ts'
import { failedGates, summaryLines } from '../summary.ts'
import { shown, terminalColumns, wantsColor } from '../terminal.ts'
import { isThere } from '../values.ts'

/** The main job, from words to exit status. Throws UsageError for what the user can mend. */
export async function runReport(given: Arguments, around: Surroundings): Promise<ExitStatus> {
  const told = await readOptions(given, around.environment)
  if (told.foundConfiguration !== null && !told.quiet)
    around.terminal.note(shown(`memdossier: options from ${told.foundConfiguration}`))
  for (const path of told.options.evidence)
    if (!isThere(path)) throw new UsageError(`${path}: no such file or directory${meantCommand(path)}`)
  const hashing = told.dryRun ? null : hashingAheadOf(told.options)
  const found = await find(told.options, hashing).catch(asUsageError)
  if (told.dryRun) {
    const redactor = createRedactor(told.options.redact, await keyOf(found.capture.files))
    for (const line of listEvidence(showCapture(found.capture, redactor))) around.terminal.result(line)
    return EXIT.done
  }
  const out = told.options.out ?? join('out', found.capture.name)
  refuseMapOver(told.options.redactionMap, out, found.capture)
  const { document, names } = await runInto(out, found, told, around)
  if (!told.quiet) {
    const earlier = OUTPUTS.filter((name) => !names.includes(name) && existsSync(join(out, name)))
    if (earlier.length > 0)
      around.terminal.note(
        shown(`memdossier: not of this run: ${earlier.map((name) => join(out, name)).join(', ')}`),
      )
    const color = wantsColor(told.color, around.environment, process.stdout)
    const columns = terminalColumns()
    for (const line of summaryLines(document, out, names, { color, columns })) around.terminal.result(line)
  } else for (const line of failedGates(document)) around.terminal.note(`memdossier: ${line}`)
  await tellGitHub(document, around.environment, around.terminal)
  return statusOf(document)
}

/** The map would be lost under an output of its name, or take the place of evidence. */
function refuseMapOver(map: string | null, out: string, { files }: Capture): void {
  if (map === null) return
  const place = placeOf(map)
  if (OUTPUTS.some((name) => placeOf(join(out, name)) === place))
    throw new UsageError(`--redaction-map: ${map} is where an output goes`)
  if (files.some(({ diskPath }) => diskPath !== null && placeOf(diskPath) === place))
    throw new UsageError(`--redaction-map: ${map} is evidence`)
}

/** The path of a file whose folder may be named in several ways, or not be there yet. */
function placeOf(path: string): string {
  const folder = dirname(resolve(path))
  return join(existsSync(folder) ? realpathSync(folder) : folder, basename(path))
}

/** A misspelt command is taken for evidence. */
function meantCommand(path: string): string {
  const near = /^[a-z]+$/.test(path) ? nearest(path, COMMAND_NAMES) : null
  return near === null ? '' : `; did you mean the command ${near}?`
}

async function runInto(
  out: string,
  found: Awaited<ReturnType<typeof find>>,
  told: Told,
  around: Surroundings,
): Promise<{ document: ReportDocument; names: string[] }> {
  const folder = new OutputFolder(out)
  const progress = await chooseProgress(told, around.environment, process.stderr)
  const forget = undoOnSignal(() => {
    progress.stop()
    folder.discard()
  })
  try {
    const { document, map } = await run(found, told.options, {
      draft: (name) => folder.draft(name),
      write: (name, content) => folder.write(name, content),
      stage: progress.stage,
      advance: progress.advance,
    })
    // Before anything is published: outputs whose map is missing would look like a run that succeeded.
    if (told.options.redactionMap !== null)
      writePrivate(
        told.options.redactionMap,
        `${JSON.stringify(Object.fromEntries([...map].sort()), null, 1)}\n`,
      )
    return { document, names: folder.publish() }
  } catch (error) {
    if (isDiskError(error)) throw cannotWrite(folder.path, error)
    return asUsageError(error)
  } finally {
    progress.stop()
    folder.discard()
    forget()
  }
}

/** Throws it as it is, or as what the user can mend. */
function asUsageError(error: unknown): never {
  throw error instanceof NothingToRead ? new UsageError(error.message) : error
}

/** A failed gate before a missing verdict before damaged evidence: what is known to be wrong comes first. */
function statusOf(document: ReportDocument): ExitStatus {
  const failed = document.gates.filter((gate) => !gate.passed).map((gate) => gate.name)
  if (failed.some((name) => name !== VERDICT_GATE && name !== EVIDENCE_GATE)) return EXIT.gate
  if (failed.includes(VERDICT_GATE)) return EXIT.inconclusive
  return failed.includes(EVIDENCE_GATE) ? EXIT.damaged : EXIT.done
}
