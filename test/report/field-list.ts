/** The fields of report.json by object, out of its schema: what docs/report-json.md lists below its own words. */
interface Schema {
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | boolean
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly anyOf?: readonly Schema[]
}

/** Markdown: one row an object, with the type of each field. */
export function fieldList(schema: unknown): string {
  const rows: string[] = []
  walk('', schema as Schema, rows)
  return ['| object | fields |', '|---|---|', ...rows].join('\n')
}

function walk(path: string, schema: Schema, rows: string[]): void {
  for (const one of schema.anyOf ?? []) walk(path, one, rows)
  for (const one of schema.prefixItems ?? []) walk(path, one, rows)
  if (schema.items) walk(`${path}[]`, schema.items, rows)
  if (typeof schema.additionalProperties === 'object') walk(`${path}.*`, schema.additionalProperties, rows)
  if (!schema.properties) return
  const fields = Object.entries(schema.properties)
  rows.push(
    `| ${path === '' ? 'the document' : `\`${path}\``} | ${fields.map(([name, field]) => `\`${name}\` ${typeOf(field)}`).join(', ')} |`,
  )
  for (const [name, field] of fields) walk(path === '' ? name : `${path}.${name}`, field, rows)
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${String(schema.const)}\``
  if (schema.enum) return schema.enum.map((value) => `\`${String(value)}\``).join('/')
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ')
  if (schema.type === 'array') return 'list'
  return Array.isArray(schema.type) ? schema.type.join(' or ') : String(schema.type ?? 'any')
}
