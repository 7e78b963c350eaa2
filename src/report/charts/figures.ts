/** All figures of a document, process by process, worst verdict first. */
import { wordsIn } from '../../language/words.ts'
import type { Language } from '../../model/sentence.ts'
import type { ReportDocument } from '../document.ts'
import { byImportance } from '../lead.ts'
import { POINTS_PER_SERIES } from '../sampling.ts'
import type { Drawing } from './drawing.ts'
import { kindsFigure } from './kinds.ts'
import { lineagesFigure } from './lineages.ts'
import { memoryFigure } from './memory.ts'
import { predictedFigure } from './predicted.ts'
import { rangesFigure } from './ranges.ts'
import { stripFigure } from './strip.ts'
import { type ChartSubject, processName } from './subject.ts'
import { agesFigure, callsFigure, heldFigure } from './threads.ts'
import { waterfallFigure } from './waterfall.ts'

interface Chart {
  /** Where in the page it stands. */
  readonly section: 'timeline' | 'mappings' | 'threads'
  /** `null` where the document has nothing to draw. */
  readonly draw: (subject: ChartSubject) => Drawing | null
}

/** Every chart, in the order of the page. `memory` of the first process leads it. */
const CHARTS = {
  memory: { section: 'timeline', draw: memoryFigure },
  kinds: { section: 'timeline', draw: kindsFigure },
  ranges: { section: 'timeline', draw: rangesFigure },
  waterfall: { section: 'timeline', draw: waterfallFigure },
  lineages: { section: 'mappings', draw: lineagesFigure },
  strip: { section: 'mappings', draw: stripFigure },
  held: { section: 'threads', draw: heldFigure },
  calls: { section: 'threads', draw: callsFigure },
  ages: { section: 'threads', draw: agesFigure },
  predicted: { section: 'threads', draw: predictedFigure },
} as const satisfies Record<string, Chart>

type FigureSubject = keyof typeof CHARTS
const SUBJECTS = Object.keys(CHARTS) as FigureSubject[]

/** A chart of one process. */
export interface Figure extends Drawing {
  readonly id: string
  readonly subject: FigureSubject
  readonly pid: number
}

export const isInSection = (figure: Figure, section: Chart['section']): boolean =>
  CHARTS[figure.subject].section === section

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
      const { pid } = process
      return SUBJECTS.flatMap((name): Figure[] => {
        const drawing = CHARTS[name].draw(subject)
        return drawing ? [{ id: `${name}-${pid}`, subject: name, pid, ...drawing }] : []
      })
    })
}
