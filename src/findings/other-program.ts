/** A pid that is used again, and a script that becomes another program: who ran when something was found. */
import { type Pid, pid } from '../base/units.ts'
import type { Sentence } from '../model/sentence.ts'
import type { ProcessTimeline, Segment } from '../model/timeline.ts'
import { say } from './words/say.ts'

/** The program that ran in a segment. */
export const programIn = (process: ProcessTimeline, { otherProgram }: Segment): string | null =>
  otherProgram ?? process.program

/** The one that uses the pid at the end of the evidence, where it is another than in this segment. */
function programAfter(process: ProcessTimeline, segment: Segment): string | null {
  const last = process.segments.at(-1)
  const program = last ? programIn(process, last) : null
  return program === programIn(process, segment) ? null : program
}

/** Whom a command is about: where another program uses the pid since, whoever bears the name of the one that is meant. */
export const targetIn = (
  process: ProcessTimeline,
  segment: Segment,
): { readonly pid: Pid; readonly program: string | null } => ({
  pid: programAfter(process, segment) === null ? process.pid : UNKNOWN,
  program: programIn(process, segment),
})

const UNKNOWN = pid(0)

/** `leaker ran under this pid then, not innocent.` */
export function otherProgramWords(process: ProcessTimeline, segment: Segment): Sentence | null {
  const { otherProgram } = segment
  const after = programAfter(process, segment)
  if (otherProgram !== undefined && process.program !== null)
    return say(
      `${otherProgram} ran under this pid then, not ${process.program}.`,
      `当时以此 pid 运行的是 ${otherProgram}，而不是 ${process.program}。`,
    )
  return after === null
    ? null
    : say(`${after} ran under this pid afterwards.`, `此后以此 pid 运行的是 ${after}。`)
}
