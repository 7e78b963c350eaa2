/** What the exit status says; scripts depend on it. */
export const EXIT = {
  done: 0,
  fault: 1,
  usage: 2,
  gate: 3,
  inconclusive: 4,
  damaged: 5,
  interrupted: 130,
  terminated: 143,
} as const
export type ExitStatus = (typeof EXIT)[keyof typeof EXIT]

/** The same for the help. */
export const EXIT_WORDS = `Exit status:
  0 done   1 fault of the program   2 usage, nothing to read   3 finding at or above --fail-on, or budget exceeded
  4 cannot tell (--require-verdict)   5 evidence skipped or damaged (--strict)   130, 143 interrupted`

/** Something the user can mend; shown as one line, status 2. */
export class UsageError extends Error {}
