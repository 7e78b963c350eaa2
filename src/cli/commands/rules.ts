import { LANGUAGES } from '../../model/sentence.ts'
import { EXIT, UsageError } from '../exit-status.ts'
import { unknownOfFew } from '../nearest.ts'
import { COMMON_OPTIONS } from '../options.ts'
import { parseChoice } from '../values.ts'
import type { Command } from './command.ts'

export const rulesCommand: Command = {
  name: 'rules',
  usage: ['rules [id]'],
  describe: 'list the rules, or explain one',
  options: ['lang', ...COMMON_OPTIONS],
  build: (argv) =>
    argv
      .positional('id', { describe: 'a rule', type: 'string' })
      .options({ lang: { type: 'string', requiresArg: true, describe: 'language: en, zh [en]' } })
      .example('$0 rules main-heap-growth', 'what that rule looks at, and why'),
  async run(given, { terminal }) {
    const language = parseChoice(String(given.lang ?? 'en'), '--lang', LANGUAGES)
    const { explainRule, listRules } = await import('../../findings/describe-rule.ts')
    if (given.id === undefined) {
      terminal.result(listRules(language).trimEnd())
      return EXIT.done
    }
    const text = explainRule(String(given.id), language)
    if (text === null) {
      const { RULES } = await import('../../findings/rules/index.ts')
      throw new UsageError(
        unknownOfFew(
          'rule',
          String(given.id),
          RULES.map((rule) => rule.id),
        ),
      )
    }
    terminal.result(text.trimEnd())
    return EXIT.done
  },
}
