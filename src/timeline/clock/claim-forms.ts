import { type CallForms, FAILED, UNFINISHED } from '../../model/trace.ts'
import { isMaker } from '../../strace/effects/births.ts'
import { FORM_BYTES, FORM_KIND } from '../../strace/effects/effect-lanes.ts'
import { CALL } from '../../strace/effects/phases.ts'
import { ADDRESS_IN_ROW, holdsRange, RESULT_IN_ROW } from '../../strace/event-forms.ts'
import type { ClaimKernel } from './claim-kernel.ts'

const MAP_FIXED = 0x10

/** Kinds of forms: see kernel/claim-kernel.as. */
const MAPS_WHERE_CHOSEN = 1
const MAPS = 2
const UNMAPS = 3
const SAYS_NOTHING = 4

/** Whether the kernel chose the place of what an mmap with these flags made. */
export const isChosen = (flags: number): boolean => (flags & MAP_FIXED) === 0

/** Tells the kernel of a trace's forms which of them it may take, and as what. */
export function describeClaims(kernel: ClaimKernel, forms: CallForms): void {
  const at = kernel.calls.formsAt()
  const { octets } = kernel
  for (let form = 0; form < forms.length; form += 1)
    octets[at + form * FORM_BYTES + FORM_KIND] = kindOf(forms, form)
}

/** Calls that say something, beside those of which threads and processes are born. */
const SAYING: ReadonlySet<number> = new Set([
  CALL.mmap,
  CALL.munmap,
  CALL.mremap,
  CALL.mprotect,
  CALL.brk,
  CALL.execve,
])

/** 0 for forms that the kernel does not take: others than mmap and munmap, and those whose rows do not hold all. */
function kindOf(forms: CallForms, form: number): number {
  const call = forms.call[form]!
  const hasFailed = (forms.state[form]! & (FAILED | UNFINISHED)) !== 0
  if (hasFailed || !(SAYING.has(call) || isMaker(call))) return SAYS_NOTHING
  if (call === CALL.mmap && holdsRange(forms, form, RESULT_IN_ROW))
    return isChosen(forms.flags[form]!) ? MAPS_WHERE_CHOSEN : MAPS
  return call === CALL.munmap && holdsRange(forms, form, ADDRESS_IN_ROW) ? UNMAPS : 0
}
