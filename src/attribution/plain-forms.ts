import { type CallForms, FAILED, RESUMED_ONLY, UNFINISHED } from '../model/trace.ts'
import { FORM_BYTES, FORM_KIND } from '../strace/effects/effect-lanes.ts'
import { CALL } from '../strace/effects/phases.ts'
import { ADDRESS_IN_ROW, holdsRange, RESULT_IN_ROW } from '../strace/event-forms.ts'
import {
  accessible,
  MAP_ANONYMOUS,
  MAP_GROWSDOWN,
  MAP_HUGETLB,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_STACK,
  MAP_TYPE,
  SHARED_TAG,
} from './kernel.ts'
import { ANONYMOUS, type MechanismCode, RESERVE, SHARED } from './mechanism.ts'
import type { ReplayKernel } from './replay-kernel.ts'

/** Bytes of a form in the kernel's memory, from its beginning: see kernel/lanes.as. */
const COUNTS_AT_EXIT = 18
const MECHANISM = 20
const TAG = 21
const IS_OF_TREE = 22

/** Kinds of plain forms: see kernel/plain.as. */
const MAPS = 1
const UNMAPS = 2
const ADVISES = 3

/** Calls that the merge yields only when they return. */
const AT_EXIT_ONLY: ReadonlySet<number> = new Set([CALL.mmap, CALL.shmat, CALL.shmget, CALL.execve])

/** Whether threads or processes come and go by a call, or become another program. */
export const isOfTree = (call: number): boolean => call >= CALL.execve && call <= CALL.exit_group

/** Tells the kernel of a trace's forms which of them count as calls when they return, and which it must not keep back. */
export function describeCalls(kernel: ReplayKernel, forms: CallForms): void {
  const at = kernel.calls.formsAt()
  const { octets } = kernel
  for (let form = 0; form < forms.length; form += 1) {
    const octet = at + form * FORM_BYTES
    octets[octet + COUNTS_AT_EXIT] = Number(AT_EXIT_ONLY.has(forms.call[form]!))
    octets[octet + IS_OF_TREE] = Number(isOfTree(forms.call[form]!))
  }
}

/** Tells the kernel of a trace's forms which of them it may apply, and as what. */
export function describePlainForms(kernel: ReplayKernel, forms: CallForms): void {
  const at = kernel.calls.formsAt()
  const { octets } = kernel
  for (let form = 0; form < forms.length; form += 1) {
    const octet = at + form * FORM_BYTES
    if ((forms.state[form]! & (FAILED | UNFINISHED | RESUMED_ONLY)) !== 0) continue
    if (isPlainMmap(forms, form)) {
      const tag = tagOf(forms, form)
      octets[octet + FORM_KIND] = MAPS
      octets[octet + TAG] = tag
      octets[octet + MECHANISM] = mechanismOf(tag)
    } else if (forms.call[form] === CALL.munmap && holdsRange(forms, form, ADDRESS_IN_ROW))
      octets[octet + FORM_KIND] = UNMAPS
    else if (forms.call[form] === CALL.madvise && holdsRange(forms, form, ADDRESS_IN_ROW))
      octets[octet + FORM_KIND] = ADVISES
  }
}

/** Anonymous memory of common pages, whose place and length are in the row, and that no page fault makes grow. */
function isPlainMmap(forms: CallForms, form: number): boolean {
  const special = MAP_HUGETLB | MAP_GROWSDOWN | MAP_STACK
  return (
    forms.call[form] === CALL.mmap &&
    holdsRange(forms, form, RESULT_IN_ROW) &&
    (forms.flags[form]! & (MAP_ANONYMOUS | special)) === MAP_ANONYMOUS
  )
}

function tagOf({ flags, protection }: CallForms, form: number): number {
  const type = flags[form]! & MAP_TYPE
  const isShared = type === MAP_SHARED || type === MAP_SHARED_VALIDATE
  return (protection[form]! & 7) | (isShared ? SHARED_TAG : 0)
}

const mechanismOf = (tag: number): MechanismCode =>
  !accessible(tag) ? RESERVE : (tag & SHARED_TAG) !== 0 ? SHARED : ANONYMOUS
