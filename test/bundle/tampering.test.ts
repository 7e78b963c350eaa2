import { createHash } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { ZipArchive } from 'archiver'
import { beforeAll, describe, expect, test } from 'vitest'
import { REPORT_JSON } from '../../src/bundle/bag.ts'
import { checkBag } from '../../src/bundle/check-bag.ts'
import { openBag } from '../../src/bundle/open-bag.ts'
import { DIAGNOSTIC_CATALOGUE } from '../../src/model/diagnostic-catalogue.ts'
import type { ReportDocument } from '../../src/report/document.ts'
import { BUNDLED, RENDERERS } from '../../src/run/renderers.ts'
import { verifyReport } from '../../src/run/verify.ts'
import { VERSION } from '../../src/version.ts'
import { aCapture, aFolder, memdossier, SAMPLES } from '../support/command.ts'

let zip = ''
let unpacked = ''

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'memdossier-bag-'))
  expect(memdossier([join(SAMPLES, 'mmap-leak'), '-o', folder, '--quiet']).status).toBe(0)
  zip = join(folder, 'evidence.zip')
  unpacked = join(folder, 'bag')
  await unpack(zip, unpacked)
  return () => rmSync(folder, { recursive: true, force: true })
})

async function unpack(bundle: string, folder: string): Promise<void> {
  for (const [name, source] of await openBag(bundle)) {
    const parts: Uint8Array[] = []
    for await (const chunk of source.read()) parts.push(chunk)
    mkdirSync(join(folder, name, '..'), { recursive: true })
    writeFileSync(join(folder, name), Buffer.concat(parts))
  }
}

const verify = async (path: string): Promise<string> => {
  try {
    const members = await openBag(path)
    await verifyReport(members, await checkBag(members))
    return 'verified'
  } catch (error) {
    return (error as Error).message
  }
}

/** A copy of the bag that a test may spoil. */
function aBag(): string {
  const folder = join(aFolder(), 'bag')
  cpSync(unpacked, folder, { recursive: true })
  return folder
}

const filesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()

const KINDS = [
  'bagit.txt',
  'bag-info.txt',
  'manifest-sha256.txt',
  'tagmanifest-sha256.txt',
  'data/README.txt',
  'data/redaction-report.json',
  'data/report.html',
  'data/report.json',
  'data/report.md',
  'data/evidence/smaps/smaps_9791_20261122194741',
  'data/evidence/strace/thumbd.9797',
]

describe('the bundle as it was written', () => {
  test('is verified as zip and as folder, by the real command', () => {
    for (const path of [zip, unpacked]) {
      const ran = memdossier(['verify', path])
      expect(ran).toMatchObject({ status: 0, stderr: '' })
      expect(ran.stdout).toContain('the report is what the evidence gives')
    }
  })

  test('is verified when the name of the capture has a line break and a percent sign', () => {
    const folder = join(aFolder(), 'at 100 %\nof\r\nthe limit')
    cpSync(join(SAMPLES, 'mmap-leak/smaps'), folder, { recursive: true })
    const out = aFolder()
    expect(memdossier([folder, '-o', out, '--formats', 'zip']).status).toBe(0)
    expect(memdossier(['verify', join(out, 'evidence.zip')])).toMatchObject({ status: 0, stderr: '' })
  })

  test('is what sha256sum -c takes', () => {
    for (const manifest of ['manifest-sha256.txt', 'tagmanifest-sha256.txt'])
      for (const line of readFileSync(join(unpacked, manifest), 'utf8').trimEnd().split('\n')) {
        const [hash, path] = line.split('  ') as [string, string]
        expect(
          createHash('sha256')
            .update(readFileSync(join(unpacked, path)))
            .digest('hex'),
        ).toBe(hash)
      }
  })

  test('holds what the contract names and every file of the evidence', () => {
    const files = filesOf(unpacked)
    expect(files.filter((name) => !name.startsWith('data/evidence/'))).toEqual(KINDS.slice(0, 9).sort())
    expect(files.filter((name) => name.startsWith('data/evidence/smaps/'))).toHaveLength(
      readdirSync(join(SAMPLES, 'mmap-leak/smaps')).length,
    )
  })
})

describe('a bundle of any run is verified', () => {
  const LEAK = join(SAMPLES, 'mmap-leak')
  /** With what lies about in folders, and one file that is cut. */
  const littered = () => {
    const capture = aCapture('mmap-leak')
    writeFileSync(join(capture, 'note.txt'), 'remember the milk\n')
    symlinkSync('/etc/hostname', join(capture, 'link'))
    truncateSync(join(capture, 'smaps/smaps_9791_20261122194746'), 500)
    return capture
  }
  test.each<[string, () => string[]]>([
    ['gates', () => [LEAK, '--fail-on=problem', '--budget=peak-rss=1', '--require-verdict', '--limit=2GiB']],
    ['a baseline', () => [LEAK, '--fail-on=warning', '--baseline', join(zip, '../report.json')]],
    ['strict, in Chinese, of a folder with other files', () => [littered(), '--strict', '--lang', 'zh']],
    ['nothing redacted', () => [littered(), '--redact', 'none']],
    ['all redacted', () => [littered(), '--redact', 'strict', '--pid', '9791', '--time-zone', 'Asia/Tokyo']],
    ['its own evidence.zip', () => [zip, '--strace-date', '2026-11-22']],
  ])('%s', async (_, args) => {
    const out = aFolder()
    const ran = memdossier([...args(), '-o', out, '--quiet', '--formats', 'zip'])
    expect([0, 3, 5], ran.stderr).toContain(ran.status)
    const verified = memdossier(['verify', join(out, 'evidence.zip')])
    expect(verified.stdout).toContain('the report is what the evidence gives')
    expect(verified.stdout).not.toContain('bagging date')
    expect(verified.status).toBe(0)
  })

  test('a day of one’s own, which nothing inside tells', () => {
    const out = aFolder()
    memdossier([LEAK, '-o', out, '--quiet', '--formats', 'zip'], { env: { SOURCE_DATE_EPOCH: '1700000000' } })
    const verified = memdossier(['verify', join(out, 'evidence.zip')])
    expect(verified).toMatchObject({ status: 0, stdout: expect.stringContaining('; the bagging date') })
  })
})

describe('tampering is refused and the place is named', () => {
  test.each(KINDS)('one byte of %s', async (name) => {
    const bag = aBag()
    const content = readFileSync(join(bag, name))
    content[Math.floor(content.length / 2)]! ^= 1
    writeFileSync(join(bag, name), content)
    const told = await verify(bag)
    expect(told).not.toBe('verified')
    expect(told).toContain(name.split('/').at(-1))
  })

  test.each(KINDS)('%s is missing', async (name) => {
    const bag = aBag()
    rmSync(join(bag, name))
    expect(await verify(bag)).toContain(`${name} is missing`)
  })

  test.each(['extra.txt', 'data/extra.txt', 'data/evidence/smaps/smaps_9791_20261122200000'])(
    '%s was added',
    async (name) => {
      const bag = aBag()
      writeFileSync(join(bag, name), 'x')
      expect(await verify(bag)).toContain(`${name} is not in`)
    },
  )

  test('a change that is hidden by new manifests: the evidence', async () => {
    const bag = aBag()
    const file = join(bag, 'data/evidence/strace/thumbd.9797')
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('munmap(', 'mmap('))
    rehash(bag)
    expect(await verify(bag)).toMatch(/redaction-report\.json does not speak of .*thumbd\.9797/)
  })

  test.each([
    ['the verdict', (text: string) => text.replace('"status": "leak"', '"status": "healthy"')],
    ['the accused thread', (text: string) => text.replace('"tid": 9797', '"tid": 9798')],
    ['a number', (text: string) => text.replace(/"grownBytes": (\d)/, '"grownBytes": 1$1')],
  ])('a change that is hidden by new manifests: %s in report.json', async (_, change) => {
    const bag = aBag()
    const file = join(bag, 'data/report.json')
    const before = readFileSync(file, 'utf8')
    writeFileSync(file, change(before))
    expect(readFileSync(file, 'utf8')).not.toBe(before)
    rehash(bag)
    expect(await verify(bag)).toMatch(/^data\/report\.json: .* the evidence gives /)
  })

  test.each(['data/report.html', 'data/report.md'])(
    'a change that is hidden by new manifests: %s',
    async (name) => {
      const bag = aBag()
      const file = join(bag, name)
      writeFileSync(file, readFileSync(file, 'utf8').replaceAll('9797', '9798'))
      rehash(bag)
      expect(await verify(bag)).toContain(`${name} is not what report.json gives`)
    },
  )

  /** A document changed as a forger would: the renderings and the manifests fit it. */
  const forged = async (change: (report: ReportDocument) => unknown, bag = aBag()) => {
    const file = join(bag, REPORT_JSON)
    const report = JSON.parse(readFileSync(file, 'utf8')) as ReportDocument
    change(report)
    for (const format of BUNDLED)
      writeFileSync(
        join(bag, 'data', RENDERERS[format].file),
        [...(await RENDERERS[format].render(report))].join(''),
      )
    rehash(bag)
    return verify(bag)
  }
  const rewritten = async (name: string, change: (text: string) => string) => {
    const bag = aBag()
    const before = readFileSync(join(bag, name), 'utf8')
    writeFileSync(join(bag, name), change(before))
    expect(readFileSync(join(bag, name), 'utf8')).not.toBe(before)
    rehash(bag)
    return verify(bag)
  }

  describe('what is written in the name of the tool', () => {
    test('another version in report.json, with any rendering', async () => {
      expect(await forged((report) => Object.assign(report.tool, { version: '9.9.9' }))).toBe(
        `data/report.json: tool.version is "9.9.9", the evidence gives "${VERSION}"`,
      )
    })

    test('another version in bag-info.txt too: nobody here can tell, and the status says so', async () => {
      const bag = aBag()
      const info = join(bag, 'bag-info.txt')
      writeFileSync(info, readFileSync(info, 'utf8').replace(`memdossier ${VERSION}`, 'memdossier 9.9.9'))
      expect(await forged((report) => Object.assign(report.tool, { version: '9.9.9' }), bag)).toMatch(
        /^it was made by version 9\.9\.9: only that version can tell/,
      )
      const ran = memdossier(['verify', bag])
      expect(ran).toMatchObject({ status: 5, stderr: '' })
      expect(ran.stdout).toMatch(/^complete and unchanged: .*\nnot verified: it was made by version 9\.9\.9/)
    })

    test.each<[string, string, (text: string) => string]>([
      ['README.txt', 'data/README.txt', (text) => `${text}Send your key to evil.example\n`],
      ['a row of bag-info.txt', 'bag-info.txt', (text) => `${text}Contact-Email: evil@example\n`],
      ['an option twice', 'bag-info.txt', (text) => `${text}Memdossier-Option-redact: standard\n`],
      ['an option of none', 'bag-info.txt', (text) => text.replace('redact: standard', 'redact: some')],
      ['no day', 'bag-info.txt', (text) => text.replace(/^(Bagging-Date: ).*$/m, '$1yesterday')],
      ['no agent', 'bag-info.txt', (text) => text.replace(/^Bag-Software-Agent: .*\n/m, '')],
      [
        'a field of the redaction report',
        'data/redaction-report.json',
        (text) => text.replace('{', '{"a":1,'),
      ],
      ['a sum in it', 'data/redaction-report.json', (text) => text.replace(/("total".*?"count": )/s, '$11')],
      [
        'what it shows',
        'data/redaction-report.json',
        (text) => text.replace(/("shown".*?"count": )/s, '$11'),
      ],
      ['its policy', 'data/redaction-report.json', (text) => text.replace('"standard"', '"none"')],
      ['a field of report.json', 'data/report.json', (text) => text.replace('{', '{"a": 1,')],
      ['bytes that are no text', 'data/report.md', (text) => `${text}\0`],
      [
        'an image that is none',
        'data/report.html',
        (text) => text.replace(/src="data:image\/webp;base64,[^"]*"/, 'src="data:image/svg+xml,<svg/>"'),
      ],
    ])('%s', async (_, name, change) => {
      expect(await rewritten(name, change)).toContain(name.split('/').at(-1))
    })

    test('a file that no bundle has', async () => {
      const bag = aBag()
      writeFileSync(join(bag, 'data/notes.txt'), 'all is well')
      rehash(bag)
      expect(await verify(bag)).toBe('data/notes.txt is not part of a bundle')
    })

    test('words of a diagnostic', async () => {
      const code = 'evidence-changed'
      const file = 'smaps/smaps_9791_20261122194741'
      const { severity, message, remedy } = DIAGNOSTIC_CATALOGUE[code]
      const entry = { code, severity, file, line: null, message: message.en, remedy: remedy.en, count: 1 }
      const added = (more: object) =>
        forged(({ diagnostics }) => diagnostics.unshift({ ...entry, ...more } as (typeof diagnostics)[0]))
      expect(await added({})).toBe('verified')
      for (const more of [
        { message: 'all is well' },
        { remedy: 'Pay.' },
        { severity: 'info' },
        { code: 'evidence-x' },
      ])
        expect(await added(more)).toMatch(/evidence-\w+ is no diagnostic that the tool writes/)
      expect(await added({ code: 'strace-conflict', file: 'elsewhere' })).toContain('diagnostics')
    })

    test('what was noticed in the evidence, however much is said to have been left out', async () => {
      const capture = join(aFolder(), 'damaged')
      cpSync(join(SAMPLES, 'mmap-leak'), capture, { recursive: true })
      appendFileSync(join(capture, 'strace/thumbd.9797'), 'mprotect(0x7f00, 4096')
      const out = aFolder()
      memdossier([capture, '-o', out, '--quiet'])
      const bag = join(aFolder(), 'bag')
      await unpack(join(out, 'evidence.zip'), bag)
      const change = (report: ReportDocument) => {
        expect(report.diagnostics.splice(0)).not.toEqual([])
        report.omitted.diagnostics = 1
      }
      expect(await forged(change, bag)).toContain('diagnostics')
    })

    test('a file that is said to have been another where nothing is redacted', async () => {
      const out = aFolder()
      memdossier([join(SAMPLES, 'mmap-leak'), '-o', out, '--quiet', '--redact', 'none'])
      const bag = join(aFolder(), 'bag')
      await unpack(join(out, 'evidence.zip'), bag)
      const file = join(bag, 'data/redaction-report.json')
      writeFileSync(file, readFileSync(file, 'utf8').replace(/("original": \{\s*"bytes": )/, '$11'))
      rehash(bag)
      expect(await verify(bag)).toContain('was not stored as it was, and nothing was redacted')
    })
  })

  describe('what a bag cannot tell is not claimed', () => {
    const said = async (change: (report: ReportDocument) => unknown) => {
      const bag = aBag()
      expect(await forged(change, bag)).toBe('verified')
      return memdossier(['verify', bag]).stdout
    }

    test('gates, and what was skipped', async () => {
      const gate = { name: 'rss-growth', expected: 'at most 1', found: '0', passed: true }
      const told = await said((report) => {
        report.gates = [gate]
        report.skipped.push({ path: 'x', reason: 'a picture', bytes: 1 })
      })
      expect(told).toMatch(
        /\nthe report is what the evidence gives, but for what is not checked\nnot checked: gates, baseline and accepted findings; what was skipped, .*; sizes and hashes before redaction/,
      )
    })

    test('still images that are drawn otherwise', async () => {
      const bag = aBag()
      const file = join(bag, 'data/report.html')
      const other = readFileSync(file, 'utf8').replace(
        /src="data:image\/webp;base64,[^"]*"/g,
        'src="data:image/webp;base64,UklGRgAA"',
      )
      writeFileSync(file, other)
      rehash(bag)
      const ran = memdossier(['verify', bag])
      expect(ran.status).toBe(0)
      expect(ran.stdout).toMatch(/^not checked: .*; the still images of report\.html, which another build/m)
    })
  })

  test('a name twice in the zip', async () => {
    const path = join(aFolder(), 'twice.zip')
    await pack(path, [...filesOf(unpacked), 'data/report.md'])
    expect(await verify(path)).toContain('data/report.md')
  })

  test('a zip that is cut, and one with something behind it', async () => {
    const cut = join(aFolder(), 'cut.zip')
    writeFileSync(cut, readFileSync(zip).subarray(0, 100_000))
    expect(await verify(cut)).not.toBe('verified')
    const longer = join(aFolder(), 'longer.zip')
    writeFileSync(longer, readFileSync(zip))
    appendFileSync(longer, 'behind')
    expect(await verify(longer)).not.toBe('verified')
  })

  describe('bytes of the zip that no manifest covers', () => {
    const directoryOf = (bytes: Buffer) => bytes.readUInt32LE(bytes.length - 6)
    const flip = (at: (bytes: Buffer) => number) => (bytes: Buffer) => {
      bytes[at(bytes)]! ^= 1
      return bytes
    }
    const hidden = Buffer.from('hidden')
    /** More bytes behind what is packed, counted as a part of it. */
    const slack = (name: string) => (bytes: Buffer) => {
      const central = bytes.lastIndexOf(name) - 46
      const local = bytes.readUInt32LE(central + 42)
      const packed = bytes.readUInt32LE(central + 20)
      const end = local + 30 + name.length + packed
      const changed = Buffer.concat([bytes.subarray(0, end), hidden, bytes.subarray(end)])
      const moved = directoryOf(bytes) + hidden.length
      changed.writeUInt32LE(moved, changed.length - 6)
      for (let at = moved; at < changed.length - 22; ) {
        const offset = changed.readUInt32LE(at + 42)
        if (offset > local) changed.writeUInt32LE(offset + hidden.length, at + 42)
        at += 46 + changed.readUInt16LE(at + 28) + changed.readUInt16LE(at + 30)
      }
      changed.writeUInt32LE(packed + hidden.length, central + hidden.length + 20)
      const hasDescriptor = (changed.readUInt16LE(local + 6) & 8) !== 0
      changed.writeUInt32LE(packed + hidden.length, hasDescriptor ? end + hidden.length + 8 : local + 18)
      return changed
    }
    test.each(['data/report.md', 'data/report.html', 'bagit.txt', 'data/evidence/strace/thumbd.9797'])(
      'bytes behind what is packed of %s',
      async (name) => {
        const path = join(aFolder(), 'slack.zip')
        writeFileSync(path, slack(name)(readFileSync(zip)))
        const ran = memdossier(['verify', path])
        expect(ran).toMatchObject({ status: 5, stderr: '' })
        expect(ran.stdout).toBe(
          `not verified: ${name} cannot be read: damaged in the zip archive (other bytes stand behind what is packed)\n`,
        )
        // Evidence that somebody else packed so is read all the same.
        expect(memdossier([path, '--dry-run']).stdout).not.toContain('damaged')
      },
    )

    test.each<[string, (bytes: Buffer) => Buffer]>([
      ['a name in the header of a member alone', flip(() => 30)],
      ['a version in it', flip(() => 4)],
      ['a time in it', flip(() => 10)],
      ['a size in it', flip(() => 18)],
      ['a time in the directory alone', flip((bytes) => directoryOf(bytes) + 12)],
      ['attributes in the directory', flip((bytes) => directoryOf(bytes) + 38)],
      ['the checksum behind a member', flip((bytes) => bytes.indexOf('PK\x07\x08', 0, 'latin1') + 4)],
      [
        'bytes before the directory',
        (bytes) => {
          const at = directoryOf(bytes)
          bytes.writeUInt32LE(at + hidden.length, bytes.length - 6)
          return Buffer.concat([bytes.subarray(0, at), hidden, bytes.subarray(at)])
        },
      ],
      [
        'a comment at the end',
        (bytes) => {
          bytes.writeUInt16LE(hidden.length, bytes.length - 2)
          return Buffer.concat([bytes, hidden])
        },
      ],
    ])('%s', async (_, change) => {
      const path = join(aFolder(), 'changed.zip')
      writeFileSync(path, change(readFileSync(zip)))
      await expect(openBag(path)).rejects.toThrow(/zip/)
    })
  })

  test('a link is followed, and no pipe or device is waited for', async () => {
    const folder = aFolder()
    for (const [name, target] of Object.entries({ 'latest.zip': zip, latest: unpacked })) {
      symlinkSync(target, join(folder, name))
      expect(await verify(join(folder, name))).toBe('verified')
    }
    symlinkSync('nowhere', join(folder, 'broken.zip'))
    expect(await verify(join(folder, 'broken.zip'))).toBe('a link to nothing')
    expect(await verify('/dev/zero')).toBe('a pipe, socket or device, not a file')
  })

  test('what is no bundle at all', async () => {
    expect(await verify(join(SAMPLES, 'mmap-leak/smaps'))).toContain('bagit.txt is missing')
    const ran = memdossier(['verify', join(SAMPLES, 'mmap-leak/strace/thumbd.9797')])
    expect(ran.status).toBe(5)
    expect(ran.stdout).toMatch(/^not verified: /)
  })
})

/** Makes the manifests and the size fit what is there: what a forger would do. */
function rehash(bag: string): void {
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(bag, name)))
      .digest('hex')
  const payload = filesOf(bag).filter((name) => name.startsWith('data/'))
  const bytes = payload.reduce((sum, name) => sum + readFileSync(join(bag, name)).length, 0)
  const info = join(bag, 'bag-info.txt')
  writeFileSync(
    info,
    readFileSync(info, 'utf8').replace(/^Payload-Oxum: .*$/m, `Payload-Oxum: ${bytes}.${payload.length}`),
  )
  writeFileSync(join(bag, 'manifest-sha256.txt'), payload.map((name) => `${hash(name)}  ${name}\n`).join(''))
  const tags = ['bag-info.txt', 'bagit.txt', 'manifest-sha256.txt']
  writeFileSync(join(bag, 'tagmanifest-sha256.txt'), tags.map((name) => `${hash(name)}  ${name}\n`).join(''))
}

async function pack(path: string, names: readonly string[]): Promise<void> {
  const archive = new ZipArchive()
  const file = createWriteStream(path)
  archive.pipe(file)
  for (const name of names) archive.append(readFileSync(join(unpacked, name)), { name })
  await archive.finalize()
  await finished(file)
}
