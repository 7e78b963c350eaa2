import { RENDERED } from '../../run/run-options.ts'
import { COMMON_OPTIONS } from '../options.ts'
import type { Command } from './command.ts'

export const renderCommand: Command = {
  name: 'render',
  usage: ['render <report>'],
  describe: 'make the HTML and Markdown again from report.json',
  options: ['out', 'formats', ...COMMON_OPTIONS],
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
  run: async (given, around) => (await import('../jobs/render.ts')).runRender(given, around),
}
