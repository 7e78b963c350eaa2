/**
 * The zoo: real captures with known causes. Every cause found with the right mechanism, thread and rate, nothing else
 * accused; and the same honesty when parts of the evidence are taken away.
 */
import { describe, expect, it } from 'vitest'
import type { EvidenceFile } from '../../src/model/evidence.ts'
import type { ReadSnapshot } from '../../src/model/snapshot.ts'
import {
  evidenceOf,
  factsOf,
  isSnapshotFile,
  isTraceFile,
  type Judged,
  judged,
  truthOf,
  zooCases,
} from '../support/zoo.ts'

const cases = zooCases()
const zoo = describe.skipIf(cases.length === 0)

interface Ablation {
  readonly files?: (file: EvidenceFile) => boolean
  readonly snapshots?: (snapshots: readonly ReadSnapshot[]) => ReadSnapshot[]
}

async function judgeCase(name: string, ablation: Ablation = {}): Promise<Judged> {
  const files = (await evidenceOf(name)).filter(ablation.files ?? (() => true))
  const pick = ablation.snapshots ?? ((snapshots) => [...snapshots])
  return judged(
    await factsOf(files, ({ snapshots, traces }) => {
      const inTime = [...snapshots].sort((a, b) => (a.time ?? -1) - (b.time ?? -1))
      return { snapshots: pick(inTime), traces }
    }),
  )
}

/** What the scorer counts: loud findings that no cause explains and no remark allows. */
function falseAlarms(name: string, { loud }: Judged): string[] {
  const { causes, allowed = [] } = truthOf(name)
  return loud
    .filter(
      (finding) =>
        !causes.some((cause) => cause.pid === finding.pid && cause.mechanisms.includes(finding.mechanism)) &&
        !allowed.some(
          (remark) =>
            remark.mechanisms.includes(finding.mechanism) &&
            finding.severity === 'warning' &&
            (finding.measures.bytesPerHour ?? 0) <= (remark.maxBytesPerHour ?? 0),
        ),
    )
    .map((finding) => `${finding.severity} ${finding.ruleId} pid ${finding.pid}`)
}

function wrongCulprits(name: string, { findings }: Judged): string[] {
  const { causes } = truthOf(name)
  return findings
    .filter(
      ({ culprit, pid }) =>
        culprit !== null && !causes.some((cause) => cause.pid === pid && cause.tids.includes(culprit.tid)),
    )
    .map(({ ruleId, culprit }) => `${ruleId} accuses ${culprit?.tid}`)
}

const causesFound = (name: string, { loud }: Judged) =>
  truthOf(name).causes.map((cause) =>
    loud.find((finding) => finding.pid === cause.pid && cause.mechanisms.includes(finding.mechanism)),
  )

zoo('with all evidence', () => {
  it.each(cases)('%s', async (name) => {
    const result = await judgeCase(name)
    const { causes } = truthOf(name)
    expect(result.results.filter(({ outcome }) => outcome === 'failed')).toEqual([])
    expect(falseAlarms(name, result)).toEqual([])
    expect(wrongCulprits(name, result)).toEqual([])
    const found = causesFound(name, result)
    causes.forEach((cause, index) => {
      const finding = found[index]
      expect(finding, `${cause.mechanisms[0]} of ${cause.pid}`).toBeDefined()
      if (cause.claim === 'named') expect(finding?.culprit?.tid, cause.thread).toBe(cause.tids[0])
      expect(finding?.threads.map(({ tid }) => tid)).toEqual(expect.arrayContaining([...cause.tids]))
      const rate = finding?.measures.bytesPerHour ?? 0
      const off = Math.min(...cause.bytesPerHour.map((truth) => Math.abs(Math.log(rate / truth))))
      expect(off, `${rate} B/h`).toBeLessThan(Math.log(1.35))
    })
    const { status } = result.verdicts.whole
    if (causes.length === 0) expect(status).toBe('healthy')
    else expect(['leak', 'growth']).toContain(status)
  })

  it('does not call the growth of stored data a leak', async () => {
    expect((await judgeCase('d12-redis')).verdicts.whole.status).toBe('growth')
  })
})

zoo('without strace', () => {
  it.each(cases)('%s', async (name) => {
    const result = await judgeCase(name, { files: (file) => !isTraceFile(file) })
    expect(falseAlarms(name, result)).toEqual([])
    expect(causesFound(name, result)).not.toContain(undefined)
    for (const finding of result.loud) {
      expect(finding.culprit).toBeNull()
      expect(finding.cap?.en).toContain('No system calls were traced')
    }
    expect(result.verdicts.whole.status).toBe(truthOf(name).causes.length > 0 ? 'growth' : 'healthy')
  })
})

zoo('without smaps', () => {
  it.each(cases)('%s', async (name) => {
    const result = await judgeCase(name, { files: (file) => !isSnapshotFile(file) })
    expect(falseAlarms(name, result)).toEqual([])
    expect(wrongCulprits(name, result)).toEqual([])
    expect(['growth', 'inconclusive']).toContain(result.verdicts.whole.status)
    for (const verdict of result.verdicts.byPid.values()) expect(verdict.status).not.toBe('leak')
    for (const finding of result.loud) {
      expect(finding.measures.quantity).toBe('address-space')
      expect(finding.confidence).toBeLessThanOrEqual(50)
    }
  })
})

const everySecond = (snapshots: readonly ReadSnapshot[]) => snapshots.filter((_, index) => index % 2 === 0)
const firstHalf = (snapshots: readonly ReadSnapshot[]) => snapshots.slice(0, Math.ceil(snapshots.length / 2))
const firstFive = (snapshots: readonly ReadSnapshot[]) => snapshots.slice(0, 5)
const fiveSpread = (snapshots: readonly ReadSnapshot[]) =>
  [0, 1, 2, 3, 4].map((part) => snapshots[Math.floor((part * (snapshots.length - 1)) / 4)]!)

/** Evidence is missing: less may be said, nothing false. A leaking process is never called healthy. */
zoo.each([
  ['every second snapshot', everySecond],
  ['the first half', firstHalf],
  ['the first five snapshots', firstFive],
  ['five snapshots over the whole time', fiveSpread],
] as const)('with %s', (_, snapshots) => {
  it.each(cases)('%s', async (name) => {
    for (const files of [() => true, (file: EvidenceFile) => !isTraceFile(file)]) {
      const result = await judgeCase(name, { files, snapshots })
      expect(falseAlarms(name, result)).toEqual([])
      expect(wrongCulprits(name, result)).toEqual([])
      const { status } = result.verdicts.whole
      if (truthOf(name).causes.length === 0) expect(['healthy', 'inconclusive']).toContain(status)
      else expect(status).not.toBe('healthy')
    }
  })
})

zoo('with every second snapshot', () => {
  it.each(cases)('%s still has every cause', async (name) => {
    expect(causesFound(name, await judgeCase(name, { snapshots: everySecond }))).not.toContain(undefined)
  })
})

zoo('with five snapshots', () => {
  it.each(cases)('%s is never a leak', async (name) => {
    const result = await judgeCase(name, { snapshots: firstFive })
    for (const verdict of result.verdicts.byPid.values())
      expect(['growth', 'inconclusive']).toContain(verdict.status)
  })
})

zoo('what is said of a cause', () => {
  const summaryOf = async (name: string) => {
    const [finding] = causesFound(name, await judgeCase(name))
    return finding!.summary.en
  }

  it('counts what the thread keeps by all its calls, not by the usual one alone (d08)', async () => {
    expect(await summaryOf('d08-file-mapping-leak')).toContain(
      '18 of its 18 mappings of 64–256 KiB in the traced 1 min 50 s were never released (2.77 MiB); with those of its other calls 27 (4.27 MiB).',
    )
  })

  it('counts all mappings that grew, listed or not (d04, d08)', async () => {
    for (const [name, all] of [
      ['d04-thread-stack-leak', 38],
      ['d08-file-mapping-leak', 62],
    ] as const) {
      const [finding] = causesFound(name, await judgeCase(name))
      expect(finding!.regions).toHaveLength(16)
      expect(finding!.regionsOmitted).toBe(all - 16)
    }
  })

  // The stacks of the first snapshot have 144 KiB resident, those of the last 1,240 KiB.
  it('tells how much the resident memory of stacks changed as the snapshots show it (d14)', async () => {
    expect(await summaryOf('d14-stack-cache')).toContain('resident memory of stacks changed by +1.07 MiB')
  })
})
