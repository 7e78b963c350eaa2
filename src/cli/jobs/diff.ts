import { StringTable } from '../../base/string-table.ts'
import { discover } from '../../evidence/discover.ts'
import { DIAGNOSTIC_CATALOGUE } from '../../model/diagnostic-catalogue.ts'
import { Diagnostics } from '../../model/diagnostics.ts'
import { SNAPSHOT_FORMATS } from '../../model/evidence.ts'
import type { ReadSnapshot } from '../../model/snapshot.ts'
import { SnapshotNames } from '../../redaction/names.ts'
import { REDACTION_POLICIES } from '../../redaction/policy.ts'
import { createRedactor } from '../../redaction/redactor.ts'
import { readSnapshots } from '../../smaps/read-snapshots.ts'
import { diffSnapshots } from '../../timeline/diff.ts'
import type { Arguments, Surroundings } from '../commands/command.ts'
import { diffLines } from '../diff-table.ts'
import { EXIT, type ExitStatus, UsageError } from '../exit-status.ts'
import { type ColorChoice, shown, wantsColor } from '../terminal.ts'
import { parseChoice, pathGiven } from '../values.ts'

/** Reads both files and prints the difference. Throws UsageError when a file is no single snapshot. */
export async function runDiff(
  given: Arguments,
  { environment, terminal }: Surroundings,
): Promise<ExitStatus> {
  const word = (name: string, usual: string): string => {
    if (Array.isArray(given[name])) throw new UsageError(`--${name} is given twice`)
    return String(given[name] ?? usual)
  }
  const policy = parseChoice(word('redact', 'standard'), '--redact', REDACTION_POLICIES)
  const color = parseChoice<ColorChoice>(word('color', 'auto'), '--color', ['auto', 'always', 'never'])
  const strings = new StringTable()
  const names = new SnapshotNames(strings, createRedactor(policy))
  const diagnostics = new Diagnostics()
  const before = names.show(await readOne(pathGiven(given.before), strings, diagnostics))
  const after = names.show(await readOne(pathGiven(given.after), strings, diagnostics))
  for (const line of diffLines(diffSnapshots(before, after), wantsColor(color, environment, process.stdout)))
    terminal.result(line)
  for (const { code, file, line, message, severity } of diagnostics.list())
    if (severity !== 'info')
      terminal.note(
        shown(
          `${file}${line === null ? '' : `:${line}`}: ${message.en}. ${DIAGNOSTIC_CATALOGUE[code].remedy.en}`,
        ),
      )
  return EXIT.done
}

async function readOne(path: string, strings: StringTable, diagnostics: Diagnostics): Promise<ReadSnapshot> {
  const { files, skipped } = await discover([path], diagnostics)
  const [file] = files
  if (!file) throw new UsageError(`${path}: ${skipped[0]?.reason ?? 'nothing to read'}`)
  if (files.length > 1) throw new UsageError(`${path}: holds ${files.length} files; diff takes one snapshot`)
  if (!SNAPSHOT_FORMATS.includes(file.format))
    throw new UsageError(`${path}: taken for ${file.format} (${file.why}), not for a snapshot of memory`)
  const [snapshot, second] = await readSnapshots(file, strings, diagnostics)
  if (!snapshot) throw new UsageError(`${path}: no snapshot of memory in it`)
  if (second) throw new UsageError(`${path}: holds several snapshots; diff takes one`)
  return snapshot
}
