/** What discovery reads from the path of a file, it reads from the path under which `strict` stores it. */
import { describe, expect, test } from 'vitest'
import { inspect } from '../../src/evidence/inspect.ts'
import { readSideEvidence } from '../../src/evidence/side/read-side-evidence.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import { showCapture, storedPath } from '../../src/redaction/names.ts'
import { createRedactor } from '../../src/redaction/redactor.ts'

const strict = createRedactor('strict')

async function readingOf(path: string, text: string) {
  const bytes = Buffer.from(text)
  async function* read() {
    yield bytes
  }
  const source = { path, size: bytes.length, diskPath: null, range: null, read }
  const looked = await inspect(source, new Diagnostics())
  if ('skipped' in looked) return looked.skipped.reason
  const { format, hints, side } = looked.file
  const { limits, kills, threadNames, programs } = await readSideEvidence([looked.file], new Diagnostics())
  const told = JSON.parse(JSON.stringify({ limits, kills, threadNames, programs }, withoutReference))
  return { format, hints: { ...hints, group: hints.group !== null }, side, told }
}

const withoutReference = (key: string, value: unknown): unknown => (key === 'reference' ? undefined : value)

const SMAPS =
  '559ab57c4000-559ab57c6000 r-xp 00000000 fe:00 1656669                    /usr/sbin/nscd\nSize:                  8 kB\nRss:                   4 kB\n'
const STRACE = '19:49:01.000001 brk(NULL) = 0x559ab57c4000\n'
const LIMITS =
  'Limit                     Soft Limit           Hard Limit           Units     \nMax address space         12345                unlimited            bytes     \n'

const CASES: Readonly<Record<string, { readonly text: string; readonly paths: readonly string[] }>> = {
  snapshots: {
    text: SMAPS,
    paths: [
      'smaps_1085_202611221942',
      'acme/smaps1085_20261122T194205',
      'SMAPS_1085_2026-11-22T19-42-05Z',
      'acme7 smaps 1085 2026-11-22 19.42',
      'acme_7_smaps (1085) 19h42',
      'smaps_1085_20261122-19h42m05',
      'acme-1085/smaps_20261122',
      'proc-1085/smaps',
      'proc1085/smaps',
      'acme_1085/smaps',
      'acme/pid=1085/smaps_1795376982.25',
      'acme@host-1085-202611221942.smaps',
    ],
  },
  logs: {
    text: STRACE,
    paths: ['acme.1085', 'acme/strace.1085.1090', 'trace-acme_pid=1085.1090', 'acme-20261122.1942.1090'],
  },
  limits: {
    text: LIMITS,
    paths: ['limits_1085.txt', 'proc/1085/limits', 'acme.limits.1085', 'proc/1085/task/1086/limits'],
  },
  'the name of a thread': { text: 'nscd\n', paths: ['1085/task/1086/comm', 'proc/1085/comm'] },
  'the number of mappings': {
    text: '65530\n',
    paths: ['max_map_count', 'acme_max_map_count.txt', 'proc/sys/vm/max_map_count'],
  },
  'the memory of a cgroup': {
    text: '1234567\n',
    paths: [
      'memory.max',
      'acme_memory.max',
      'acme.service/memory.swap.max',
      'memory.limit_in_bytes',
      'memory.memsw.limit_in_bytes_1085',
      'memory.current',
      'memory.high',
      'memory.usage_in_bytes',
    ],
  },
  'kills in a cgroup': { text: 'max 1\noom_kill 2\n', paths: ['acme.service/memory.events'] },
}

describe.each(Object.entries(CASES))('%s', (_, { text, paths }) => {
  test.each(paths)('%s', async (path) => {
    const stored = storedPath(path, strict)
    expect(stored).not.toMatch(/acme/)
    expect(await readingOf(stored, text)).toEqual(await readingOf(path, text))
  })
})

test.each([
  'Max/smaps_1085',
  'max.high/strace.1085',
  'Max_Map/limits_1085',
  'High-Current/memory.max',
  'memory.maxine_1085',
  'events.in.swap/1085/comm',
])('a word of a kernel file is kept in its name alone: %s', (path) => {
  const kept = storedPath(path, strict).replace('memory.max', '')
  expect(kept).not.toMatch(/max|(?<!s)map|high|current|events|swap|(?<![a-z])in(?![a-z])/i)
})

test('a token is no time', async () => {
  expect(await readingOf('w-1795376982ab/nscd.1085', STRACE)).toMatchObject({
    format: 'strace-log',
    hints: { tid: 1085, stamp: null },
  })
})

test.each(['standard', 'strict'] as const)(
  '%s: evidence below /home is not called after its owner',
  (policy) => {
    const redactor = createRedactor(policy)
    const named = (folder: string) =>
      showCapture(
        {
          name: 'alice',
          files: [],
          skipped: [{ path: 'alice/x', bytes: 0, reason: '' }] as never,
          roots: [{ disk: '/home/alice', folder }],
        },
        redactor,
      )
    expect(JSON.stringify([named(''), named('alice')].map(({ name }) => name))).not.toContain('alice')
    expect(named('alice').skipped[0]!.path).not.toContain('alice')
  },
)
