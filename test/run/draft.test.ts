import { expect, test } from 'vitest'
import type { InputHash, Inputs } from '../../src/bundle/evidence-ledger.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import { createRedactor } from '../../src/redaction/redactor.ts'
import { draftBeside } from '../../src/run/draft.ts'

const input = (path: string, sha256: string): InputHash => ({
  path,
  format: 'smaps',
  original: { bytes: 10, sha256 },
})

/** A run whose draft shows one name, and what it was drafted from. */
function aRun() {
  const shown = createRedactor('standard')
  const diagnostics = new Diagnostics()
  const drafted: (readonly InputHash[])[] = []
  const draft = async (inputs: Inputs): Promise<number> => {
    shown.line('login("hunter2-secret") = 0', 'strace-log')
    shown.line('read(3, "some bytes", 10) = 10', 'strace-log')
    return drafted.push(await inputs())
  }
  return { shown, diagnostics, drafted, draft }
}

test('what was packed as it was read is drafted once', async () => {
  const { shown, diagnostics, drafted, draft } = aRun()
  const read = [input('smaps_1_202601010000', 'aa')]
  expect(await draftBeside(async () => read, Promise.resolve([...read]), draft, shown, diagnostics)).toBe(1)
  expect(drafted).toEqual([read])
})

test('a file that changed before it was packed is drafted once more, and counted once', async () => {
  const once = aRun()
  await once.draft(async () => [])
  const { shown, diagnostics, drafted, draft } = aRun()
  const packed = [input('smaps_1_202601010000', 'bb')]
  await draftBeside(
    async () => [input('smaps_1_202601010000', 'aa')],
    Promise.resolve(packed),
    draft,
    shown,
    diagnostics,
  )
  expect(drafted.at(-1)).toEqual(packed)
  expect(drafted).toHaveLength(2)
  expect(diagnostics.list()).toMatchObject([
    { code: 'evidence-changed', file: 'smaps_1_202601010000', count: 1 },
  ])
  expect(once.shown.counts()).not.toEqual([])
  expect(shown.counts()).toEqual(once.shown.counts())
})

test('what only the packing met is in the draft', async () => {
  const { shown, diagnostics, drafted, draft } = aRun()
  const read = [input('smaps_1_202601010000', 'aa')]
  const packed = Promise.resolve().then(() => {
    diagnostics.report('evidence-changed', 'smaps_1_202601010000')
    return read
  })
  await draftBeside(async () => read, packed, draft, shown, diagnostics)
  expect(drafted).toHaveLength(2)
})
