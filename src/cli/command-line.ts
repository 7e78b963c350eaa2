import yargs, { type Argv } from 'yargs'
import { VERSION } from '../version.ts'
import type { Command } from './commands/command.ts'
import { diffCommand } from './commands/diff.ts'
import { recipeCommand } from './commands/recipe.ts'
import { renderCommand } from './commands/render.ts'
import { reportCommand } from './commands/report.ts'
import { rulesCommand } from './commands/rules.ts'
import { verifyCommand } from './commands/verify.ts'
import { EXIT, type ExitStatus, UsageError } from './exit-status.ts'
import { unknownWord } from './nearest.ts'
import { REPORT_OPTIONS } from './options.ts'
import { terminal, terminalColumns } from './terminal.ts'
import { parseFlag } from './values.ts'

const COMMANDS: readonly Command[] = [
  reportCommand,
  renderCommand,
  verifyCommand,
  diffCommand,
  rulesCommand,
  recipeCommand,
]

/** Runs one command; what is wrong with the words is a UsageError. */
export async function runCommandLine(given: readonly string[]): Promise<ExitStatus> {
  const words = helpAsOption(given)
  const named = COMMANDS.find((one) => one.name === words[0])
  const command = named ?? reportCommand
  refuseUnknownOptions(words, command)
  let chosen = async (): Promise<ExitStatus> => EXIT.done
  // Behind every command but its default one yargs draws the help, which takes longer than all the rest of it. So a
  // named command is its default and only one, unless its help may be wanted.
  const alone = named !== undefined && !words.some(mayAskForHelp)
  const parser = yargs(plainWords(alone ? words.slice(1) : words))
    .scriptName('memdossier')
    .locale('en')
    .usage('$0 <evidence…>\n\nIs memory growing, which mapping, since when, how fast, and which thread?')
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'duplicate-arguments-array': true,
      'greedy-arrays': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'populate--': false,
    })
    .version(VERSION)
    .help()
    .alias('help', 'h')
    .wrap(Math.min(110, terminalColumns() ?? 110))
    .exitProcess(false)
    .showHelpOnFail(false)
    .strict()
    .demandCommand(0)
    .fail((message, error) => {
      throw error && error.name !== 'YError' ? error : new UsageError(betterMessage(message, command))
    })
  for (const command of alone ? [named] : COMMANDS)
    parser.command({
      command: alone ? command.usage[0]!.replace(command.name, '$0') : [...command.usage],
      describe: command.describe,
      builder: (argv: Argv) => command.build(argv),
      handler: (given) => {
        chosen = () => command.run(given, { environment: process.env, terminal })
      },
    })
  await parser.parseAsync()
  return chosen()
}

/** `help report` as `report --help`. */
function helpAsOption(words: readonly string[]): readonly string[] {
  const [help, command] = words
  const isHelp = words.length === 2 && help === 'help' && COMMANDS.some(({ name }) => name === command)
  return isHelp ? [command!, '--help'] : words
}

/** `-h`, `--help` and `help`, and a few words that turn out to mean something else. */
const mayAskForHelp = (word: string): boolean => /^(help$|-(-help|\w*h))/.test(word)

/** Before anything else: a misspelt option must not be reported as missing evidence because it ate it. */
function refuseUnknownOptions(words: readonly string[], command: Command): void {
  const see = `(see memdossier ${command.name} --help)`
  for (const word of words) {
    if (word === '--') return
    if (word === '-') throw new UsageError(`'-' is no file: nothing is read from the standard input ${see}`)
    const letter = /^-([^-\d])/.exec(word)?.[1]
    if (letter !== undefined && letter !== 'h' && !(letter === 'o' && command.options.includes('out')))
      throw new UsageError(`unknown option -${letter} ${see}`)
    const name = /^--([^=]+)/.exec(word)?.[1]
    if (name !== undefined && !command.options.includes(name))
      throw new UsageError(`${unknownWord('option', name, command.options, '--')} ${see}`)
  }
}

/** Flags in one spelling; what stands behind `--` is paths, whatever it begins with. */
function plainWords(words: readonly string[]): string[] {
  const end = words.includes('--') ? words.indexOf('--') : words.length
  const isCommand = (word: string) => COMMANDS.some(({ name }) => name === word)
  const paths = words
    .slice(end + 1)
    .map((word) => (word.startsWith('-') || isCommand(word) ? `./${word}` : word))
  return [...words.slice(0, end).map(plainFlag), ...paths]
}

const FLAGS = REPORT_OPTIONS.filter((row) => row.kind === 'flag').map((row) => row.name)

/**
 * `--strict=yes` as `--strict=true`: yargs takes every word but `true` for false, and a gate would be off unseen.
 * `-oDIR` as `--out=DIR`: to yargs each letter is an option.
 */
function plainFlag(word: string): string {
  const out = /^-o([^=].*)$/s.exec(word)?.[1]
  if (out !== undefined) return `--out=${out}`
  const [, name, value] = /^--([^=]+)=(.*)$/s.exec(word) ?? []
  return name !== undefined && FLAGS.includes(name) ? `--${name}=${parseFlag(value!, `--${name}`)}` : word
}

/** yargs' words in this tool's manner, with the nearest known option. */
function betterMessage(message: string, command: Command): string {
  const see = `(see memdossier ${command.name} --help)`
  const unknown = /^Unknown arguments?: (.+)$/.exec(message)
  if (unknown) return `unknown argument ${unknown[1]} ${see}`
  if (/^Not enough non-option arguments/.test(message))
    return command === reportCommand
      ? 'no evidence given; name a directory, file or archive (see memdossier --help)'
      : `not enough given; write memdossier ${command.usage[0]} ${see}`
  const missing = /^Not enough arguments following: (.+)$/.exec(message)
  if (missing) return `${missing[1]!.length === 1 ? '-' : '--'}${missing[1]} needs a value`
  if (/^Missing required argument: process/.test(message)) return `recipe needs --process NAME ${see}`
  return message.split('\n').filter(Boolean).join(' ').replace(/\s+/g, ' ')
}
