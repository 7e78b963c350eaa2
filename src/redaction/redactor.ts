import type { EvidenceFormat } from '../model/evidence.ts'
import { Keeper } from './keeper.ts'
import type { RedactionKey } from './key.ts'
import { type LineRedactor, lineRedactor } from './line-redactor.ts'
import { anonymousName, mappingName } from './mapping-name.ts'
import { redactEvidencePath, redactName, redactPath } from './paths.ts'
import { redactPeerOrPath } from './peers.ts'
import type { RedactionCount, RedactionPolicy } from './policy.ts'
import { redactNativeFrame, redactSideLine } from './side-line.ts'
import { SideLines } from './side-lines.ts'
import { redactPmapLine, redactSnapshotLine } from './snapshot-line.ts'
import { redactEvent, redactFrame, redactStraceLine } from './strace-line.ts'
import { redactText } from './text.ts'
import { keepCallWords } from './words.ts'

/**
 * The one place that decides what of the evidence may be shown or stored. Equal stays equal: the same secret becomes
 * the same token everywhere in a run, and a token is left as it is, so that redacting twice changes nothing.
 * Addresses of memory, sizes, times, call names, errors and kinds of mappings always survive.
 */
export interface Redactor {
  readonly policy: RedactionPolicy
  /** One line of evidence without its newline, Unicode text. */
  line(line: string, format: EvidenceFormat): string
  /** `line` for bytes read as latin1. */
  rawLine(line: string, format: EvidenceFormat): string
  /** For one whole file of this path in the capture, as bytes; `null` when nothing is redacted. */
  lines(format: EvidenceFormat, path: string): LineRedactor | null
  /** The name column of a mapping. */
  mappingName(name: string): string
  /** A path on the captured host. */
  path(path: string): string
  /** A file's path inside the capture: pid, tid, stamp and kind stay readable. */
  evidencePath(path: string): string
  /** The name that prctl(PR_SET_VMA) gives to a mapping. */
  memoryName(name: string): string
  /** What a descriptor stands for: a file's path or the peer of a connection. */
  peerOrPath(text: string): string
  /** Stack frames of `-k`, joined by newline. */
  stack(frames: string): string
  /** A frame as gdb prints it: symbol, file, line. */
  nativeFrame(frame: string): string
  /** Name of a thread, or of a program without its folder. */
  name(name: string): string
  /** A word among the flags of a call. */
  flag(text: string): string
  /** Whether something in the text was replaced before. */
  holdsToken(text: string): boolean
  /** What strace says of a signal; with -Y the sender's name stands in it. */
  signal(text: string): string
  /** Any other text that comes from evidence: titles, signals, stacks, kernel messages. */
  text(text: string): string
  /** What this redactor replaced so far, by rule. */
  counts(): RedactionCount[]
  /** Counts on from what `counts()` gave once: what was written since is thrown away. */
  recount(counts: readonly RedactionCount[]): void
  /** Token → original, for the map that never goes into the bundle. */
  map(): ReadonlyMap<string, string>
}

const LINE_BY_FORMAT: Record<EvidenceFormat, (line: string, keeper: Keeper) => string> = {
  smaps: redactSnapshotLine,
  'smaps-rollup': redactSnapshotLine,
  maps: redactSnapshotLine,
  pmap: redactPmapLine,
  'empty-snapshot': redactSnapshotLine,
  'strace-log': redactStraceLine,
  'strace-summary': redactStraceLine,
  'side-evidence': redactSideLine,
  unknown: redactSideLine,
}

const same = (text: string): string => text

/**
 * `remember` keeps what was replaced in memory, for `map`. Without a key the tokens of two runs agree, and with them anyone can test a guess: give one for real evidence.
 */
export function createRedactor(
  policy: RedactionPolicy,
  key: RedactionKey = () => new Uint8Array(32),
  remember = false,
): Redactor {
  if (policy === 'none')
    return {
      policy,
      line: same,
      rawLine: same,
      lines: () => null,
      mappingName: same,
      path: same,
      evidencePath: same,
      memoryName: same,
      peerOrPath: same,
      stack: same,
      nativeFrame: same,
      name: same,
      flag: same,
      holdsToken: () => false,
      signal: same,
      text: same,
      counts: () => [],
      recount: () => {},
      map: () => new Map(),
    }
  const keeper = new Keeper(policy, key, remember)
  const wholeFile = (format: EvidenceFormat, path: string): ((line: string) => string) => {
    if (format !== 'side-evidence') return (line) => LINE_BY_FORMAT[format](line, keeper)
    const lines = new SideLines(keeper, path)
    return (line) => lines.line(line)
  }
  const unicode = (change: (text: string, keeper: Keeper) => string) => (text: string) =>
    onBytes(text, (bytes) => change(bytes, keeper))
  return {
    policy,
    line: (line, format) => onBytes(line, (bytes) => LINE_BY_FORMAT[format](bytes, keeper)),
    rawLine: (line, format) => LINE_BY_FORMAT[format](line, keeper),
    lines: (format, path) => lineRedactor(format, keeper, wholeFile(format, path)),
    mappingName: unicode(mappingName),
    path: unicode(redactPath),
    evidencePath: unicode(redactEvidencePath),
    memoryName: unicode(anonymousName),
    peerOrPath: unicode(redactPeerOrPath),
    nativeFrame: unicode(redactNativeFrame),
    stack: unicode((frames, keeper) =>
      frames
        .split('\n')
        .map((frame) => redactFrame(frame, keeper))
        .join('\n'),
    ),
    name: unicode(redactName),
    flag: unicode((text, keeper) => keepCallWords(redactText(text, keeper), keeper)),
    holdsToken: (text) => keeper.holdsToken(text),
    signal: unicode(redactEvent),
    text: unicode(redactText),
    counts: () => keeper.counts(),
    recount: (counts) => keeper.recount(counts),
    map: () => keeper.map(),
  }
}

/** Rules work on bytes written as latin1, so that text and raw bytes of one secret give one token. */
function onBytes(text: string, change: (bytes: string) => string): string {
  if (/^[\0-\x7f]*$/.test(text)) return change(text)
  const bytes = Buffer.from(text, 'utf8').toString('latin1')
  const changed = change(bytes)
  return changed === bytes ? text : Buffer.from(changed, 'latin1').toString('utf8')
}
