/** report.json as bytes: sorted keys, one space of indentation, a newline at the end. */
import type { ReportDocument } from './document.ts'

/** The text of report.json. Equal documents give equal text, whatever the order in which they were built. */
export const serialiseReport = (document: ReportDocument): string =>
  `${JSON.stringify(sorted(document, new Map()), null, 1)}\n`

/** Keys in code-unit order, by the keys as they stand in an object: a document has many objects of few kinds. */
type Orders = Map<string, readonly string[]>

/** A copy whose keys are in code-unit order, all the way down. */
function sorted(value: unknown, orders: Orders): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => sorted(item, orders))
  const copy: Record<string, unknown> = {}
  for (const key of keysOf(value, orders)) copy[key] = sorted(value[key as keyof typeof value], orders)
  return copy
}

function keysOf(value: object, orders: Orders): readonly string[] {
  const keys = Object.keys(value)
  const kind = keys.join('\0')
  const known = orders.get(kind)
  if (known) return known
  keys.sort()
  orders.set(kind, keys)
  return keys
}
