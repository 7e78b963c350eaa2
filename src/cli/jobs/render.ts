import { dirname, join } from 'node:path'
import { encoded } from '../../base/encoded.ts'
import { RENDERERS } from '../../run/renderers.ts'
import { RENDERED } from '../../run/run-options.ts'
import type { Arguments, Surroundings } from '../commands/command.ts'
import { EXIT, type ExitStatus, UsageError } from '../exit-status.ts'
import { OutputFolder } from '../output-folder.ts'
import { parseReport } from '../parse-report.ts'
import { undoOnSignal } from '../signals.ts'
import { shown } from '../terminal.ts'
import { parseList, pathGiven, readInput } from '../values.ts'

/** Renders report.json again, without the evidence. */
export async function runRender(given: Arguments, around: Surroundings): Promise<ExitStatus> {
  const path = pathGiven(given.report)
  const document = parseReport(readInput(path, 'render').toString('utf8'), path)
  if (Array.isArray(given.formats)) throw new UsageError('--formats is given twice')
  const formats = parseList(String(given.formats ?? 'html,md'), '--formats', RENDERED)
  const out = given.out === undefined ? dirname(path) : String(given.out)
  const folder = new OutputFolder(out)
  const forget = undoOnSignal(() => folder.discard())
  try {
    for (const format of formats)
      folder.write(RENDERERS[format].file, encoded(await RENDERERS[format].render(document)))
    for (const name of folder.publish()) around.terminal.result(shown(join(out, name)))
  } finally {
    folder.discard()
    forget()
  }
  return EXIT.done
}
