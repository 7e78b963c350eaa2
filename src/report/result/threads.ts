/** Threads, traces and what the replay says: the part of the document that strace gives. */
import type { Activity, ThreadAttribution } from '../../model/attribution.ts'
import type { Sentence } from '../../model/sentence.ts'
import type { ReportDocument, ReportThread } from '../document.ts'
import type { ReportInput } from '../input.ts'
import { finite, seconds, type Writer, wholeOrZero } from './writer.ts'

type ReportActivity = ReportThread['doing'][number]

function activityOf(activity: Activity, write: Writer): ReportActivity {
  return {
    mechanism: activity.mechanism,
    sequence: activity.sequence.map((step) => write.redaction.text(step)),
    text: write.say(activity.text),
    smallestBytes: wholeOrZero(activity.smallest),
    largestBytes: wholeOrZero(activity.largest),
    count: activity.count,
    bytes: wholeOrZero(activity.bytes),
    released: activity.released,
    releasedBytes: wholeOrZero(activity.releasedBytes),
    medianLifetimeSeconds: seconds(activity.medianLifetime),
    longestLifetimeSeconds: seconds(activity.longestLifetime),
    never: activity.never,
    neverBytes: wholeOrZero(activity.neverBytes),
    oldestAgeSeconds: seconds(activity.oldestAge),
    evidence: write.evidence(activity.references),
  }
}

/** Those that hold most first; then those that moved most. */
const byWeight = (a: ThreadAttribution, b: ThreadAttribution): number =>
  b.memory.liveBytes - a.memory.liveBytes || moved(b) - moved(a) || a.pid - b.pid || a.tid - b.tid

const moved = (thread: ThreadAttribution): number =>
  thread.memory.mmapBytes + thread.memory.brkUpBytes + thread.memory.mremapBytes + thread.memory.mprotectBytes

export function threadsOf(input: ReportInput, write: Writer): ReportThread[] {
  const sorted = [...input.facts.attribution.threads].sort(byWeight)
  return write.omissions.cut('threads', sorted).map((thread) => ({
    pid: thread.pid,
    tid: thread.tid,
    name: write.nameOrNull(thread.name),
    nameSource: thread.nameSource,
    role: write.say(thread.role),
    createdBy: thread.createdBy,
    createdAt: write.timeOrNull(thread.createdAt),
    endedAt: write.timeOrNull(thread.endedAt),
    stack: stackOf(input, thread.tid, write),
    traced: thread.traced,
    memory: mapValues(thread.memory),
    syscalls: write.omissions.cut('threads.syscalls', thread.syscalls).map((call) => ({
      name: call.name,
      calls: call.calls,
      errors: call.errors,
      seconds: finite(call.seconds),
    })),
    doing: write.omissions
      .cut('threads.doing', thread.activities)
      .map((activity) => activityOf(activity, write)),
    callsOverTime: thread.callsOverTime.map(({ from, calls }) => ({ from: write.timeOrNull(from), calls })),
    liveOverTime: thread.liveOverTime.map(({ at, bytes }) => ({
      at: write.timeOrNull(at),
      bytes: wholeOrZero(bytes),
    })),
    ages: thread.ages.map((age) => ({ ...age, bytes: wholeOrZero(age.bytes) })),
  }))
}

/** The last stack that a dump beside the trace shows of a thread: where it was at that moment. */
function stackOf(input: ReportInput, tid: number, write: Writer): ReportThread['stack'] {
  const dumped = input.facts.side.stacks.findLast((stack) => stack.tid === tid)
  return dumped
    ? {
        frames: write.omissions
          .cut('threads.stack', dumped.frames)
          .map((frame) => write.redaction.text(frame)),
        file: write.path(dumped.reference.file),
        line: dumped.reference.firstLine,
      }
    : null
}

const mapValues = (memory: ThreadAttribution['memory']): ReportThread['memory'] => ({
  mmapBytes: wholeOrZero(memory.mmapBytes),
  munmapBytes: wholeOrZero(memory.munmapBytes),
  brkBytes: wholeOrZero(memory.brkBytes),
  brkUpBytes: wholeOrZero(memory.brkUpBytes),
  brkDownBytes: wholeOrZero(memory.brkDownBytes),
  mprotectBytes: wholeOrZero(memory.mprotectBytes),
  mremapBytes: wholeOrZero(memory.mremapBytes),
  netBytes: wholeOrZero(memory.netBytes),
  liveBytes: wholeOrZero(memory.liveBytes),
})

/** What holds in single places of the log need not hold in the replay of all its calls. */
const yetContradicted = ({ en, zh }: Sentence): Sentence => ({
  en: `${en}; but the replay of its calls contradicts them`,
  zh: `${zh}；但其调用的重放与快照相矛盾`,
})

export function tracesOf(input: ReportInput, write: Writer): ReportDocument['traces'] {
  const { attribution, clocks, traces } = input.facts
  const contradicted = new Set(attribution.contradictions.map(({ trace }) => trace))
  return write.omissions.cut('traces', traces).map((trace) => {
    const window = attribution.windows.find((entry) => entry.trace === trace.name)
    const clock = clocks.find((entry) => entry.trace === trace.name)
    return {
      name: write.path(trace.name),
      pids: window ? [...window.pids] : [],
      form: trace.form,
      from: write.timeOrNull(window?.from ?? null),
      to: write.timeOrNull(window?.to ?? null),
      threads: window?.threads ?? 0,
      untracedThreads: window?.untracedThreads ?? null,
      files: write.omissions
        .cut('traces.files', trace.files)
        .map(({ path, tid, lines, bytes }) => ({ path: write.path(path), tid, lines, bytes })),
      calls: trace.calls,
      memoryCalls: window?.events ?? 0,
      conflicts: window?.conflicts ?? 0,
      order: window?.order ?? 'entry',
      hasDurations: trace.hasDurations,
      hasStacks: trace.hasStacks,
      hasDescriptorNames: trace.hasDescriptorNames,
      coverage: trace.coverage,
      clock: {
        basis: clock?.basis ?? 'none',
        reason: clock
          ? write.say(contradicted.has(trace.name) ? yetContradicted(clock.reason) : clock.reason)
          : '',
      },
      notes: window ? window.notes.map((note) => write.say(note)) : [],
    }
  })
}

export function accountsOf(input: ReportInput, write: Writer): ReportDocument['accounts'] {
  const sorted = [...input.facts.attribution.accounts].sort(
    (a, b) => b.liveBytes - a.liveBytes || b.acquiredBytes - a.acquiredBytes || a.pid - b.pid,
  )
  return write.omissions.cut('accounts', sorted).map((account) => ({
    pid: account.pid,
    trace: write.path(account.trace),
    mechanism: account.mechanism,
    subject: write.path(account.subject),
    from: write.timeOrNull(account.from),
    to: write.timeOrNull(account.to),
    acquiredBytes: wholeOrZero(account.acquiredBytes),
    releasedBytes: wholeOrZero(account.releasedBytes),
    liveBytes: wholeOrZero(account.liveBytes),
    bytesPerHour: finite(account.bytesPerHour),
    shares: write.omissions.cut('accounts.shares', account.shares).map((share) => ({
      tid: share.tid,
      acquiredBytes: wholeOrZero(share.acquiredBytes),
      releasedBytes: wholeOrZero(share.releasedBytes),
      liveBytes: wholeOrZero(share.liveBytes),
      calls: share.calls,
      liveCount: share.liveCount,
      share: share.share,
    })),
    culprit: account.culprit ? { tid: account.culprit.tid, certainty: account.culprit.certainty } : null,
    culpritReason: write.say(account.culpritReason),
    regions: account.regions.map((region) => write.range(region)),
    evidence: write.evidence(account.references),
  }))
}

export function ownersOf(input: ReportInput, write: Writer): ReportDocument['owners'] {
  return write.omissions.cut('owners', input.facts.attribution.owners).map((owner) => ({
    pid: owner.pid,
    start: write.address(owner.start),
    end: write.address(owner.end),
    tid: owner.tid,
    mechanism: owner.mechanism,
    at: write.timeOrNull(owner.at),
    file: write.path(owner.reference.file),
    line: owner.reference.firstLine,
    stack: owner.stack === null ? null : write.redaction.text(owner.stack),
  }))
}

/** Where replay and snapshots differ most goes before what agrees. */
export function reconciliationOf(input: ReportInput, write: Writer): ReportDocument['reconciliation'] {
  const { replays } = input.facts.attribution
  const told = write.omissions.keep('reconciliation', replays, () =>
    [...replays].sort((a, b) => b.differingPages - a.differingPages || b.conflicts - a.conflicts),
  )
  return told.map((replay) => ({
    pid: replay.pid,
    trace: write.path(replay.trace),
    from: write.time(replay.from),
    to: write.time(replay.to),
    fromFile: write.path(replay.fromFile),
    toFile: write.path(replay.toFile),
    tracedBytes: wholeOrZero(replay.tracedBytes),
    ownedBytes: wholeOrZero(replay.ownedBytes),
    unexplainedBytes: wholeOrZero(replay.unexplainedBytes),
    absentBytes: wholeOrZero(replay.absentBytes),
    changedPages: wholeOrZero(replay.changedPages),
    differingPages: wholeOrZero(replay.differingPages),
    conflicts: replay.conflicts,
    agreement: Math.min(1, Math.max(0, replay.agreement)),
    reasons: replay.reasons.map((reason) => write.say(reason)),
  }))
}

export function descriptorsOf(input: ReportInput, write: Writer): ReportDocument['descriptors'] {
  return write.omissions.cut('descriptors', input.facts.attribution.descriptors).map((descriptor) => ({
    ...descriptor,
    meaning: write.redaction.text(descriptor.meaning),
  }))
}

export function summariesOf(input: ReportInput, write: Writer): ReportDocument['summaries'] {
  return write.omissions.cut('summaries', input.facts.summaries).map((table) => ({
    file: write.path(table.file),
    title: table.title === null ? null : write.redaction.text(table.title),
    rows: table.rows.map((row) => ({ ...row })),
  }))
}
