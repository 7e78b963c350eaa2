/** From words on the command line, in the environment and in the configuration to a checked RunOptions. */
import type { GateOptions } from '../gates/gate-options.ts'
import type { Language } from '../model/sentence.ts'
import type { RedactionPolicy } from '../redaction/policy.ts'
import { OUTPUT_FORMATS, type RunOptions } from '../run/run-options.ts'
import { parseBudget } from './budget-option.ts'
import { type ReadConfiguration, readConfiguration } from './config-file.ts'
import { UsageError } from './exit-status.ts'
import { nearest } from './nearest.ts'
import { environmentName, type OptionRow, REPORT_OPTIONS } from './options.ts'
import {
  parseChoice,
  parseCount,
  parseDay,
  parseFlag,
  parseList,
  parseSize,
  parseZone,
  pathGiven,
  readInput,
} from './values.ts'

/** Words given for one option, and how to call it in an error. */
interface Given {
  readonly words: readonly string[]
  readonly name: string
}

/** What the report command was told, beside RunOptions. */
export interface Told {
  readonly options: RunOptions
  /** The configuration that was found by itself, and is used. */
  readonly foundConfiguration: string | null
  readonly dryRun: boolean
  readonly quiet: boolean
  readonly progress: boolean
  readonly color: 'auto' | 'always' | 'never'
}

type Arguments = Readonly<Record<string, unknown>>

/** Precedence: option, environment, file. Throws UsageError with the option's name. */
export async function readOptions(given: Arguments, environment: NodeJS.ProcessEnv): Promise<Told> {
  refuseMisspelt(environment)
  const configPath = wordsOf(given.config)[0] ?? environment[environmentName('config')] ?? null
  const configuration = await readConfiguration(configPath, wordsOf(given.evidence))
  const values = new Map(
    REPORT_OPTIONS.map((row) => [row.name, givenFor(row, given, environment, configuration)]),
  )
  const one = (name: string): Given | null => {
    const value = values.get(name) ?? null
    if (value && value.words.length > 1)
      throw new UsageError(`${value.name} is given ${value.words.length} times`)
    return value && value.words.length === 1 ? value : null
  }
  const text = <T>(name: string, parse: (text: string, name: string) => T): T | null => {
    const value = one(name)
    return value ? parse(value.words[0]!, value.name) : null
  }
  const flag = (name: string): boolean => text(name, parseFlag) ?? false
  const all = (name: string) => values.get(name) ?? { words: [], name }
  const formats = text('formats', (words, name) => parseList(words, name, OUTPUT_FORMATS))
  const options: RunOptions = {
    evidence: wordsOf(given.evidence).map(pathGiven),
    out: text('out', pathOf),
    pids: all('pid').words.map((word) => parseCount(word, all('pid').name, 1)),
    limitBytes: text('limit', parseLimit),
    straceDate: text('strace-date', parseDay),
    timeZone: text('time-zone', parseZone),
    redact: text('redact', choice('redact')) as RedactionPolicy,
    redactionKey: text('redaction-key', readKey),
    redactionMap: text('redaction-map', pathOf),
    formats: formats ?? [],
    language: text('lang', choice('lang')) as Language,
    jobs: text('jobs', (word, name) => parseCount(word, name, 1)),
    gates: {
      failOn: text('fail-on', choice('fail-on')) as GateOptions['failOn'],
      budgets: all('budget').words.map((word) => parseBudget(word, all('budget').name)),
      baseline: await text('baseline', readBaseline),
      expected: configuration.expected,
      requireVerdict: flag('require-verdict'),
      strict: flag('strict'),
    },
    sourceDateEpoch: environment.SOURCE_DATE_EPOCH ? parseEpoch(environment.SOURCE_DATE_EPOCH) : null,
  }
  return {
    options,
    foundConfiguration: configuration.found,
    dryRun: flag('dry-run'),
    quiet: flag('quiet'),
    progress: !flag('no-progress'),
    color: text('color', choice('color')) as Told['color'],
  }
}

/** A variable that nearly is an option would leave a gate off unseen; others of this prefix are somebody else's. */
function refuseMisspelt(environment: NodeJS.ProcessEnv): void {
  const known = REPORT_OPTIONS.map(({ name }) => environmentName(name))
  for (const variable of Object.keys(environment)) {
    const word = /^MEMDOSSIER_([A-Z_]+)$/.exec(variable)?.[1]
    if (word === undefined || known.includes(variable)) continue
    const near = nearest(
      word.toLowerCase().replaceAll('_', '-'),
      REPORT_OPTIONS.map(({ name }) => name),
    )
    if (near !== null)
      throw new UsageError(`unknown variable ${variable}; did you mean ${environmentName(near)}?`)
  }
}

/** Days are told with years of four digits. */
const LAST_EPOCH = Date.UTC(9999, 11, 31) / 1000

function parseEpoch(word: string): number {
  const epoch = parseCount(word, 'SOURCE_DATE_EPOCH', 0)
  if (epoch > LAST_EPOCH) throw new UsageError(`SOURCE_DATE_EPOCH: '${word}' is after the year 9999`)
  return epoch
}

/** An empty one is a variable that was not set, and would mean the current folder. */
function pathOf(text: string, name: string): string {
  if (text === '') throw new UsageError(`${name}: the path is empty`)
  return text
}

function givenFor(
  row: OptionRow,
  given: Arguments,
  environment: NodeJS.ProcessEnv,
  configuration: ReadConfiguration,
): Given | null {
  const words = wordsOf(given[row.name])
  if (words.length > 0) return { words, name: `--${row.name}` }
  const variable = environmentName(row.name)
  const set = environment[variable]
  if (set) return { words: row.kind === 'list' ? set.split(/[\s,]+/).filter(Boolean) : [set], name: variable }
  const configured = configuration.values.get(row.name)
  if (configured) refuseFromEvidence(row.name, configured, configuration)
  if (configured) return { words: configured, name: `${configuration.file}: ${row.name}` }
  return row.default === undefined ? null : { words: [row.default], name: `--${row.name}` }
}

/**
 * What a configuration that came with the evidence may not decide: where is written to, what stays readable, and which
 * file is read for a key. The user may have taken it for a part of the evidence, or not have seen it.
 */
function refuseFromEvidence(
  option: string,
  words: readonly string[],
  { file, isInEvidence }: ReadConfiguration,
): void {
  const isRefused =
    option === 'redact' ? words.includes('none') : ['out', 'redaction-key', 'redaction-map'].includes(option)
  if (isInEvidence && isRefused)
    throw new UsageError(
      `${file}: ${option}: it lies in the evidence and may not decide this; say --${option} yourself, or --config ${file} to use it as it is`,
    )
}

const wordsOf = (value: unknown): string[] =>
  value === undefined || value === null ? [] : (Array.isArray(value) ? value : [value]).map(String)

function choice(option: string): (word: string, name: string) => string {
  const known = REPORT_OPTIONS.find((row) => row.name === option)!.choices!
  return (word, name) => parseChoice(word, name, known)
}

function parseLimit(text: string, name: string): number {
  const limit = parseSize(text, name)
  if (limit === 0) throw new UsageError(`${name}: '${text}' is no limit; write for example 512MiB or 2GiB`)
  return limit
}

function readKey(path: string, name: string): Uint8Array {
  const key = readInput(path, name)
  if (key.length < 16)
    throw new UsageError(`${name}: ${path} holds ${key.length} bytes; a key has at least 16`)
  return key
}

async function readBaseline(path: string, name: string): Promise<GateOptions['baseline']> {
  // Loaded only where there is a baseline.
  const { parseReport } = await import('./parse-report.ts')
  const text = readInput(path, name).toString('utf8')
  return { file: path, document: parseReport(text, `${name}: ${path}`) }
}
