import { formatThreshold } from '../../format-threshold.ts'
import { EXIT, UsageError } from '../exit-status.ts'
import { unknownWord } from '../nearest.ts'
import { COMMON_OPTIONS } from '../options.ts'
import type { Command } from './command.ts'

export const rulesCommand: Command = {
  name: 'rules',
  usage: ['rules [id]'],
  describe: 'list the rules, or explain one',
  options: [...COMMON_OPTIONS],
  build: (argv) =>
    argv
      .positional('id', { describe: 'a rule', type: 'string' })
      .example('$0 rules main-heap-growth', 'what that rule looks at, and why'),
  async run(given, { terminal }) {
    const { RULES } = await import('../../findings/rules/index.ts')
    if (given.id === undefined) {
      const width = Math.max(...RULES.map((rule) => rule.id.length))
      for (const rule of RULES)
        terminal.result(`${rule.id.padEnd(width)}  ${rule.loudest.padEnd(7)}  ${rule.words.title.en}`)
      return EXIT.done
    }
    const id = String(given.id)
    const rule = RULES.find((one) => one.id === id)
    if (!rule)
      throw new UsageError(
        unknownWord(
          'rule',
          id,
          RULES.map((one) => one.id),
        ),
      )
    terminal.result(`${rule.id}: ${rule.words.title.en}\n`)
    terminal.result(`Why\n  ${rule.words.why.en}\n\nWhat to do\n  ${rule.words.action.en}`)
    if (rule.words.capture) terminal.result(`\nCapture\n  ${rule.words.capture.en}`)
    const thresholds = Object.entries(rule.thresholds)
    if (thresholds.length > 0) terminal.result('\nThresholds')
    for (const [name, threshold] of thresholds)
      terminal.result(`  ${name}: ${formatThreshold(threshold)}\n    ${threshold.because.en}`)
    return EXIT.done
  },
}
