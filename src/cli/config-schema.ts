import { z } from 'zod'
import type { ExpectedFinding } from '../gates/gate-options.ts'
import { UsageError } from './exit-status.ts'
import { unknownWord } from './nearest.ts'
import { REPORT_OPTIONS } from './options.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()])
const expectedFinding = z.strictObject({
  fingerprint: z
    .string()
    .regex(/^[0-9a-f]{8,64}$/, 'is no fingerprint: 8 to 64 digits 0-9 and a-f, as report.json has it'),
  /** Last day on which the finding is accepted. */
  until: z.iso.date().nullable().default(null),
  reason: z.string().min(1),
})

/** The configuration file: the options of `report` under their own names, and findings that are accepted. */
const configSchema = z.strictObject({
  $schema: z.string().optional(),
  ...Object.fromEntries(
    REPORT_OPTIONS.filter((row) => !row.callOnly).map((row) => [row.name, valueSchema(row).optional()]),
  ),
  expected: z.array(expectedFinding).optional(),
})

/** docs/memdossier.config.schema.json, for editors. */
export const configSchemaText = (): string =>
  `${JSON.stringify({ title: 'memdossier.config.json', ...z.toJSONSchema(configSchema, { io: 'input' }) }, null, 2)}\n`

function valueSchema(row: (typeof REPORT_OPTIONS)[number]): z.ZodType {
  if (row.kind === 'flag') return z.boolean().describe(row.describe)
  if (row.choices) return z.enum(row.choices as [string, ...string[]]).describe(row.describe)
  if (row.name === 'formats') return z.union([z.string(), z.array(z.string())]).describe(row.describe)
  if (row.kind === 'list') return z.union([scalar, z.array(scalar)]).describe(row.describe)
  return z.union([z.string(), z.number()]).describe(row.describe)
}

export interface Configuration {
  /** Its name in errors. */
  readonly file: string
  /** Values by option, as text as on the command line. */
  readonly values: ReadonlyMap<string, readonly string[]>
  readonly expected: readonly ExpectedFinding[]
}

/** The configuration in this text; `file` is its name in errors. Throws UsageError. */
export function parseConfiguration(text: string, file: string): Configuration {
  let value: unknown
  try {
    // Editors on Windows begin a file with a mark of its encoding.
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    throw new UsageError(notJson(text, file, error))
  }
  const result = configSchema.safeParse(value)
  if (!result.success) throw new UsageError(`${file}: ${describeIssue(firstOf(result.error.issues))}`)
  const { $schema: _, expected, ...options } = result.data
  const values = new Map<string, readonly string[]>()
  for (const [name, one] of Object.entries(options))
    if (one !== undefined) values.set(name, textsOf(name, one))
  return { file, values, expected: expected ?? [] }
}

const textsOf = (name: string, value: unknown): string[] => {
  const list = (Array.isArray(value) ? value : [value]).map(String)
  return name === 'formats' ? [list.join(',')] : list
}

/** `memdossier.config.json:3: not JSON: …`; the line is known where the engine tells the place. */
function notJson(text: string, file: string, error: unknown): string {
  const message = error instanceof Error ? error.message : ''
  const position = /at position (\d+)/.exec(message)?.[1]
  const at = position === undefined ? (/end of JSON/.test(message) ? text.length : null) : Number(position)
  const line = at === null ? '' : `:${text.slice(0, at).split('\n').length}`
  return `${file}${line}: not JSON: ${message.replace(/ (?:in JSON )?at position .*$/s, '')}`
}

/** A misspelt key before the one that is missing because of it. */
const firstOf = (issues: readonly z.core.$ZodIssue[]): z.core.$ZodIssue =>
  issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!

function describeIssue(issue: z.core.$ZodIssue): string {
  const place = issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''
  if (issue.code === 'unrecognized_keys')
    return place + unknownWord('setting', issue.keys[0]!, knownAt(issue.path))
  if (issue.code === 'invalid_type' && /received undefined$/.test(issue.message)) return `${place}is missing`
  return place + issue.message
}

const knownAt = (path: readonly PropertyKey[]): string[] =>
  path[0] === 'expected' ? ['fingerprint', 'until', 'reason'] : Object.keys(configSchema.shape)
