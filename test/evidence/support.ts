import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { discover } from '../../src/evidence/discover.ts'
import { type Diagnostic, Diagnostics } from '../../src/model/diagnostics.ts'
import type { Capture, EvidenceFile } from '../../src/model/evidence.ts'

export const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../..')
/** Reference captures beside the project; tests that need them are skipped where they are absent. */
export const SHARED = resolve(PROJECT, '../shared')
export const hasShared = existsSync(join(SHARED, 'zoo'))
if (!hasShared) console.warn('test/evidence: ../shared is absent; the tests that read it are skipped')

const made: string[] = []
afterAll(() => {
  for (const directory of made) rmSync(directory, { recursive: true, force: true })
})

/** A new directory, removed after the tests. */
export function scratch(): string {
  const directory = mkdtempSync(join(tmpdir(), 'memdossier-evidence-'))
  made.push(directory)
  return directory
}

/** Writes files into a new directory: `{ 'a/b': 'text' }`. */
export function directoryOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const root = scratch()
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
  return root
}

export interface Discovered extends Capture {
  readonly diagnostics: readonly Diagnostic[]
  readonly collector: Diagnostics
}

export async function discovered(...paths: string[]): Promise<Discovered> {
  const collector = new Diagnostics()
  const capture = await discover(paths, collector)
  return { ...capture, diagnostics: collector.list(), collector }
}

/** `path: format` of the files, `path: why not` of what was skipped. */
export const listing = (capture: Capture): Record<string, string> =>
  Object.fromEntries([
    ...capture.files.map((file) => [file.path, file.format] as const),
    ...capture.skipped.map((file) => [file.path, `skipped: ${file.reason}`] as const),
  ])

export async function contentOf(file: EvidenceFile): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const chunk of file.read()) parts.push(Uint8Array.from(chunk))
  return Buffer.concat(parts)
}

/** A snapshot of one mapping. */
export const SMAPS = `7f0a1c000000-7f0a1c021000 rw-p 00000000 00:00 0 
Size:                132 kB
Rss:                  12 kB
Pss:                  12 kB
VmFlags: rd wr mr mw me sd 
`

export const STRACE = `19:48:41.000001 mmap(NULL, 8192, PROT_READ|PROT_WRITE, MAP_PRIVATE|MAP_ANONYMOUS, -1, 0) = 0x7f0a1c000000 <0.000009>
19:48:41.000101 munmap(0x7f0a1c000000, 8192) = 0 <0.000007>
`

/** A real snapshot of the samples. */
export const realSnapshot = (): Buffer =>
  readFileSync(join(PROJECT, 'samples/captures/mmap-leak/smaps/smaps_9791_20261122194741'))
export const realLog = (): Buffer =>
  readFileSync(join(PROJECT, 'samples/captures/mmap-leak/strace/thumbd.9797'))
