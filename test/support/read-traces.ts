import type { Diagnostics } from '../../src/model/diagnostics.ts'
import type { EvidenceFile } from '../../src/model/evidence.ts'
import { ALONE } from '../../src/strace/reading.ts'
import { TraceReading } from '../../src/strace/trace-reading.ts'

/** Reads all strace logs and `-c` tables among the files. */
export async function readTraces(
  files: readonly EvidenceFile[],
  diagnostics: Diagnostics,
  reading = ALONE,
): ReturnType<TraceReading['finish']> {
  const logs = await TraceReading.begin(files, reading)
  try {
    return await logs.finish(diagnostics)
  } finally {
    await logs.stop()
  }
}
