/**
 * report.json: the document that every rendering is a pure function of. The contract's fields keep their names
 * and types for ever; others may be added. One source for the type and the JSON Schema.
 *
 * Bytes are integers, addresses `0x` hex strings, times ISO 8601 in the captured host's own clock without offset,
 * unknown is `null`. Lists with a budget carry how many entries were left out in `omitted`.
 */
import { z } from 'zod'
import { MECHANISMS } from '../model/attribution.ts'
import { SEVERITIES } from '../model/finding.ts'
import { KINDS } from '../model/mapping-kind.ts'
import { LANGUAGES } from '../model/sentence.ts'

const bytes = z.int()
const nullableBytes = z.int().nullable()
const address = z.string().regex(/^0x[0-9a-f]+$/)
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/)
const confidence = z.number().min(0).max(100)

const evidenceReference = z.object({
  file: z.string(),
  firstLine: z.int(),
  lastLine: z.int(),
  /** The lines themselves after redaction, as far as the excerpt budget goes; `null` beyond it, none of a whole file. */
  lines: z.array(z.string()).nullable(),
})

const range = z.object({ start: address, end: address })
const amounts = z.object({
  sizeBytes: bytes,
  rssBytes: nullableBytes,
  pssBytes: nullableBytes,
  ussBytes: nullableBytes,
  swapBytes: nullableBytes,
  anonymousBytes: nullableBytes,
  privateDirtyBytes: nullableBytes,
  anonHugePagesBytes: nullableBytes,
  ranges: z.int(),
})

const trend = z.object({
  quantity: z.string(),
  shape: z.enum(['growing', 'saturating', 'step', 'sawtooth', 'plateau', 'shrinking', 'too-short']),
  bytesPerHour: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  grownBytes: z.number(),
  samples: z.int(),
  from: time,
  to: time,
  onset: time.nullable(),
  noiseBytes: z.number(),
  detectionLimitBytes: z.number(),
  reason: z.string(),
})

const verdict = z.object({
  status: z.enum(['leak', 'growth', 'healthy', 'inconclusive']),
  confidence,
  summary: z.string(),
  reason: z.string(),
  /** Up to three numbers for the first screen. */
  numbers: z.array(z.object({ value: z.string(), label: z.string() })),
  next: z.object({ command: z.string().nullable(), text: z.string() }).nullable(),
})

const change = z.object({
  kind: z.enum([
    'appeared',
    'grew',
    'shrank',
    'split',
    'merged',
    'reprotected',
    'moved',
    'unmapped',
    'touched',
  ]),
  region: z.object({ start: address, end: address, kind: z.enum(KINDS), name: z.string() }),
  lineage: z.string(),
  sizeDelta: z.int(),
  rssDelta: z.int().nullable(),
  line: z.int(),
})

const snapshotPair = z.object({
  pid: z.int(),
  from: time,
  to: time,
  fromFile: z.string(),
  toFile: z.string(),
  changes: z.array(change),
  omitted: z.int(),
})

const activity = z.object({
  mechanism: z.enum(MECHANISMS),
  sequence: z.array(z.string()),
  text: z.string(),
  smallestBytes: bytes,
  largestBytes: bytes,
  count: z.int(),
  bytes,
  released: z.int(),
  releasedBytes: bytes,
  medianLifetimeSeconds: z.number().nullable(),
  longestLifetimeSeconds: z.number().nullable(),
  never: z.int(),
  neverBytes: bytes,
  oldestAgeSeconds: z.number().nullable(),
  evidence: z.array(evidenceReference),
})

const thread = z.object({
  pid: z.int(),
  tid: z.int(),
  name: z.string().nullable(),
  nameSource: z.string(),
  role: z.string(),
  createdBy: z.int().nullable(),
  createdAt: time.nullable(),
  endedAt: time.nullable(),
  stack: z
    .object({ frames: z.array(z.string()), file: z.string(), line: z.int() })
    .nullable()
    .default(null),
  traced: z.boolean(),
  memory: z.object({
    mmapBytes: bytes,
    munmapBytes: bytes,
    brkBytes: bytes,
    brkUpBytes: bytes,
    brkDownBytes: bytes,
    mprotectBytes: bytes,
    mremapBytes: bytes,
    netBytes: bytes,
    liveBytes: bytes,
  }),
  syscalls: z.array(
    z.object({ name: z.string(), calls: z.int(), errors: z.int(), seconds: z.number().nullable() }),
  ),
  doing: z.array(activity),
  callsOverTime: z.array(z.object({ from: time.nullable(), calls: z.int() })),
  liveOverTime: z.array(z.object({ at: time.nullable(), bytes })),
  ages: z.array(z.object({ upToSeconds: z.number(), count: z.int(), bytes })),
})

const finding = z.object({
  ruleId: z.string(),
  fingerprint: z.string(),
  severity: z.enum(SEVERITIES),
  confidence,
  confidenceCap: z.string().nullable(),
  pid: z.int(),
  program: z.string().nullable(),
  mechanism: z.enum(MECHANISMS),
  title: z.string(),
  summary: z.string(),
  why: z.string(),
  action: z.string(),
  captureHint: z.string().nullable(),
  captureSettles: z.string().nullable(),
  measures: z
    .object({
      quantity: z.enum(['resident', 'address-space']),
      grownBytes: nullableBytes,
      bytesPerHour: z.number().nullable(),
      bytesPerHourLow: z.number().nullable(),
      bytesPerHourHigh: z.number().nullable(),
      onset: time.nullable(),
      from: time.nullable(),
      to: time.nullable(),
      limitBytes: nullableBytes,
      limitAt: time.nullable(),
      limitAtEarliest: time.nullable(),
      limitAtLatest: time.nullable(),
    })
    .catchall(z.union([z.number(), z.string(), z.null()]))
    .describe(
      'Rules add their own; a key ends in its unit. ...Share is 0..1, but for callsExplainShare, which exceeds 1 where the calls add more than the snapshots show: address space that is not all touched, or a rate in the trace above the average.',
    ),
  threads: z.array(
    z.object({ tid: z.int(), name: z.string().nullable(), bytes, share: z.number().min(0).max(1) }),
  ),
  culprit: z
    .object({ tid: z.int(), name: z.string().nullable(), certainty: z.enum(['certain', 'likely']) })
    .nullable(),
  culpritReason: z.string(),
  regions: z.array(z.object({ start: address, end: address, kind: z.enum(KINDS), name: z.string() })),
  regionsOmitted: z.int().default(0),
  lineages: z.array(z.string()),
  evidence: z.array(evidenceReference),
})

export const reportDocument = z.object({
  schemaVersion: z.literal('1.0'),
  tool: z.object({ name: z.literal('memdossier'), version: z.string() }),
  language: z.enum(LANGUAGES),
  capture: z.object({
    name: z.string(),
    from: time.nullable(),
    to: time.nullable(),
    limitBytes: nullableBytes,
    limitSource: z.enum(['option', 'evidence']).nullable(),
  }),
  verdict,
  processes: z.array(
    z.object({
      pid: z.int(),
      program: z.string().nullable(),
      executable: z.string().nullable(),
      restartOf: z.int().nullable(),
      samples: z.int(),
      firstSample: time.nullable(),
      lastSample: time.nullable(),
      segments: z.array(
        z.object({
          from: time,
          to: time,
          samples: z.int(),
          trends: z.array(trend),
          byKind: z.array(z.object({ kind: z.enum(KINDS), trends: z.array(trend) })),
        }),
      ),
      totals: z.object({
        first: amounts.nullable(),
        last: amounts.nullable(),
        /** Over all snapshots, whether `snapshots` has room for them or not. */
        highest: z
          .object({ rssBytes: nullableBytes, ranges: z.int().nullable() })
          .default({ rssBytes: null, ranges: null }),
      }),
      verdict,
      allocator: z.object({ name: z.string(), basis: z.string() }).nullable(),
    }),
  ),
  events: z.array(
    z.object({
      kind: z.string(),
      pid: z.int().nullable(),
      from: time.nullable(),
      to: time.nullable(),
      text: z.string(),
      evidence: z.array(evidenceReference),
    }),
  ),
  snapshots: z.array(
    z.object({
      pid: z.int(),
      time,
      file: z.string(),
      vmaCount: z.int(),
      anonymousVmaCount: z.int(),
      sizeBytes: bytes,
      rssBytes: nullableBytes,
      pssBytes: nullableBytes,
      ussBytes: nullableBytes,
      swapBytes: nullableBytes,
      heapBytes: bytes,
      truncated: z.boolean(),
      byKind: z.array(
        z.object({
          kind: z.enum(KINDS),
          sizeBytes: bytes,
          rssBytes: nullableBytes,
          ranges: z.int(),
        }),
      ),
    }),
  ),
  timeline: z.array(snapshotPair),
  firstToLast: z.array(snapshotPair),
  lineages: z.array(
    z.object({
      id: z.string(),
      pid: z.int(),
      kind: z.enum(KINDS),
      kindBasis: z.enum(['name', 'layout', 'guess']),
      name: z.string(),
      segment: z.int(),
      regions: z.array(
        z.object({
          time,
          start: address,
          end: address,
          sizeBytes: bytes,
          rssBytes: nullableBytes,
          ranges: z.int(),
        }),
      ),
      trend,
      sizeTrend: trend,
    }),
  ),
  threads: z.array(thread),
  traces: z.array(
    z.object({
      name: z.string(),
      pids: z.array(z.int()),
      form: z.enum(['per-thread', 'interleaved', 'single']),
      from: time.nullable(),
      to: time.nullable(),
      threads: z.int(),
      untracedThreads: z.int().nullable(),
      files: z.array(z.object({ path: z.string(), tid: z.int().nullable(), lines: z.int(), bytes })),
      calls: z.int(),
      memoryCalls: z.int(),
      conflicts: z.int(),
      order: z.enum(['effect', 'entry']),
      hasDurations: z.boolean(),
      hasStacks: z.boolean(),
      hasDescriptorNames: z.boolean(),
      coverage: z.enum(['all', 'memory', 'some']),
      clock: z.object({ basis: z.string(), reason: z.string() }),
      notes: z.array(z.string()),
    }),
  ),
  summaries: z.array(
    z.object({
      file: z.string(),
      title: z.string().nullable(),
      rows: z.array(
        z.object({
          name: z.string(),
          calls: z.number().nullable(),
          errors: z.number().nullable(),
          seconds: z.number().nullable(),
          percent: z.number().nullable(),
          line: z.int(),
        }),
      ),
    }),
  ),
  descriptors: z.array(z.object({ pid: z.int(), fd: z.int(), meaning: z.string(), source: z.string() })),
  accounts: z.array(
    z.object({
      pid: z.int(),
      trace: z.string(),
      mechanism: z.enum(MECHANISMS),
      subject: z.string(),
      from: time.nullable(),
      to: time.nullable(),
      acquiredBytes: bytes,
      releasedBytes: bytes,
      liveBytes: bytes,
      bytesPerHour: z.number().nullable(),
      shares: z.array(
        z.object({
          tid: z.int(),
          acquiredBytes: bytes,
          releasedBytes: bytes,
          liveBytes: bytes,
          calls: z.int(),
          liveCount: z.int(),
          share: z.number(),
        }),
      ),
      culprit: z.object({ tid: z.int(), certainty: z.enum(['certain', 'likely']) }).nullable(),
      culpritReason: z.string(),
      regions: z.array(range),
      evidence: z.array(evidenceReference),
    }),
  ),
  owners: z.array(
    z.object({
      pid: z.int(),
      start: address,
      end: address,
      tid: z.int(),
      mechanism: z.enum(MECHANISMS),
      at: time.nullable(),
      file: z.string(),
      line: z.int(),
      stack: z.string().nullable(),
    }),
  ),
  reconciliation: z.array(
    z.object({
      pid: z.int(),
      trace: z.string(),
      from: time,
      to: time,
      fromFile: z.string(),
      toFile: z.string(),
      tracedBytes: bytes,
      ownedBytes: bytes,
      unexplainedBytes: bytes,
      absentBytes: bytes,
      changedPages: z.int(),
      differingPages: z.int(),
      conflicts: z.int(),
      agreement: z.number().min(0).max(1),
      reasons: z.array(z.string()),
    }),
  ),
  findings: z.array(finding),
  /**
   * Of those that claim growth and for which `findings` has no room, one a fingerprint that is not among them; absent
   * without any. Gates and baselines count them.
   */
  furtherFindings: z
    .array(finding.pick({ ruleId: true, fingerprint: true, severity: true, pid: true, program: true }))
    .optional(),
  /**
   * How fast the findings grow for which `findings` has no room: of each fingerprint, also of one that is among them, the
   * most of each bound; absent without any. Gates hold it against a baseline.
   */
  furtherGrowth: z
    .array(
      z.object({
        ruleId: z.string(),
        fingerprint: z.string(),
        bytesPerHour: z.number(),
        bytesPerHourLow: z.number(),
        bytesPerHourHigh: z.number(),
      }),
    )
    .optional(),
  rules: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      outcome: z.enum(['found', 'clear', 'not-applicable', 'failed']),
      reason: z.string(),
      thresholds: z.array(z.object({ name: z.string(), value: z.string(), because: z.string() })),
    }),
  ),
  gates: z.array(
    z.object({ name: z.string(), expected: z.string(), found: z.string(), passed: z.boolean() }),
  ),
  baseline: z
    .object({
      file: z.string(),
      added: z.array(z.string()),
      fixed: z.array(z.string()),
      persisting: z.array(z.string()),
      /** Of findings that only inform, those that the earlier report has not; absent without any. */
      addedInfo: z.array(z.string()).optional(),
    })
    .nullable(),
  /** Expected findings of the configuration that are among `findings`, while their day lasts; absent without any. */
  accepted: z
    .array(z.object({ fingerprint: z.string(), until: z.string().nullable(), reason: z.string() }))
    .optional(),
  diagnostics: z.array(
    z.object({
      code: z.string(),
      severity: z.enum(['info', 'data-loss', 'error']),
      file: z.string(),
      line: z.int().nullable(),
      message: z.string(),
      remedy: z.string(),
      count: z.int(),
    }),
  ),
  inputs: z.array(
    z.object({ path: z.string(), kind: z.string(), bytes, sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
  skipped: z.array(z.object({ path: z.string(), reason: z.string(), bytes })),
  redaction: z.object({
    policy: z.enum(['standard', 'strict', 'none']),
    rules: z.array(z.object({ rule: z.string(), count: z.int() })),
  }),
  /** Lists that were cut to their budget, biggest entries kept. */
  omitted: z.record(z.string(), z.int()),
})

export type ReportDocument = z.infer<typeof reportDocument>
export type ReportFinding = z.infer<typeof finding>
export type FurtherFinding = NonNullable<ReportDocument['furtherFindings']>[number]
export type FurtherGrowth = NonNullable<ReportDocument['furtherGrowth']>[number]
export type ReportThread = z.infer<typeof thread>
export type ReportVerdict = z.infer<typeof verdict>
export type ReportTrend = z.infer<typeof trend>
export type ReportEvidence = z.infer<typeof evidenceReference>
