/** A pid that is used again, and a script that becomes another program: who ran when something was found. */
import type { Sentence } from '../model/sentence.ts'
import type { ProcessTimeline, Segment } from '../model/timeline.ts'
import { say } from './words/say.ts'

/** The program that ran at a time. */
export const programAt = (process: ProcessTimeline, time: number | null): string | null =>
  process.segments.find(({ from, to }) => time !== null && from <= time && time <= to)?.otherProgram ??
  process.program

/** `leaker ran under this pid then, not innocent.` */
export const otherProgramWords = (process: ProcessTimeline, { otherProgram }: Segment): Sentence | null =>
  otherProgram === undefined || process.program === null
    ? null
    : say(
        `${otherProgram} ran under this pid then, not ${process.program}.`,
        `当时以此 pid 运行的是 ${otherProgram}，而不是 ${process.program}。`,
      )
