import { lstatSync } from 'node:fs'
import { formatBytes, formatCount } from '../../base/format.ts'
import { checkBag } from '../../bundle/check-bag.ts'
import { BagError, openBag } from '../../bundle/open-bag.ts'
import { verifyReport } from '../../verify.ts'
import { EXIT, UsageError } from '../exit-status.ts'
import { shown } from '../terminal.ts'
import type { Command } from './command.ts'

export const verifyCommand: Command = {
  name: 'verify',
  usage: ['verify <bundle>'],
  describe:
    'check an evidence.zip or its folder: complete, unchanged, and the report is what the evidence gives',
  options: ['help', 'version'],
  build: (argv) =>
    argv
      .positional('bundle', {
        describe: 'evidence.zip, or the folder it was unpacked to',
        type: 'string',
        demandOption: true,
      })
      .example('$0 verify out/nscd/evidence.zip', 'exit 0 when everything is as it was written, 5 otherwise'),
  async run(given, { terminal }) {
    const path = String(given.bundle)
    if (!lstatSync(path, { throwIfNoEntry: false }))
      throw new UsageError(`${path}: no such file or directory`)
    try {
      const members = await openBag(path)
      const bag = await checkBag(members)
      terminal.result(`complete and unchanged: ${formatCount(bag.files)} files, ${formatBytes(bag.bytes)}`)
      await verifyReport(members, bag)
      terminal.result('the report is what the evidence gives')
      return EXIT.done
    } catch (error) {
      if (!(error instanceof BagError)) throw error
      terminal.result(shown(`not verified: ${error.message}`))
      return EXIT.damaged
    }
  },
}
