import { describe, expect, test } from 'vitest'
import { FILES, IMPORTS, layerOf } from './support/imports.ts'

interface Layer {
  /** Folders it may import from, beside itself. */
  readonly from: readonly string[]
  readonly because: string
}

const GROUND = ['base', 'model'] as const
const READERS = [...GROUND, 'evidence'] as const

/** The way the data takes, left to right. `(top)` is what stands in src/ itself: the story of the run. */
const LAYERS: Readonly<Record<string, Layer>> = {
  base: {
    from: [],
    because: 'Units and byte scanning know nothing of memory or evidence, so that anything may use them.',
  },
  model: {
    from: ['base'],
    because: 'The shared words are plain data without I/O, so that no layer drags in another by its types.',
  },
  language: {
    from: GROUND,
    because: "The page's own words depend on what is said, never on how it is computed or drawn.",
  },
  redaction: {
    from: GROUND,
    because: 'One policy sits below everything that shows or stores, so that nothing can go around it.',
  },
  evidence: {
    from: GROUND,
    because: 'Finding files must not depend on how they are read, or a new reader would change discovery.',
  },
  smaps: {
    from: READERS,
    because: 'A snapshot is read without knowing that traces exist: a capture may have none.',
  },
  strace: {
    from: READERS,
    because: 'A trace is read without knowing that snapshots exist: a capture may have none.',
  },
  timeline: {
    from: [...GROUND, 'smaps', 'strace'],
    because: 'History is made of what was read, and must be the same for every way of judging it.',
  },
  attribution: {
    from: [...GROUND, 'smaps', 'strace', 'timeline'],
    because: 'The replay explains the timeline; a timeline that knew of causes could bend to them.',
  },
  findings: {
    from: [...GROUND, 'timeline', 'attribution'],
    because: 'Rules judge facts; they never read files, so that every statement can be traced to a fact.',
  },
  report: {
    from: [...GROUND, 'language', 'redaction', 'build'],
    because:
      'The document and its renderings know the model only; the build hands templates and styles over through one file.',
  },
  gates: {
    from: [...GROUND, 'language', 'report'],
    because: 'A gate judges the published report alone, so that anybody can repeat it from report.json.',
  },
  bundle: {
    from: [...GROUND, 'redaction', 'evidence', 'report'],
    because: 'The zip packs evidence and documents; it must not know how they were concluded.',
  },
  run: {
    from: [...GROUND, 'redaction', 'evidence', 'findings', 'report', 'gates', 'bundle', '(top)'],
    because:
      'A run puts the layers together around the story of pipeline.ts; nothing below may know that there is a run.',
  },
  cli: {
    from: [
      ...GROUND,
      'redaction',
      'evidence',
      'smaps',
      'timeline',
      'findings',
      'report',
      'gates',
      'bundle',
      'run',
      '(top)',
    ],
    because:
      'The only place that reads arguments and prints; whatever it were imported by would start to print.',
  },
  client: {
    from: [...GROUND, 'language', 'report'],
    because: 'The script in the page shares charts and words with the report and can use nothing of Node.',
  },
  build: { from: [], because: 'The build runs before anything is built.' },
  '(top)': {
    from: [
      ...GROUND,
      'redaction',
      'evidence',
      'smaps',
      'strace',
      'timeline',
      'attribution',
      'findings',
      'report',
      'gates',
      'bundle',
      'run',
      '..',
    ],
    because: 'pipeline.ts tells the whole story and so names every layer once.',
  },
}

test('every folder of src/ is a layer with its reason', () => {
  const folders = [...new Set(FILES.map(layerOf))].sort()
  expect(folders.filter((folder) => !(folder in LAYERS))).toEqual([])
  for (const { because } of Object.values(LAYERS)) expect(because).toMatch(/^[A-Z"'a-z].+\.$/)
})

describe.each(Object.entries(LAYERS))('%s', (name, { from, because }) => {
  test(because, () => {
    const allowed = new Set([name, ...from])
    const wrong = [...IMPORTS]
      .filter(([file]) => layerOf(file) === name)
      .flatMap(([file, targets]) =>
        targets
          .filter((target) => !allowed.has(layerOf(target)))
          .map((target) => `${file} imports ${target}`),
      )
    expect(wrong).toEqual([])
  })
})

test('no file imports itself over others', () => {
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  const visit = (file: string, path: readonly string[]): void => {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      return
    }
    state.set(file, 'open')
    for (const target of IMPORTS.get(file) ?? []) visit(target, [...path, file])
    state.set(file, 'done')
  }
  for (const file of FILES) visit(file, [])
  expect(cycles).toEqual([])
})
