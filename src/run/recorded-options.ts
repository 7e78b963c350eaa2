import { BAG_INFO, BAG_OPTION } from '../bundle/bag.ts'
import { BagError } from '../bundle/bag-error.ts'
import { NO_GATES } from '../gates/gate-options.ts'
import { LANGUAGES } from '../model/sentence.ts'
import { REDACTION_POLICIES } from '../redaction/policy.ts'
import type { RunOptions } from './run-options.ts'

/**
 * The options that decide what report.json says, as text for bag-info.txt: with them and the evidence inside, verify
 * makes the report again. Budgets and the baseline are judged afterwards and are not among them.
 */
export function recordedOptions(options: RunOptions): Record<string, string> {
  const rows: [string, string | null][] = [
    ['pid', options.pids.length > 0 ? options.pids.join(',') : null],
    ['limit', options.limitBytes === null ? null : String(options.limitBytes)],
    ['strace-date', options.straceDate],
    ['time-zone', options.timeZone],
    ['redact', options.redact],
    ['lang', options.language],
  ]
  return Object.fromEntries(rows.filter((row): row is [string, string] => row[1] !== null))
}

/** The options of the run that made a bundle, as far as they decide what its report says. Throws BagError. */
export function optionsFromRecord(info: ReadonlyMap<string, string>): RunOptions {
  const told = (name: string): string | null => info.get(BAG_OPTION + name) ?? null
  const limit = told('limit')
  return {
    evidence: [],
    out: null,
    pids: (told('pid') ?? '').split(',').filter(Boolean).map(Number),
    limitBytes: limit === null ? null : Number(limit),
    straceDate: told('strace-date'),
    timeZone: told('time-zone'),
    redact: oneOf(REDACTION_POLICIES, 'redact', told('redact')),
    redactionKey: null,
    redactionMap: null,
    formats: [],
    language: oneOf(LANGUAGES, 'lang', told('lang')),
    jobs: null,
    gates: NO_GATES,
    sourceDateEpoch: null,
  }
}

function oneOf<T extends string>(known: readonly T[], name: string, told: string | null): T {
  const word = known.find((one) => one === told)
  if (word === undefined) throw new BagError(`${BAG_INFO}: ${BAG_OPTION}${name} is ${told ?? 'missing'}`)
  return word
}
