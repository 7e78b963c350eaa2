import type { Sentence } from '../../model/sentence.ts'
import { LEAST_SAMPLES, type Quantity } from '../../model/timeline.ts'
import type { Gate } from './gates.ts'
import { amount, fill, span } from './words.ts'

/** Why a series has its shape, in words; `{grown}`, `{limit}`, `{noise}`, `{span}`, `{samples}` are filled in. */
const REASONS = {
  'too-short': {
    en: `{samples} samples over {span}: fewer than ${LEAST_SAMPLES}, so no shape can be told from chance. More snapshots over a longer time settle it.`,
    zh: `{span}内只有 {samples} 个样本，少于 ${LEAST_SAMPLES} 个，无法与偶然区分。请在更长时间内采集更多快照。`,
  },
  constant: { en: 'the same in all {samples} samples over {span}', zh: '{span}内 {samples} 个样本完全相同' },
  growing: {
    en: 'grew by {grown} over {span}, straight up to the end; {threshold} would be needed to stand out of the noise',
    zh: '{span}内增长 {grown}，直到结束仍呈直线；超过噪声所需的增长为 {threshold}',
  },
  flat: {
    en: 'a trend of {grown} over {span}; growth of {limit} would have been seen',
    zh: '{span}内的趋势为 {grown}；若增长达到 {limit} 即可被发现',
  },
  'within-noise': {
    en: 'the fitted growth of {grown} over {span} does not stand out of the noise of {noise}; {limit} would have',
    zh: '{span}内拟合增长 {grown}，未超出 {noise} 的噪声；增长 {limit} 才能确认',
  },
  shrinking: { en: 'fell by {fallen} over {span}', zh: '{span}内减少 {fallen}' },
  saturating: {
    en: 'grew by {grown} over {span}, ever more slowly: the rate at the end is less than half of that at the start',
    zh: '{span}内增长 {grown}，但越来越慢：结束时的速率不到开始时的一半',
  },
  filling: {
    en: 'grew by {grown} over the last {span}, but a curve that fills up ever more slowly explains the whole as well as a leak after a warm-up: a longer capture settles it',
    zh: '最后 {span} 内增长 {grown}，但越填越慢的曲线与“预热后泄漏”同样能解释整个过程；更长的采集可以定论',
  },
  'too-few-after': {
    en: 'rises by {grown} over the last {span}, but only {samples} samples show it: more snapshots settle it',
    zh: '最后 {span} 内上升 {grown}，但只有 {samples} 个样本；需要更多快照才能定论',
  },
  'within-earlier': {
    en: 'rises by {grown} over the last {span}, no more than it had moved before: {limit} would have stood out',
    zh: '最后 {span} 内上升 {grown}，未超过此前的波动；增长 {limit} 才能确认',
  },
  staircase: {
    en: 'rose by {grown} over {span} in one or two steps, flat between them; a leak would go on between them',
    zh: '{span}内分一两次台阶上升 {grown}，其间持平；泄漏则会持续增长',
  },
  step: {
    en: 'rose once, within a few samples, and stayed flat for the {span} after it; growth of {limit} would have been seen there',
    zh: '只在几个样本内上升了一次，此后 {span} 内持平；若此后增长 {limit} 即可被发现',
  },
  'warm-up': {
    en: 'rose at first and stayed flat for the {span} after it; growth of {limit} would have been seen there',
    zh: '开始时上升，此后 {span} 内持平；若此后增长 {limit} 即可被发现',
  },
  'fell-back': {
    en: 'rose and fell back; too few samples follow the fall to judge them alone',
    zh: '上升后又回落；回落之后的样本太少，无法单独判断',
  },
  'few-troughs': {
    en: 'rises and falls back; growth of {limit} over {span} would have stood out of its falls',
    zh: '反复上升又回落；{span}内增长 {limit} 才能超过其回落幅度',
  },
  'outgrows-falls': {
    en: 'grew by {grown} over {span}, more than any of its falls took back ({threshold} at most)',
    zh: '{span}内增长 {grown}，超过任何一次回落（最多 {threshold}）',
  },
  'troughs-flat': {
    en: 'rises and falls back; the low points have a trend of {grown} over {span}, growth of {limit} would have been seen in them',
    zh: '有升有落；低点在 {span} 内的趋势为 {grown}，若低点增长 {limit} 即可被发现',
  },
  'troughs-grow': {
    en: 'rises and falls back, but the low points that remain grew by {grown} over {span}',
    zh: '有升有落，但留下的低点在 {span} 内增长了 {grown}',
  },
} as const satisfies Record<string, Sentence>

export type Reason = keyof typeof REASONS

/** Puts a reason into words. `gate` is `null` when nothing could be measured. */
export function reasonOf(
  reason: Reason,
  quantity: Quantity,
  gate: Gate | null,
  hours: number,
  samples: number,
): Sentence {
  return fill(REASONS[reason], {
    samples,
    span: span(hours),
    grown: amount(quantity, gate?.grown ?? 0),
    fallen: amount(quantity, -(gate?.grown ?? 0)),
    noise: amount(quantity, gate?.noise ?? 0),
    threshold: amount(quantity, gate?.threshold ?? 0),
    limit: amount(quantity, gate?.detectionLimit ?? 0),
  })
}
