/** Where two documents differ first, in words; `null` when JSON writes both alike. */

/** `data/report.json: findings.0.severity is "problem", the evidence gives "info"`. */
export function firstDifference(told: unknown, found: unknown, document: string): string | null {
  return differenceAt(told, found, document, ': ')
}

function differenceAt(told: unknown, found: unknown, path: string, sign: string): string | null {
  // JSON has no -0: `===` takes it for 0.
  if (told === found) return null
  if (isNode(told) && isNode(found) && Array.isArray(told) === Array.isArray(found)) {
    for (const key of [...new Set([...Object.keys(told), ...Object.keys(found)])].sort()) {
      const difference = differenceAt(told[key], found[key], `${path}${sign}${key}`, '.')
      if (difference !== null) return difference
    }
    return null
  }
  return `${path} is ${brief(told)}, the evidence gives ${brief(found)}`
}

const isNode = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null

const brief = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}
