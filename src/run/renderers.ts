import type { ReportDocument } from '../report/document.ts'
import { serialiseReport } from '../report/serialise.ts'
import type { OutputFormat } from './run-options.ts'

interface Renderer {
  readonly file: string
  /** Its text, in pieces. */
  readonly render: (document: ReportDocument) => Iterable<string> | Promise<Iterable<string>>
}

/** Every text output by its format: its file and what makes it. What few runs ask for loads then. */
export const RENDERERS: Readonly<Record<Exclude<OutputFormat, 'zip'>, Renderer>> = {
  html: {
    file: 'report.html',
    render: async (document) => [await (await import('../report/html/render-html.ts')).renderHtml(document)],
  },
  json: {
    file: 'report.json',
    render: serialiseReport,
  },
  md: {
    file: 'report.md',
    render: async (document) => [(await import('../report/markdown.ts')).renderMarkdown(document)],
  },
  junit: {
    file: 'junit.xml',
    render: async (document) => [(await import('../report/junit.ts')).renderJunit(document)],
  },
  sarif: {
    file: 'report.sarif',
    render: async (document) => [(await import('../report/sarif.ts')).renderSarif(document)],
  },
}

/** Every file that a run may write. */
export const OUTPUTS: readonly string[] = [
  ...Object.values(RENDERERS).map(({ file }) => file),
  'evidence.zip',
]

/** Formats whose files lie in evidence.zip beside the evidence. */
export const BUNDLED = ['html', 'json', 'md'] as const
