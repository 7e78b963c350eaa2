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

/** Something the user can mend; shown as one line, status 2. */
export class UsageError extends Error {}
