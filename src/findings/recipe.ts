/**
 * `memdossier recipe`: the commands that collect what the analysis wants, for one program: snapshots by cron, two
 * traces, names and limits beside them, and what to run when those leave a question open. Everything is sh(1) that
 * passes `sh -n`; it works when no process, one or several have the name.
 */
import { formatDuration } from '../base/format.ts'
import { DAY, HOUR, MINUTE, SECOND } from '../base/units.ts'
import type { Language, Sentence } from '../model/sentence.ts'
import { LEAST_SAMPLES } from '../model/timeline.ts'
import { CAPTURE_QUESTIONS, type QuestionName } from './capture-questions.ts'
import { fileWord, forCrontab, quoted } from './shell.ts'
import { say } from './words/say.ts'

export interface RecipeRequest {
  /** Program name as pidof(8) takes it. */
  readonly process: string
  /** Interval of the snapshots, `10s`, `1m`, `1h`; `1m` when left out. */
  readonly every?: string | undefined
  /** How long to collect; half an hour or thirty intervals when left out. */
  readonly for?: string | undefined
}

interface RecipeSection {
  readonly title: Sentence
  readonly settles: Sentence
  readonly cost: Sentence
  /** Pasteable, one command each. */
  readonly commands: readonly string[]
}

export interface Recipe {
  /** One line for `crontab -e`, percent signs escaped. */
  readonly crontab: string
  readonly sections: readonly RecipeSection[]
}

/** A request that no commands can be made from; the message is for the user. */
export class RecipeError extends Error {}

const SPANS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY }

/** `10s`, `1m`, `2h`, `1d` in microseconds. Throws RecipeError. */
export function spanOf(text: string, option: string): number {
  const match = /^([1-9][0-9]{0,5})([smhd])$/.exec(text)
  if (!match)
    throw new RecipeError(`${option}: expected a number with s, m, h or d, as in 10s or 1m; got ${text}`)
  return Number(match[1]) * SPANS[match[2]!]!
}

/** Traces cost the program time: two minutes hold a hundred events of anything that happens each second. */
const TRACE_AT_MOST = 2 * MINUTE

/** How long it runs unless told: half an hour, or so many intervals. */
const HALF_HOUR = 30 * MINUTE
const INTERVALS = 30

function spansOf(request: RecipeRequest): { readonly every: number; readonly span: number } {
  const every = spanOf(request.every ?? '1m', '--every')
  return {
    every,
    span: request.for === undefined ? Math.max(HALF_HOUR, INTERVALS * every) : spanOf(request.for, '--for'),
  }
}

/** The loop takes the first one at once. */
const snapshotsIn = (span: number, every: number): number => Math.ceil(span / every)

/** The recipe for one program. Throws RecipeError on a name or interval that cannot be. */
export function recipe(request: RecipeRequest): Recipe {
  const name = request.process
  if (name === '' || name.startsWith('-') || /[\0\n\r]/.test(name))
    throw new RecipeError(`--process: not a program name: ${JSON.stringify(name)}`)
  const { every, span } = spansOf(request)
  const folder = `/var/tmp/memdossier/${fileWord(name)}`
  const crontab = crontabLine(name, every, folder)
  return {
    crontab,
    sections: [
      snapshots(name, every, span, folder, crontab),
      traces(name, Math.min(span, TRACE_AT_MOST), folder),
      beside(name, folder),
      ...OPEN_QUESTIONS.map((question) => openQuestion(question, name)),
    ],
  }
}

function tooShort({ every = '1m', for: span }: RecipeRequest): string {
  const least = every.replace(/^\d+/, (number) => String(LEAST_SAMPLES * Number(number)))
  return `--for: ${span} is too short for a snapshot every ${every}: ${LEAST_SAMPLES} are judged at least, which takes ${least}`
}

/** One shot of every process of the name; a stamp without pid when there is none, so that a restart shows. */
const shot = (folder: string): string =>
  [
    `s=$(date +%Y%m%d%H%M%S)`,
    `p=$(pidof "$1")`,
    `[ -n "$p" ] || : > ${folder}/smaps__$s`,
    `for i in $p; do cat /proc/$i/smaps > ${folder}/smaps_\${i}_$s; done`,
  ].join('; ')

/** The body goes to `sh -c` in single quotes, the name as its argument: nothing in a name is read as shell. */
const inSh = (body: string, name: string): string => `sh -c '${body}' sh ${quoted(name)}`

function crontabLine(name: string, every: number, folder: string): string {
  const once = `mkdir -p ${folder}; ${shot(folder)}`
  const seconds = every / SECOND
  if (every < MINUTE) {
    if (60 % seconds !== 0)
      throw new RecipeError('--every: below a minute it must divide 60 seconds, as 5s, 10s or 30s do')
    const loop = `n=0; while :; do ${shot(folder)}; n=$((n + ${seconds})); [ $n -lt 60 ] || break; sleep ${seconds}; done`
    return forCrontab(`* * * * * ${inSh(`mkdir -p ${folder}; ${loop}`, name)}`)
  }
  return forCrontab(`${schedule(every)} ${inSh(once, name)}`)
}

/** Five fields of crontab(5) for an interval of whole minutes or hours. */
function schedule(every: number): string {
  const minutes = every / MINUTE
  if (Number.isInteger(minutes) && minutes < 60 && 60 % minutes === 0)
    return minutes === 1 ? '* * * * *' : `*/${minutes} * * * *`
  const hours = every / HOUR
  if (Number.isInteger(hours) && hours < 24 && 24 % hours === 0)
    return hours === 1 ? '0 * * * *' : `0 */${hours} * * *`
  if (every === DAY) return '0 0 * * *'
  throw new RecipeError('--every: cron needs whole minutes that divide an hour, or hours that divide a day')
}

function snapshots(
  name: string,
  every: number,
  span: number,
  folder: string,
  crontab: string,
): RecipeSection {
  const seconds = every / SECOND
  const loop = `mkdir -p ${folder}; while :; do ${shot(folder)}; sleep ${seconds}; done`
  const count = snapshotsIn(span, every)
  return {
    title: say(
      `Snapshots every ${formatDuration(every).en}: a line for crontab -e (percent signs are escaped; take it out after ${formatDuration(span).en}), or the loop below it, which ends by itself`,
      `每 ${formatDuration(every).zh}一次快照：用于 crontab -e 的一行（百分号已转义；${formatDuration(span).zh}后请删除），或使用其下会自行结束的循环`,
    ),
    settles: say(
      `Whether memory grows, which mapping, since when and how fast. ${count} ${count === 1 ? 'snapshot' : 'snapshots'}; eight are judged, twenty are good.`,
      `内存是否增长、哪个映射、从何时起、速率多少。共 ${count} 个快照；至少八个才能判断，二十个为宜。`,
    ),
    cost: CAPTURE_QUESTIONS['more-snapshots'].cost,
    commands: [crontab, `timeout ${span / SECOND} ${inSh(loop, name)}`],
  }
}

function traces(name: string, span: number, folder: string): RecipeSection {
  const seconds = Math.max(1, Math.round(span / SECOND))
  // SIGTERM, as sh lets background commands ignore SIGINT; -k 10: a tracer that is killed lets go of its threads too.
  const strace = (options: string, suffix: string) =>
    inSh(
      `mkdir -p ${folder}; for i in $(pidof "$1"); do timeout -k 10 ${seconds} strace -ff -ttt -T -y -Y ${options}-p $i -o ${folder}/${fileWord(name)}.${suffix}$i & done; wait`,
      name,
    )
  return {
    title: say(
      `Traces of ${formatDuration(span).en}, while snapshots are being taken: all calls, then memory calls with stacks`,
      `在采集快照的同时跟踪 ${formatDuration(span).zh}：先跟踪全部调用，再跟踪带调用栈的内存调用`,
    ),
    settles: say(
      'Which thread, what it was doing, how much it never releases; with stacks, the code path.',
      '是哪个线程、当时在做什么、有多少从未释放；有调用栈时还能知道代码路径。',
    ),
    cost: CAPTURE_QUESTIONS['who-maps'].cost,
    commands: [
      strace('', ''),
      strace(
        // The `?` is no pattern: double quotes, as single ones would end the word of `sh -c`.
        '-k -e "trace=mmap,munmap,mremap,brk,mprotect,madvise,clone,?clone3,fork,vfork,execve,exit,prctl" ',
        'stacks.',
      ),
    ],
  }
}

function beside(name: string, folder: string): RecipeSection {
  const each = (body: string) => inSh(`mkdir -p ${folder}; for i in $(pidof "$1"); do ${body}; done`, name)
  return {
    title: say('Beside it, once: thread names, descriptors, limits', '另外采集一次：线程名称、描述符和限额'),
    settles: say(
      'Names for thread ids, files and sockets behind descriptor numbers, and when a limit is met.',
      '线程号对应的名称、描述符对应的文件和套接字，以及何时触及限额。',
    ),
    cost: say('None worth mentioning.', '几乎没有。'),
    commands: [
      each(
        [
          `ps -L -o pid,tid,comm -p $i > ${folder}/ps_$i.txt`,
          // -R and -v print the folder and the file in front: they carry the pid.
          `ls -lR /proc/$i/fd > ${folder}/fd_$i.txt`,
          `head -v -n 99 /proc/$i/limits > ${folder}/limits_$i.txt`,
          `g=/sys/fs/cgroup$(sed -n s/^0:://p /proc/$i/cgroup)`,
          `[ ! -r $g/memory.max ] || head -v -n 99 $g/memory.max $g/memory.swap.max $g/memory.events > ${folder}/cgroup_$i.txt`,
        ].join('; '),
      ),
      `cat /proc/sys/vm/max_map_count > ${folder}/max_map_count`,
    ],
  }
}

const OPEN_QUESTIONS = ['who-keeps-heap', 'who-touches', 'free-inside'] as const satisfies QuestionName[]

const QUESTION_TITLES: Readonly<Record<(typeof OPEN_QUESTIONS)[number], Sentence>> = {
  'who-keeps-heap': say(
    'Open after that: which code keeps blocks of a shared [heap]',
    '若仍未定：共用的 [heap] 中是哪段代码保留了内存块',
  ),
  'who-touches': say(
    'Open after that: who touches pages that no call shows',
    '若仍未定：谁触碰了系统调用看不到的页',
  ),
  'free-inside': say(
    'Open after that: is a high, flat heap free inside',
    '若仍未定：居高而平稳的堆内部是否空闲',
  ),
}

function openQuestion(question: (typeof OPEN_QUESTIONS)[number], name: string): RecipeSection {
  const { command, settles, cost } = CAPTURE_QUESTIONS[question]
  return {
    title: QUESTION_TITLES[question],
    settles,
    cost,
    commands: [command({ pid: `"$(pidof -s ${quoted(name)})"`, program: name })],
  }
}

/**
 * The recipe as text: comments and commands, pasteable as a whole into a shell but for the crontab line. Throws
 * RecipeError, also where too few snapshots for any verdict would come of it.
 */
export function recipeText(request: RecipeRequest, language: Language): string {
  const { every, span } = spansOf(request)
  if (snapshotsIn(span, every) < LEAST_SAMPLES) throw new RecipeError(tooShort(request))
  const settled = say('Settles: ', '可回答：')[language]
  const costs = say('Costs: ', '代价：')[language]
  const sections = recipe(request).sections.map(({ title, settles, cost, commands }) =>
    [
      `# ${title[language]}`,
      `#   ${settled}${settles[language]}`,
      `#   ${costs}${cost[language]}`,
      ...commands,
    ].join('\n'),
  )
  return `${sections.join('\n\n')}\n`
}
