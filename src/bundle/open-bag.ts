import { isUtf8 } from 'node:buffer'
import { type Stats, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { UnpackBudget } from '../evidence/archives/limits.ts'
import { zipMembers } from '../evidence/archives/zip.ts'
import { diskSource, walkDirectory } from '../evidence/disk.ts'
import { EvidenceError } from '../evidence/evidence-error.ts'
import type { Source } from '../evidence/source.ts'
import { BagError } from './bag-error.ts'
import { checkZipLayout } from './check-zip.ts'

/**
 * The members of a bundle by path, whether it is a zip or the folder it was unpacked to. A link to either is followed:
 * the user named it. Throws BagError.
 */
export async function openBag(path: string): Promise<ReadonlyMap<string, Source>> {
  const disk = resolve(path)
  const stat = statOf(disk)
  const zip = stat.isDirectory() ? null : diskSource(path, disk, stat.size)
  const found = zip === null ? walkDirectory(disk) : zipMembers(zip, new UnpackBudget(), true)
  const members = new Map<string, Source>()
  if (zip !== null && !(await beginsAsZip(zip))) throw new BagError('not a zip archive')
  try {
    for await (const member of found) {
      if ('refusal' in member) throw new BagError(`${member.refusal.path}: ${member.refusal.reason}`)
      members.set(member.source.path, member.source)
    }
    if (zip?.range) await checkZipLayout(zip.range, stat.size)
  } catch (error) {
    throw error instanceof BagError
      ? error
      : new BagError(error instanceof Error ? error.message : String(error))
  }
  if (stat.isDirectory() && !members.has('bagit.txt') && members.has('evidence.zip'))
    throw new BagError(`bagit.txt is missing; did you mean ${join(path, 'evidence.zip')}?`)
  return members
}

/** Nothing else is opened: a pipe that nobody writes to would be waited for for ever. */
function statOf(disk: string): Stats {
  const stat = statSync(disk, { throwIfNoEntry: false })
  if (!stat) throw new BagError('a link to nothing')
  if (!stat.isFile() && !stat.isDirectory()) throw new BagError('a pipe, socket or device, not a file')
  return stat
}

/** Its first two bytes, which a zip that is cut has too. */
async function beginsAsZip(source: Source): Promise<boolean> {
  const head: number[] = []
  for await (const chunk of source.read()) {
    head.push(...chunk.subarray(0, 2 - head.length))
    if (head.length === 2) break
  }
  return head[0] === 0x50 && head[1] === 0x4b
}

/** A small member as text. Throws BagError when it is missing or too large to be what it should be. */
export async function memberText(members: ReadonlyMap<string, Source>, name: string): Promise<string> {
  const source = members.get(name)
  if (!source) throw new BagError(`${name} is missing`)
  const parts: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of source.read()) {
      parts.push(chunk)
      size += chunk.length
      if (size > MOST_TEXT) throw new BagError(`${name} is larger than ${MOST_TEXT} bytes`)
    }
  } catch (error) {
    throw error instanceof EvidenceError ? new BagError(`${name} cannot be read: ${error.message}`) : error
  }
  const bytes = Buffer.concat(parts)
  if (!isUtf8(bytes)) throw new BagError(`${name} is not UTF-8`)
  return bytes.toString('utf8')
}

/** Above the bound of report.json, and far above every other text of a bag. */
const MOST_TEXT = 256 * 1024 * 1024
