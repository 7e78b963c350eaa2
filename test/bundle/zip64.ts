/**
 * `npm run check:zip64`: writes a member and a zip of more than 4 GiB by stream, reads it back, and checks every byte
 * and the layout. Takes a minute and some 100 MB of disk, so it is no part of the tests.
 */
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBag } from '../../src/bundle/open-bag.ts'
import { ZipWriter } from '../../src/bundle/zip-writer.ts'

const GIB = 2 ** 30
const BYTES = 4 * GIB + 12345
const CHUNK = 256 * 1024
/** Of each chunk; the rest are zeros, which take no room, but not so few that it looks like a bomb. */
const NOISE = 4 * 1024

const hash = createHash('sha256')

async function* content(): AsyncGenerator<Uint8Array> {
  let state = 1
  for (let left = BYTES; left > 0; left -= CHUNK) {
    const chunk = Buffer.alloc(Math.min(CHUNK, left))
    for (let at = 0; at < Math.min(NOISE, chunk.length); at++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      chunk[at] = state >>> 24
    }
    hash.update(chunk)
    yield chunk
  }
}

const folder = mkdtempSync(join(tmpdir(), 'memdossier-zip64-'))
try {
  const path = join(folder, 'large.zip')
  const zip = new ZipWriter(path, new Date(Date.UTC(2026, 0, 1)), 1)
  await zip.add('small-before', [Buffer.from('a')])
  await zip.add('large', content())
  await zip.add('small-behind', [Buffer.from('b')])
  await zip.close()
  const members = await openBag(path)
  const again = createHash('sha256')
  let bytes = 0
  for await (const chunk of members.get('large')!.read()) {
    again.update(chunk)
    bytes += chunk.length
  }
  const peak = Math.round(process.resourceUsage().maxRSS / 1024)
  const isSame = bytes === BYTES && members.size === 3 && again.digest('hex') === hash.digest('hex')
  console.log(
    `${bytes} bytes in a zip of ${statSync(path).size}, peak memory ${peak} MiB: ${isSame ? 'same' : 'DIFFERENT'}`,
  )
  if (!isSame) process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}
