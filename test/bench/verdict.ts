/**
 * Renews the table of verdicts: `npm run bench:verdict [-- --seed N] [--count N] [--write]`. Without `--write` the
 * table goes to the terminal; with it, into docs/method.md between its markers.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  briefFigures,
  CURVE_RATIOS,
  CURVE_SAMPLES,
  detectionCurve,
  SHAPES,
  type VerdictRow,
  verdictFigures,
} from '../support/verdict-figures.ts'

const BEGIN = '<!-- verdicts: begin, written by npm run bench:verdict -->'
const END = '<!-- verdicts: end -->'

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`

const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map((_, at) => (at === 0 ? '---' : '--:')), ...rows]
    .map((row) => `| ${row.join(' | ')} |`)
    .join('\n')

const verdicts = (row: VerdictRow): string[] =>
  SHAPES.slice(0, 6).map((shape) => String(row.verdicts[shape] || ''))

function curveTable(seed: number, memory: number): string {
  return table(
    ['samples', ...CURVE_RATIOS.map((ratio) => `${ratio} ×`)],
    detectionCurve(seed, 200, memory).map((row, at) => [
      CURVE_SAMPLES[at]!,
      ...row.map((share) => `${Math.round(share * 100)} %`),
    ]),
  )
}

function render(seed: number, count: number): string {
  const figures = verdictFigures(seed, count)
  return [
    `Seed ${seed}, ${count} healthy and ${count} leaking series.`,
    '',
    `- **False alarms: ${figures.falseAlarms} of ${figures.healthyCount} healthy series (${percent(figures.falseAlarms, figures.healthyCount)}).**`,
    `- **Leaks above the stated limit found: ${figures.foundAboveLimit} of ${figures.aboveLimit} (${percent(figures.foundAboveLimit, figures.aboveLimit)}).** Found in all, small ones included: ${figures.found} of ${count}.`,
    `- Rate within 15 % of the truth: ${percent(figures.ratesClose, figures.found)} of those found; the truth lies inside the 95 % interval in ${percent(figures.ratesCovered, figures.found)}.`,
    '',
    'Healthy series, by what they do:',
    '',
    table(
      ['series', ...SHAPES.slice(0, 6)],
      figures.healthy.map((row) => [row.shape, ...verdicts(row)]),
    ),
    '',
    'Healthy programs watched for too short a time, which nothing in the samples tells from a leak (not counted above): the price of a short capture.',
    '',
    table(
      ['series', ...SHAPES.slice(0, 6)],
      briefFigures(seed, Math.ceil(count / 3)).map((row) => [row.shape, ...verdicts(row)]),
    ),
    '',
    'Leaking series, 0.1 % to 50 % of the level an hour (many leak less than the noise, most of these are rightly not called):',
    '',
    table(
      ['series', ...SHAPES.slice(0, 6), 'above limit', 'found of these'],
      figures.leaking.map((row) => [
        row.shape,
        ...verdicts(row),
        row.aboveLimit,
        percent(row.foundAboveLimit, row.aboveLimit),
      ]),
    ),
    '',
    'Share of plain leaks found, by growth over the span as a multiple of the noise of one sample; independent noise:',
    '',
    curveTable(seed, 0),
    '',
    'The same with noise that remembers (autocorrelation 0.8 from sample to sample):',
    '',
    curveTable(seed, 0.8),
  ].join('\n')
}

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '6000' },
    write: { type: 'boolean', default: false },
  },
})
const text = render(Number(values.seed), Number(values.count))
if (values.write) {
  const path = 'docs/method.md'
  const old = readFileSync(path, 'utf8')
  const from = old.indexOf(BEGIN)
  const to = old.indexOf(END)
  if (from < 0 || to < from) throw new Error(`${path} has lost its markers`)
  writeFileSync(path, `${old.slice(0, from)}${BEGIN}\n\n${text}\n\n${old.slice(to)}`)
} else process.stdout.write(`${text}\n`)
