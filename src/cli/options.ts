/** Every option of `report`, once: for yargs, for the configuration file and for the environment. */
import type { Options } from 'yargs'
import { BUDGET_NAMES, BUDGET_UNITS } from '../gates/gate-options.ts'
import { LANGUAGES } from '../model/sentence.ts'
import { REDACTION_POLICIES } from '../redaction/policy.ts'
import { OUTPUT_FORMATS } from '../run/run-options.ts'

export interface OptionRow {
  readonly name: string
  readonly kind: 'text' | 'list' | 'flag'
  readonly describe: string
  readonly group: 'Input' | 'Output' | 'Gates' | 'Run'
  readonly alias?: string
  readonly choices?: readonly string[]
  readonly default?: string
  /** Not in the configuration file: belongs to one call. */
  readonly callOnly?: boolean
}

/** What a value of each unit looks like. */
const BUDGET_EXAMPLES = { rate: '10MiB/h', count: '2000', size: '2GiB', share: '5%' } as const

/** `rss-growth=10MiB/h, peak-rss=2GiB` for every budget. */
function budgetsWithUnits(): string {
  return BUDGET_NAMES.map((name) => `${name}=${BUDGET_EXAMPLES[BUDGET_UNITS[name]]}`).join(', ')
}

export const REPORT_OPTIONS: readonly OptionRow[] = [
  { name: 'pid', kind: 'list', group: 'Input', describe: 'only this process (repeatable)' },
  { name: 'limit', kind: 'text', group: 'Input', describe: 'memory limit to forecast against, e.g. 2GiB' },
  {
    name: 'strace-date',
    kind: 'text',
    group: 'Input',
    describe: 'day on which the strace log begins, YYYY-MM-DD',
  },
  {
    name: 'time-zone',
    kind: 'text',
    group: 'Input',
    describe: 'time zone of the captured host, for stamps of strace -ttt, e.g. Asia/Shanghai or +08:00',
  },
  {
    name: 'out',
    alias: 'o',
    kind: 'text',
    group: 'Output',
    describe: 'folder for the outputs [out/<evidence name>]',
  },
  {
    name: 'formats',
    kind: 'text',
    group: 'Output',
    describe: `what to write, of ${OUTPUT_FORMATS.join(',')}`,
    default: 'html,json,md,zip',
  },
  {
    name: 'lang',
    kind: 'text',
    group: 'Output',
    describe: 'language of the report',
    choices: LANGUAGES,
    default: 'en',
  },
  {
    name: 'redact',
    kind: 'text',
    group: 'Output',
    describe: 'what to take out of everything shown or stored',
    choices: REDACTION_POLICIES,
    default: 'standard',
  },
  {
    name: 'redaction-key',
    kind: 'text',
    group: 'Output',
    describe: 'file with a key for the tokens, so that those of several runs agree',
  },
  {
    name: 'redaction-map',
    kind: 'text',
    group: 'Output',
    describe: 'file (mode 0600) for what each token stands for; never part of the zip',
  },
  {
    name: 'fail-on',
    kind: 'text',
    group: 'Gates',
    describe: 'exit 3 when there is a finding this severe',
    choices: ['warning', 'problem', 'never'],
    default: 'never',
  },
  {
    name: 'budget',
    kind: 'list',
    group: 'Gates',
    describe: `exit 3 beyond name=value (repeatable): ${budgetsWithUnits()}; one program: name@program=value`,
  },
  {
    name: 'baseline',
    kind: 'text',
    group: 'Gates',
    describe: 'report.json to compare with: only what is new or grows faster fails',
  },
  { name: 'require-verdict', kind: 'flag', group: 'Gates', describe: 'exit 4 when the evidence cannot tell' },
  { name: 'strict', kind: 'flag', group: 'Gates', describe: 'exit 5 when evidence was skipped or damaged' },
  {
    name: 'jobs',
    kind: 'text',
    group: 'Run',
    describe: 'threads that read the evidence [number of processors]',
  },
  {
    name: 'config',
    kind: 'text',
    group: 'Run',
    describe: 'configuration file [memdossier.config.json, if there is one]',
    callOnly: true,
  },
  {
    name: 'dry-run',
    kind: 'flag',
    group: 'Run',
    describe: 'say what would be read and why, write nothing',
    callOnly: true,
  },
  { name: 'quiet', kind: 'flag', group: 'Run', describe: 'print nothing but errors' },
  { name: 'no-progress', kind: 'flag', group: 'Run', describe: 'no progress bar' },
  {
    name: 'color',
    kind: 'text',
    group: 'Run',
    describe: 'colours on the terminal',
    choices: ['auto', 'always', 'never'],
    default: 'auto',
  },
]

/** Options every command has. */
export const COMMON_OPTIONS = ['help', 'version']

/** The rows as yargs takes them. Values stay text: options.ts says what exists, read-options.ts what it means. */
export function yargsOptions(rows: readonly OptionRow[]): Record<string, Options> {
  return Object.fromEntries(
    rows.map((row) => [
      row.name,
      {
        describe: describeOption(row),
        group: `${row.group}:`,
        ...(row.kind === 'flag'
          ? { type: 'boolean' as const }
          : { type: 'string' as const, requiresArg: true }),
        ...(row.kind === 'list' ? { array: true } : {}),
        ...(row.alias === undefined ? {} : { alias: row.alias }),
      },
    ]),
  )
}

const describeOption = ({ describe, choices, default: usual }: OptionRow): string =>
  `${describe}${choices ? `: ${choices.join(', ')}` : ''}${usual === undefined ? '' : ` [${usual}]`}`

/** `MEMDOSSIER_FAIL_ON` for `fail-on`. */
export const environmentName = (option: string): string =>
  `MEMDOSSIER_${option.toUpperCase().replaceAll('-', '_')}`
