import { BUDGET_NAMES, BUDGET_UNITS, type Budget, type BudgetName } from '../gates/gate-options.ts'
import { UsageError } from './exit-status.ts'
import { unknownOfFew } from './nearest.ts'
import { parseCount, parseSize } from './values.ts'

const HOURS: Readonly<Record<string, number>> = {
  s: 1 / 3600,
  sec: 1 / 3600,
  min: 1 / 60,
  m: 1 / 60,
  h: 1,
  hour: 1,
  d: 24,
  day: 24,
  week: 168,
}

/** `rss-growth=10MiB/h`, `mapping-count@nginx=2000`, `unexplained=5%`. Throws UsageError. */
export function parseBudget(text: string, name: string): Budget {
  const match = /^([a-z-]+)(?:@([^=]+))?=(.+)$/.exec(text)
  if (!match) throw new UsageError(`${name}: '${text}' is no budget; write for example rss-growth=10MiB/h`)
  const [, budget, program, value] = match
  if (!BUDGET_NAMES.includes(budget as BudgetName))
    throw new UsageError(`${name}: ${unknownOfFew('budget', budget!, BUDGET_NAMES)}`)
  const known = budget as BudgetName
  return { name: known, program: program ?? null, most: parseMost(known, value!, `${name} ${budget}`), text }
}

function parseMost(budget: BudgetName, value: string, name: string): number {
  switch (BUDGET_UNITS[budget]) {
    case 'rate':
      return parseRate(value, name)
    case 'size':
      return parseSize(value, name)
    case 'count':
      return parseCount(value, name, 0)
    case 'share':
      return parseShare(value, name)
  }
}

/** Bytes an hour: `10MiB/h`, `1GiB/d`, `512KiB/min`. */
function parseRate(text: string, name: string): number {
  const match = /^(.+?)\s*\/\s*([a-z]+)$/i.exec(text)
  const hours = match ? HOURS[match[2]!.toLowerCase()] : undefined
  if (!match || hours === undefined || !/^\d+(?:\.\d+)?\s*(?:[kmgt]i?)?b?$/i.test(match[1]!))
    throw new UsageError(`${name}: '${text}' is not a rate; write for example 10MiB/h or 1GiB/d`)
  return parseSize(match[1]!, name) / hours
}

function parseShare(text: string, name: string): number {
  const match = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text)
  const share = match ? Number(match[1]) / (match[2] === '%' ? 100 : 1) : Number.NaN
  if (!(share >= 0 && share <= 1))
    throw new UsageError(`${name}: '${text}' is not a share; write for example 5%`)
  return share
}
