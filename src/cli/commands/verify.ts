import { COMMON_OPTIONS } from '../options.ts'
import type { Command } from './command.ts'

export const verifyCommand: Command = {
  name: 'verify',
  usage: ['verify <bundle>'],
  describe:
    'check an evidence.zip or its folder: complete, unchanged, and the report is what the evidence gives',
  options: [...COMMON_OPTIONS],
  build: (argv) =>
    argv
      .positional('bundle', {
        describe: 'evidence.zip, or the folder it was unpacked to',
        type: 'string',
        demandOption: true,
      })
      .example('$0 verify out/nscd/evidence.zip', 'exit 0 when everything is as it was written, 5 otherwise'),
  run: async (given, around) => (await import('../jobs/verify.ts')).runVerify(given, around),
}
