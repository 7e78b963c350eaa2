import type { MemoryEvents } from './trace.ts'

/** Looked at at once. */
const STEP = 4096

/** Visits the calls of the wanted forms in order; looks at no call where no form is wanted. */
export function visitCalls(
  events: MemoryEvents,
  isWanted: (form: number) => boolean,
  visit: (event: number) => void,
): void {
  const wanted = Uint8Array.from({ length: events.forms.length }, (_, form) => Number(isWanted(form)))
  if (!wanted.includes(1)) return
  const forms = new Int32Array(STEP)
  for (let from = 0; from < events.length; from += STEP) {
    const count = events.readForms(from, forms)
    for (let k = 0; k < count; k++) if (wanted[forms[k]!] === 1) visit(from + k)
  }
}
