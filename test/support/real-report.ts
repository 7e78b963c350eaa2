/** Documents from real captures, without the command around them: what the page has to show in earnest. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { discover } from '../../src/evidence/discover.ts'
import { RULES } from '../../src/findings/rules/index.ts'
import { runRules } from '../../src/findings/run-rules.ts'
import { judge } from '../../src/findings/verdict.ts'
import { DIAGNOSTIC_CATALOGUE } from '../../src/model/diagnostic-catalogue.ts'
import { Diagnostics } from '../../src/model/diagnostics.ts'
import type { Language } from '../../src/model/sentence.ts'
import type { ReportDocument } from '../../src/report/document.ts'
import { buildReport } from '../../src/report/result.ts'
import { NO_REDACTION } from './no-redaction.ts'
import { factsOf, ZOO } from './zoo.ts'

const ROOT = resolve(import.meta.dirname, '../..')

export const sampleFolder = (name: string): string => join(ROOT, 'samples/captures', name)
export const zooFolder = (name: string): string => join(ZOO, name, 'evidence')
export const HAS_ZOO = existsSync(ZOO)

/** The document of a folder of evidence. Version and hashes are made up, so that it only changes with the analysis. */
export async function reportOf(folder: string, language: Language = 'en'): Promise<ReportDocument> {
  const diagnostics = new Diagnostics()
  const capture = await discover([folder], diagnostics)
  const facts = await factsOf(capture.files)
  const results = runRules(facts)
  return buildReport({
    version: '0.0.0',
    language,
    captureName: capture.name,
    facts,
    results,
    rules: RULES.map((rule) => ({
      id: rule.id,
      title: rule.words.title,
      thresholds: Object.entries(rule.thresholds).map(([name, { value, because }]) => ({
        name,
        value: String(value),
        because,
      })),
    })),
    verdicts: judge(facts, results),
    diagnostics: diagnostics.list(),
    remedy: (code) => DIAGNOSTIC_CATALOGUE[code].remedy,
    files: capture.files,
    inputs: async () =>
      capture.files.map(({ path, format, bytes }) => ({ path, kind: format, bytes, sha256: '0'.repeat(64) })),
    skipped: capture.skipped,
    gates: [],
    baseline: null,
    redaction: NO_REDACTION,
  })
}
