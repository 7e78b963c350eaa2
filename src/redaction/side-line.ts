import type { Keeper } from './keeper.ts'
import { redactText } from './text.ts'

/** One line of what other tools wrote beside smaps and strace. */
export function redactSideLine(line: string, keeper: Keeper): string {
  return redactText(line, keeper)
}
