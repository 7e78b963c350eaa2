/** All figures of a document, process by process, worst verdict first. */
import { wordsIn } from '../../language/words.ts'
import type { Language } from '../../model/sentence.ts'
import type { ReportDocument } from '../document.ts'
import { byImportance } from '../lead.ts'
import type { Figure } from './figure.ts'
import { kindsFigure } from './kinds.ts'
import { lineagesFigure } from './lineages.ts'
import { memoryFigure } from './memory.ts'
import { predictedFigure } from './predicted.ts'
import { rangesFigure } from './ranges.ts'
import { POINTS_PER_SERIES } from './sampling.ts'
import { stripFigure } from './strip.ts'
import { type ChartSubject, processName } from './subject.ts'
import { agesFigure, callsFigure, heldFigure } from './threads.ts'
import { waterfallFigure } from './waterfall.ts'

const FIGURES: readonly ((subject: ChartSubject) => Figure | null)[] = [
  memoryFigure,
  kindsFigure,
  rangesFigure,
  waterfallFigure,
  lineagesFigure,
  stripFigure,
  heldFigure,
  callsFigure,
  agesFigure,
  predictedFigure,
]

/** Processes that get charts of their own; the others are in the tables. */
export const PROCESSES_WITH_CHARTS = 4

/**
 * Every figure in one language. Stills are drawn from the English ones whatever the language of the page: their font
 * has no Chinese glyphs, and what stands inside the drawing are the kernel's own words and units.
 */
export function figuresOf(
  document: ReportDocument,
  language: Language = document.language,
  points = POINTS_PER_SERIES,
): Figure[] {
  const words = wordsIn(language)
  return byImportance(document)
    .slice(0, PROCESSES_WITH_CHARTS)
    .flatMap((process) => {
      const subject: ChartSubject = {
        document,
        words,
        language,
        points,
        process,
        name: processName(process),
        snapshots: document.snapshots.filter((snapshot) => snapshot.pid === process.pid),
        threads: document.threads.filter((thread) => thread.pid === process.pid),
      }
      return FIGURES.flatMap((figure) => figure(subject) ?? [])
    })
}
