import type { Source } from '../evidence/source.ts'
import {
  BAG_INFO,
  BAGIT,
  BAGIT_TXT,
  EVIDENCE_FOLDER,
  MANIFEST,
  manifestText,
  parseBagInfo,
  parseManifest,
  README,
  REDACTION_REPORT,
  REPORT_JSON,
  TAG_MANIFEST,
} from './bag.ts'
import { BagError } from './bag-error.ts'
import { hashingPass } from './evidence-ledger.ts'
import { memberText } from './open-bag.ts'
import { type RedactionReport, redactionReport } from './redaction-report.ts'

const TAGS = [BAG_INFO, BAGIT, MANIFEST]
const DOCUMENTS = [README, REDACTION_REPORT, 'data/report.html', REPORT_JSON, 'data/report.md']

export interface CheckedBag {
  readonly info: ReadonlyMap<string, string>
  readonly redaction: RedactionReport
  readonly files: number
  readonly bytes: number
}

/**
 * Checks structure and hashes: every file is in exactly one manifest with its right hash, nothing is missing and
 * nothing is there that no manifest names. Throws BagError with the first difference.
 */
export async function checkBag(members: ReadonlyMap<string, Source>): Promise<CheckedBag> {
  if ((await memberText(members, BAGIT)) !== BAGIT_TXT)
    throw new BagError(`${BAGIT} is not what RFC 8493 asks for`)
  const tags = manifest(await memberText(members, TAG_MANIFEST), TAG_MANIFEST)
  sameNames(TAG_MANIFEST, [...tags.keys()], TAGS)
  await sameHashes(members, tags, TAG_MANIFEST)

  const payload = manifest(await memberText(members, MANIFEST), MANIFEST)
  const names = [...members.keys()]
  sameNames(
    MANIFEST,
    [...payload.keys()],
    names.filter((name) => !TAGS.includes(name) && name !== TAG_MANIFEST),
  )
  const bytes = await sameHashes(members, payload, MANIFEST)
  for (const name of DOCUMENTS) if (!payload.has(name)) throw new BagError(`${name} is missing`)
  for (const name of payload.keys())
    if (!DOCUMENTS.includes(name) && !name.startsWith(EVIDENCE_FOLDER))
      throw new BagError(`${name} is not part of a bundle`)

  const info = parseBagInfo(await memberText(members, BAG_INFO))
  const oxum = `${bytes}.${payload.size}`
  if (info.get('Payload-Oxum') !== oxum)
    throw new BagError(
      `${BAG_INFO}: Payload-Oxum is ${info.get('Payload-Oxum') ?? 'missing'}, the payload is ${oxum}`,
    )
  const redaction = await readRedactionReport(members)
  sameStored(redaction, payload)
  return { info, redaction, files: payload.size, bytes }
}

function manifest(text: string, name: string): Map<string, string> {
  const hashes = parseManifest(text)
  if (!(hashes instanceof Map)) throw new BagError(`${name} line ${hashes.badLine} is no line of a manifest`)
  if (text !== manifestText(hashes)) throw new BagError(`${name} is not what the tool writes`)
  return hashes
}

/** What the manifest names and what is there must be the same. */
function sameNames(manifestName: string, named: readonly string[], there: readonly string[]): void {
  const present = new Set(there)
  const known = new Set(named)
  const missing = named.filter((name) => !present.has(name)).sort()[0]
  const extra = there.filter((name) => !known.has(name)).sort()[0]
  if (missing !== undefined) throw new BagError(`${missing} is missing; ${manifestName} names it`)
  if (extra !== undefined) throw new BagError(`${extra} is not in ${manifestName}: it was added later`)
}

async function sameHashes(
  members: ReadonlyMap<string, Source>,
  hashes: ReadonlyMap<string, string>,
  manifestName: string,
): Promise<number> {
  let bytes = 0
  for (const [name, expected] of hashes) {
    const source = members.get(name)
    if (!source) throw new BagError(`${name} is missing; ${manifestName} names it`)
    const { chunks, result } = hashingPass(source.read())
    try {
      for await (const chunk of chunks) bytes += chunk.length
    } catch (error) {
      throw new BagError(`${name} cannot be read: ${error instanceof Error ? error.message : String(error)}`)
    }
    const { sha256 } = result()
    if (sha256 !== expected)
      throw new BagError(`${name} was changed: its SHA-256 is ${sha256}, ${manifestName} says ${expected}`)
  }
  return bytes
}

async function readRedactionReport(members: ReadonlyMap<string, Source>): Promise<RedactionReport> {
  const text = await memberText(members, REDACTION_REPORT)
  try {
    return redactionReport.parse(JSON.parse(text))
  } catch {
    throw new BagError(`${REDACTION_REPORT} is not what this tool writes`)
  }
}

/** The redaction report must speak of the evidence that is there. */
function sameStored(redaction: RedactionReport, payload: ReadonlyMap<string, string>): void {
  const told = new Map(redaction.files.map((file) => [EVIDENCE_FOLDER + file.path, file.stored.sha256]))
  const there = [...payload].filter(([name]) => name.startsWith(EVIDENCE_FOLDER))
  for (const [name, hash] of there)
    if (told.get(name) !== hash) throw new BagError(`${REDACTION_REPORT} does not speak of ${name} as it is`)
  if (told.size !== there.length)
    throw new BagError(`${REDACTION_REPORT} names files that are not in the bag`)
}
