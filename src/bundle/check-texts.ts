/** The texts of a bag that say nothing of their own: each is made again from what the rest of the bag says. */
import type { Source } from '../evidence/source.ts'
import { BAG_INFO, type BagInfo, bagInfoText, README, REDACTION_REPORT } from './bag.ts'
import { BagError } from './bag-error.ts'
import type { CheckedBag } from './check-bag.ts'
import { memberText } from './open-bag.ts'
import { bundleReadme } from './readme-text.ts'
import { redactionReportText } from './redaction-report.ts'

const AGENT = /^memdossier (\S+)$/

/** The version that says it made the bag. Throws BagError when none does. */
export function versionOf({ info }: CheckedBag): string {
  const told = info.get('Bag-Software-Agent')
  const version = AGENT.exec(told ?? '')?.[1]
  if (version === undefined) throw new BagError(`${BAG_INFO}: Bag-Software-Agent is ${told ?? 'missing'}`)
  return version
}

/**
 * README.txt, bag-info.txt and redaction-report.json must be what the version that made the bag writes, to the last
 * sign: a line more would be somebody else's words in the tool's name. Throws BagError.
 */
export async function checkTexts(
  members: ReadonlyMap<string, Source>,
  bag: CheckedBag,
  made: Pick<BagInfo, 'toolVersion' | 'date' | 'options'>,
): Promise<void> {
  const info = {
    ...made,
    captureName: bag.info.get('External-Identifier') ?? '',
    payloadBytes: bag.bytes,
    payloadFiles: bag.files,
  }
  const { policy, files, shown } = bag.redaction
  const texts = {
    [BAG_INFO]: bagInfoText(info),
    [README]: bundleReadme(made.toolVersion),
    [REDACTION_REPORT]: redactionReportText(policy, files, shown),
  }
  for (const [name, text] of Object.entries(texts))
    if ((await memberText(members, name)) !== text) throw new BagError(`${name} is not what the tool writes`)
}
