/** Effects that the kernel takes and effects that are taken one by one say the same. */
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { SECOND } from '../../src/base/units.ts'
import type { Trace } from '../../src/model/trace.ts'
import { ClaimReader } from '../../src/timeline/clock/claims.ts'
import { traceOf } from '../attribution/support.ts'
import fc from '../support/property.ts'

const CLAIM_FORMS = '../../src/timeline/clock/claim-forms.ts'

/** The same with no form told to the kernel. */
let OneByOne: typeof ClaimReader

beforeAll(async () => {
  vi.resetModules()
  vi.doMock(CLAIM_FORMS, async () => ({
    ...(await vi.importActual<typeof import('../../src/timeline/clock/claim-forms.ts')>(CLAIM_FORMS)),
    describeClaims: () => undefined,
  }))
  OneByOne = (await import('../../src/timeline/clock/claims.ts')).ClaimReader
  vi.doUnmock(CLAIM_FORMS)
})

/** All that is said of processes, when it was read to some instants and to so many effects, and then to the end. */
function said(Reader: typeof ClaimReader, trace: Trace, pids: readonly number[], stops: readonly number[]) {
  const reader = new Reader(trace, new Set(pids))
  const steps = stops.map((stop) =>
    stop % 2 === 0
      ? { until: trace.firstTime + stop * SECOND, most: Number.POSITIVE_INFINITY }
      : { until: Number.POSITIVE_INFINITY, most: stop },
  )
  return [...steps, { until: Number.POSITIVE_INFINITY, most: Number.POSITIVE_INFINITY }].map(
    ({ until, most }) => {
      reader.read(until, most)
      const claims = reader.claims()
      return { whole: reader.whole, claims: pids.map((pid) => claims(pid)) }
    },
  )
}

const page = fc.integer({ min: 0x100, max: 0x118 }).map((at) => `0x${(at * 4096).toString(16)}`)
const length = fc.constantFrom('0', '4096', '8192', '12000', '65536', '4294967296')
const result = fc.constantFrom('0', '0', '0', '-1 EINVAL (Invalid argument)', '?')
const call = fc.oneof(
  fc
    .tuple(length, fc.constantFrom('MAP_PRIVATE', 'MAP_PRIVATE|MAP_FIXED|MAP_ANONYMOUS', 'MAP_SHARED'), page)
    .map(([bytes, flags, at]) => `mmap(NULL, ${bytes}, PROT_READ, ${flags}, -1, 0) = ${at}`),
  fc.tuple(page, length, result).map(([at, bytes, came]) => `munmap(${at}, ${bytes}) = ${came}`),
  fc.tuple(page, length).map(([at, bytes]) => `mprotect(${at}, ${bytes}, PROT_READ|PROT_WRITE) = 0`),
  fc.tuple(page, page).map(([from, to]) => `mremap(${from}, 4096, 8192, MREMAP_MAYMOVE) = ${to}`),
  fc.tuple(page, length).map(([at, bytes]) => `madvise(${at}, ${bytes}, MADV_DONTNEED) = 0`),
  fc.constantFrom(
    'brk(0x120000) = 0x120000',
    'execve("/bin/true", ["true"], 0x7ffc /* 1 var */) = 0',
    'clone(child_stack=NULL, flags=SIGCHLD) = 12',
    'clone(child_stack=0x1, flags=CLONE_VM|CLONE_THREAD) = 11',
  ),
)

describe('what a log claims', () => {
  it('is the same however its calls are taken, and wherever the reading stops', async () => {
    const step = fc.record({
      tid: fc.integer({ min: 10, max: 12 }),
      wait: fc.integer({ min: 1, max: 5000 }),
      call,
    })
    const stops = fc
      .array(fc.integer({ min: 0, max: 60 }), { maxLength: 3 })
      .map((list) => list.sort((a, b) => a - b))
    let claims = 0
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 60 }), stops, async (steps, list) => {
        const logs: Record<number, string> = {}
        let now = 1
        for (const { tid, wait, call: text } of steps) {
          now += wait / 1000
          logs[tid] = `${logs[tid] ?? ''}${now.toFixed(3)} ${text} <10>\n`
        }
        const trace = await traceOf(logs)
        const whole = said(ClaimReader, trace, [10, 12], list)
        expect(whole).toEqual(said(OneByOne, trace, [10, 12], list))
        claims += whole.at(-1)!.claims[0]!.length
      }),
      { numRuns: 150 },
    )
    expect(claims).toBeGreaterThan(0)
  })
})
