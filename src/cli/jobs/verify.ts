import { formatBytes, formatCount } from '../../base/format.ts'
import { BagError } from '../../bundle/bag-error.ts'
import { checkBag } from '../../bundle/check-bag.ts'
import { openBag } from '../../bundle/open-bag.ts'
import { verifyReport } from '../../run/verify.ts'
import type { Arguments, Surroundings } from '../commands/command.ts'
import { EXIT, type ExitStatus, UsageError } from '../exit-status.ts'
import { shown } from '../terminal.ts'
import { isThere, pathGiven } from '../values.ts'

/** Checks one bundle; says what was checked, or the first thing that is wrong. */
export async function runVerify(given: Arguments, { terminal }: Surroundings): Promise<ExitStatus> {
  const path = pathGiven(given.bundle)
  if (!isThere(path)) throw new UsageError(`${path}: no such file or directory`)
  try {
    const members = await openBag(path)
    const bag = await checkBag(members)
    terminal.result(`complete and unchanged: ${formatCount(bag.files)} files, ${formatBytes(bag.bytes)}`)
    const { unchecked } = await verifyReport(members, bag)
    terminal.result('the report is what the evidence gives, but for what is not checked')
    terminal.result(shown(`not checked: ${unchecked.join('; ')}`))
    return EXIT.done
  } catch (error) {
    if (!(error instanceof BagError)) throw error
    terminal.result(shown(`not verified: ${error.message}`))
    return EXIT.damaged
  }
}
