import { LANGUAGES } from '../../model/sentence.ts'
import { EXIT, UsageError } from '../exit-status.ts'
import { COMMON_OPTIONS } from '../options.ts'
import { parseChoice } from '../values.ts'
import type { Command } from './command.ts'

export const recipeCommand: Command = {
  name: 'recipe',
  usage: ['recipe'],
  describe: 'print the crontab line and strace commands that collect evidence',
  options: ['process', 'every', 'for', 'lang', ...COMMON_OPTIONS],
  build: (argv) =>
    argv
      .options({
        process: { type: 'string', requiresArg: true, describe: 'name of the program, as pidof takes it' },
        every: { type: 'string', requiresArg: true, describe: 'interval of the snapshots: 10s, 1m, 1h [1m]' },
        for: { type: 'string', requiresArg: true, describe: 'how long to collect [30m, or 30 intervals]' },
        lang: { type: 'string', requiresArg: true, describe: 'language: en, zh [en]' },
      })
      .demandOption('process')
      .example('$0 recipe --process nscd', 'snapshots every minute, two minutes of strace'),
  async run(given, { terminal }) {
    const { RecipeError, recipeText } = await import('../../findings/recipe.ts')
    const word = (name: string): string | undefined => {
      if (Array.isArray(given[name])) throw new UsageError(`--${name} is given twice`)
      return given[name] === undefined ? undefined : String(given[name])
    }
    const language = parseChoice(word('lang') ?? 'en', '--lang', LANGUAGES)
    try {
      const request = { process: word('process')!, every: word('every'), for: word('for') }
      terminal.result(recipeText(request, language).trimEnd())
      return EXIT.done
    } catch (error) {
      throw error instanceof RecipeError ? new UsageError(error.message) : error
    }
  },
}
