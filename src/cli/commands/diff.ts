import { COMMON_OPTIONS } from '../options.ts'
import type { Command } from './command.ts'

export const diffCommand: Command = {
  name: 'diff',
  usage: ['diff <before> <after>'],
  describe: 'print what changed between two snapshots, region by region, biggest change first',
  options: ['color', 'redact', ...COMMON_OPTIONS],
  build: (argv) =>
    argv
      .positional('before', { describe: 'a smaps file', type: 'string', demandOption: true })
      .positional('after', { describe: 'a later smaps file', type: 'string', demandOption: true })
      .options({
        color: { type: 'string', requiresArg: true, describe: 'colours: auto, always, never [auto]' },
        redact: { type: 'string', requiresArg: true, describe: 'names: standard, strict, none [standard]' },
      })
      .example('$0 diff smaps_1085_202004091306 smaps_1085_202004091806', 'five hours apart'),
  run: async (given, around) => (await import('../jobs/diff.ts')).runDiff(given, around),
}
