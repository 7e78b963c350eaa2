/** report.json as text: sorted keys, one space of indentation, a newline at the end. */
import type { ReportDocument } from './document.ts'

/** Items of a list that one piece holds: few, as memory for long texts costs more than writing them. */
const ITEMS = 8

/**
 * The text of report.json, in pieces: nobody needs to hold the whole, which is long. Equal documents give equal text,
 * whatever the order in which they were built.
 */
export function* serialiseReport(document: ReportDocument): Generator<string> {
  const orders: Orders = new Map()
  let opening = '{'
  for (const key of keysOf(document, orders)) {
    const value = document[key as keyof ReportDocument]
    if (value === undefined) continue
    yield `${opening}\n ${JSON.stringify(key)}: `
    if (Array.isArray(value) && value.length > 0) yield* listText(value, orders)
    else yield JSON.stringify([sorted(value, orders)], null, 1).slice('[\n '.length, -'\n]'.length)
    opening = ','
  }
  yield '\n}\n'
}

/** JSON on one line, with sorted keys. */
export const compactJson = (value: unknown): string => JSON.stringify(sorted(value, new Map()))

/** A list one level down. */
function* listText(items: readonly unknown[], orders: Orders): Generator<string> {
  let opening = '['
  for (let from = 0; from < items.length; from += ITEMS) {
    const some = sorted(items.slice(from, from + ITEMS), orders)
    yield opening
    yield JSON.stringify([some], null, 1).slice('[\n ['.length, -'\n ]\n]'.length)
    opening = ','
  }
  yield '\n ]'
}

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
