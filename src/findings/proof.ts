/**
 * What the replay proves of a growth, and what it does not: it proves who made what came in the traced time. That this is so
 * for all of the growth follows only where the rest grew alike and the calls made about as much as grew.
 */
import { formatBytes, formatCount, formatDuration, formatRate, formatShare } from '../base/format.ts'
import type { Sentence } from '../model/sentence.ts'
import type { Charge } from './accounts.ts'
import type { Doubt } from './confidence.ts'
import type { OpenConnections } from './open-connections.ts'
import { isPartly, type TracedPart } from './traced-part.ts'
import { paragraph, say } from './words/say.ts'

/** No thread of the captures with known causes that was rightly named lies outside: 0.75 to 1.38 times. */
const LEAST_EXPLAINED = 2 / 3
const MOST_EXPLAINED = 3 / 2
/** From this part of the trace on, all of it lies in the growth: their ends are no calls' ends. */
const ALL_OF_IT = 0.9

export interface Proof {
  /** The charge, no surer of its thread than the whole growth allows. */
  readonly charge: Charge
  /** How sure that is, in a sentence; `null` where nobody is accused. */
  readonly words: Sentence | null
  readonly doubts: readonly Doubt[]
}

/** `part` is what of the growth was traced; `null` where that is not known. */
export function proofOf(charge: Charge, part: TracedPart | null): Proof {
  const { culprit } = charge
  if (culprit === null) return { charge, words: null, doubts: [] }
  const because = doubtOf(charge, part)
  const words =
    culprit.certainty === 'certain' ? provenWords(part, because, charge.span) : likelyWords(part, because)
  if (because === null) return { charge, words, doubts: [] }
  return {
    charge: { ...charge, culprit: { ...culprit, certainty: 'likely' } },
    words,
    doubts: [{ ceiling: 85, because }],
  }
}

/** Why what calls show of the traced time may not be so of the whole growth. */
function doubtOf({ explains, openConnections }: Charge, part: TracedPart | null): Sentence | null {
  if (openConnections !== null) return connectionsWords(openConnections)
  if (part && part.span <= 0)
    return say('None of this growth lies in the traced time.', '此次增长完全不在跟踪时段内。')
  if (part?.uneven) {
    const [inside, outside] = [formatRate(part.uneven.inside), formatRate(part.uneven.outside)]
    return say(
      `Memory grew by ${inside.en} while traced and by ${outside.en} at other times, further apart than the scatter of the snapshots allows: something else may have grown then.`,
      `跟踪期间的增长速率为${inside.zh}，其余时间为${outside.zh}，相差超出快照离散所能解释的范围：其余时间增长的可能是别的内存。`,
    )
  }
  if (explains !== null && (explains < LEAST_EXPLAINED || explains > MOST_EXPLAINED))
    return say(
      `The traced calls came to ${formatShare(explains)} of what grows in such a time on average: at other times something else may have grown.`,
      `跟踪到的调用相当于平均同期增长的 ${formatShare(explains)}：其余时间增长的可能是别的内存。`,
    )
  return null
}

const connectionsWords = ({ count, isKnown }: OpenConnections): Sentence =>
  isKnown
    ? say(
        `As many connections were accepted in the traced time and are open at its end (${formatCount(count)}): a buffer that each of them needs looks the same.`,
        `跟踪时段内接受且在结束时仍打开的连接数与之相当（${formatCount(count)} 个）：每个连接所需的缓冲区看起来也是这样。`,
      )
    : say(
        `About as many connections were accepted in the traced time (${formatCount(count)}), and the log does not tell whether they were closed: a buffer that each open one needs looks the same.`,
        `跟踪时段内接受的连接数与之相当（${formatCount(count)} 个），而日志没有说明它们是否已关闭：每个打开的连接所需的缓冲区看起来也是这样。`,
      )

/** `span` is all that was traced: what is counted above is of that. */
function provenWords(part: TracedPart | null, because: Sentence | null, span: number): Sentence {
  if (part === null || part.span <= 0 || !isPartly(part))
    return because === null
      ? say('The replay of the calls proves it.', '系统调用的重放证明了这一点。')
      : paragraph(LIKELY, because)
  const { time, came } = numbersOf(part)
  const isAll = part.span > ALL_OF_IT * span
  const proven = say(
    `The replay of the calls proves it for the ${isAll ? `traced ${time.en}` : `${time.en} of the trace that lie in this growth`}, in which ${came.en} came; the rest was not traced`,
    `系统调用的重放证明了${isAll ? `跟踪的 ${time.zh}内` : `跟踪中属于此次增长的 ${time.zh}内`}的这一点，其间增长了 ${came.zh}；其余部分没有跟踪`,
  )
  if (because === null) return say(`${proven.en}.`, `${proven.zh}。`)
  return paragraph(
    say(`${proven.en}, and of it this is likely at most.`, `${proven.zh}，对其最多只能说很可能。`),
    because,
  )
}

function likelyWords(part: TracedPart | null, because: Sentence | null): Sentence {
  if (part === null || part.span <= 0 || !isPartly(part)) return paragraph(LIKELY, because)
  const { time, came } = numbersOf(part)
  return paragraph(
    LIKELY,
    say(
      `${came.en} came in the traced ${time.en}; the rest was not traced.`,
      `跟踪的 ${time.zh}内增长了 ${came.zh}；其余部分没有跟踪。`,
    ),
    because,
  )
}

const LIKELY = say('That is likely, not proven.', '这是很可能的，但尚未证明。')

function numbersOf({ span, grown, ofGrown }: TracedPart): { time: Sentence; came: Sentence } {
  const [some, all] = [formatBytes(grown), formatBytes(ofGrown)]
  return {
    time: formatDuration(span),
    came: say(`${some} of the ${all}`, `${all} 中的 ${some}`),
  }
}
