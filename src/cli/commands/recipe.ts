import { EXIT, UsageError } from '../exit-status.ts'
import { COMMON_OPTIONS } from '../options.ts'
import { recipe } from '../recipe.ts'
import { parseCount } from '../values.ts'
import type { Command } from './command.ts'

export const recipeCommand: Command = {
  name: 'recipe',
  usage: ['recipe'],
  describe: 'print the crontab line and strace commands that collect evidence',
  options: ['process', 'dir', 'every', 'seconds', ...COMMON_OPTIONS],
  build: (argv) =>
    argv
      .options({
        process: { type: 'string', requiresArg: true, describe: 'name of the program, as pidof takes it' },
        dir: { type: 'string', requiresArg: true, describe: 'folder on that host [/var/tmp/memdossier]' },
        every: { type: 'string', requiresArg: true, describe: 'seconds between snapshots [60]' },
        seconds: { type: 'string', requiresArg: true, describe: 'how long strace runs [120]' },
      })
      .demandOption('process', 'recipe needs --process NAME')
      .example('$0 recipe --process nscd', 'snapshots every minute, two minutes of strace'),
  async run(given, { terminal }) {
    const name = String(given.process)
    if (!/^[A-Za-z0-9._+@-]+$/.test(name))
      throw new UsageError(`--process: '${name}' is not a program's name; letters, digits and . _ + @ - only`)
    const folder = String(given.dir ?? '/var/tmp/memdossier')
    if (!/^\/[A-Za-z0-9._/+@-]*$/.test(folder))
      throw new UsageError(`--dir: '${folder}' is not an absolute path without blanks`)
    const every = parseCount(String(given.every ?? '60'), '--every', 1)
    const seconds = parseCount(String(given.seconds ?? '120'), '--seconds', 1)
    for (const line of recipe({ name, folder, every, seconds })) terminal.result(line)
    return EXIT.done
  },
}
