import { dirname } from 'node:path'
import { RENDERERS } from '../../renderers.ts'
import { OUTPUT_FORMATS } from '../../run-options.ts'
import { EXIT, UsageError } from '../exit-status.ts'
import { OutputFolder } from '../output-folder.ts'
import { parseReport, readInput } from '../read-options.ts'
import { undoOnSignal } from '../signals.ts'
import { shown } from '../terminal.ts'
import { parseList } from '../values.ts'
import type { Command } from './command.ts'

/** What can be made of report.json alone. */
const RENDERED = OUTPUT_FORMATS.filter((format) => format !== 'zip' && format !== 'json') as readonly (
  | 'html'
  | 'md'
  | 'junit'
  | 'sarif'
)[]

export const renderCommand: Command = {
  name: 'render',
  usage: ['render <report>'],
  describe: 'make the HTML and Markdown again from report.json',
  options: ['out', 'formats', 'help', 'version'],
  build: (argv) =>
    argv
      .positional('report', { describe: 'a report.json', type: 'string', demandOption: true })
      .options({
        out: {
          alias: 'o',
          type: 'string',
          requiresArg: true,
          describe: 'folder for the outputs [where report.json lies]',
        },
        formats: { type: 'string', requiresArg: true, describe: `of ${RENDERED.join(',')} [html,md]` },
      })
      .example('$0 render out/nscd/report.json', 'report.html and report.md beside it'),
  async run(given, around) {
    const path = String(given.report)
    const document = parseReport(readInput(path, 'render').toString('utf8'), path)
    if (Array.isArray(given.formats)) throw new UsageError('--formats is given twice')
    const formats = parseList(String(given.formats ?? 'html,md'), '--formats', RENDERED)
    const folder = new OutputFolder(given.out === undefined ? dirname(path) : String(given.out))
    const forget = undoOnSignal(() => folder.discard())
    try {
      for (const format of formats)
        folder.write(RENDERERS[format].file, await RENDERERS[format].render(document))
      for (const name of folder.publish()) around.terminal.result(shown(`${folder.path}/${name}`))
    } finally {
      folder.discard()
      forget()
    }
    return EXIT.done
  },
}
